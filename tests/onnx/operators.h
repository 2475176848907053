// SPDX-License-Identifier: Apache-2.0
// ONNX's operators as its documents define them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "onnx/interpreter.h"

namespace actfn::testing {

struct Attributes {
  std::map<std::string, std::vector<std::int64_t>> ints;
  std::map<std::string, double> floats;
  std::map<std::string, std::string> texts;
};

std::size_t size_of(const std::vector<std::size_t>& shape);

// The outputs. Throws std::runtime_error for an operator that is not known.
std::vector<Array> apply(const std::string& op, const std::vector<Array>& in, const Attributes& a);
// The same of operators_images.cc; nothing where `op` is none of them.
std::vector<Array> image_operator(const std::string& op, const std::vector<Array>& in,
                                  const Attributes& a);

}  // namespace actfn::testing
