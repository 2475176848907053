// SPDX-License-Identifier: Apache-2.0
// What the library can do with a module: every answer is the result of a call.
#pragma once

#include <actfn/nn/sequential.h>

#include <array>
#include <string>
#include <string_view>

namespace actfn::modules {

inline constexpr Type kTypes[] = {Type::float32, Type::float64, Type::bfloat16, Type::float16};

struct Support {
  // By type, in the order of kTypes.
  using ByType = std::array<bool, std::size(kTypes)>;
  ByType value{}, backward{}, double_backward{};
  bool in_place = false;
  bool layer = false;    // of nn::Sequential
  std::string exported;  // what its ONNX model is made of; empty: there is none
};

// A function of the catalogue.
Support support_of(const Function& f);
// Those that the catalogue does not have.
Support support_of_softmax2d();
Support support_of_multihead_attention();
Support support_of_adaptive_log_softmax();

// Whether a pass runs forth and back, with finite results.
bool runs(nn::Sequential network);
// What its models are made of: "`Elu`", "`Mish` from opset 18 on, else composed of 3", "composed of
// 5".
std::string exported(nn::Sequential& network);

}  // namespace actfn::modules
