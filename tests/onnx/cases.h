// SPDX-License-Identifier: Apache-2.0
// Models of every function and of some networks, with what the library gives: for the tests, which
// run them by an interpreter, and for scripts/check-onnx, which runs them by ONNX Runtime.
#pragma once

#include <actfn/catalogue.h>
#include <actfn/nn/sequential.h>

#include <string>
#include <vector>

#include "onnx/interpreter.h"

namespace actfn::testing {

struct OnnxCase {
  std::string name;   // the spec
  std::string group;  // "elementwise", "row", …, "network"
  int opset;
  std::string model;
  Array x;
  std::vector<float> y;
  // max(1, |y|), or more where y changes by more when x is rounded: errors are relative to it.
  std::vector<double> scale;
};

// One case for each opset that changes models.
std::vector<OnnxCase> elementwise_cases(const Activation& f);
std::vector<OnnxCase> function_cases(const Function& f);  // of any other kind
std::vector<Function> other_functions();                  // with defaults and other parameters

// Networks of all kinds of layers, with weights.
struct NamedNetwork {
  std::string layers;
  nn::Sequential network;
};
std::vector<NamedNetwork> networks();
std::vector<NamedNetwork> image_networks();  // and others whose samples have several dimensions
std::vector<NamedNetwork> attention_networks();
std::vector<OnnxCase> network_cases(NamedNetwork& network);

}  // namespace actfn::testing
