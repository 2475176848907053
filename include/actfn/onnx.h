// SPDX-License-Identifier: Apache-2.0
// Functions as ONNX models, for runtimes that read ONNX. Link with the target actfn::onnx. Networks
// are in nn/onnx.h.
#pragma once

#include <actfn/catalogue.h>

#include <string>

namespace actfn::onnx {

struct Options {
  /// The version of ONNX's operators that the model may use, from 17 to 24. A newer one has more
  /// functions as one operator: Mish from 18 on, Gelu from 20, Swish from 24.
  int opset = 17;
};

/// The bytes of an ONNX model, a ModelProto, that computes y = f(x) in float32.
///
/// The input "x" has the shape [N, C], where N and C may be any lengths. The output "y" has the
/// shape that output_shape() gives for it: functions of a row, gates and grouped functions work
/// along the last axis. Where the opset has f as an operator, the model has that operator; else it
/// has f's definition, composed of operators. Random functions are as in evaluation, learned ones
/// have their parameters before training. Parameters are rounded to float32.
///
/// A composition rounds to float32 after each operator, the library's results are within 1 ulp:
/// they differ by up to 1e-5 of max(1, |y|), unless rounding x itself changes y by more. NaN gives
/// NaN. Infinities give what the operators make of them, which may be NaN.
///
/// Throws Error: "[onnx] opset must be from 17 to 24, got 9", and those of validate().
///
///     const std::string bytes = actfn::onnx::model(actfn::Gelu{}, {.opset = 20});
///     const std::string gate = actfn::onnx::model(actfn::parse_function("swiglu"));
std::string model(const Function& f, const Options& options = {});

}  // namespace actfn::onnx
