// SPDX-License-Identifier: Apache-2.0
// Networks as ONNX models.
#pragma once

#include <actfn/nn/sequential.h>
#include <actfn/onnx.h>

#include <string>

namespace actfn::nn {

/// The bytes of an ONNX model that computes what the network computes in evaluation, from "x", a
/// batch [N, …] of samples, to "y", where N may be any number. Weights are initializers with
/// PyTorch's names and layouts: "0.weight" [out_features, in_features]. Functions are as in
/// onnx::model(), a Learnable with the parameters that it has learned.
///
/// Throws Error: "[onnx] opset must be from 17 to 24, got 9", "[onnx] layer 1, learnable(swish),
/// has a parameter that is not finite", "[onnx] layer 2, rnn(input_size=8,hidden_size=16), cannot
/// be exported", "[onnx] 2.weight brings the weights to 4294967296 bytes:
/// a model has room for 2146435072".
///
///     actfn::nn::Sequential network{actfn::nn::Linear{4, 8}, actfn::Mish{},
///                                   actfn::nn::Linear{8, 2}};
///     const std::string bytes = actfn::nn::to_onnx(network, {.opset = 18});
std::string to_onnx(Sequential& network, const onnx::Options& options = {});

}  // namespace actfn::nn
