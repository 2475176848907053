// SPDX-License-Identifier: Apache-2.0
// What a network has learned, by PyTorch's names and in its layouts.
#pragma once

#include <actfn/nn/parameter.h>
#include <actfn/nn/sequential.h>

#include <span>
#include <string>
#include <vector>

namespace actfn::nn {

// In the order of the layers; without gradients.
std::vector<Parameter> named_parameters(Sequential& network);

// The values as PyTorch lays them out; and the other way.
std::vector<float> stored(const Parameter& p);
void restore(const Parameter& p, std::span<const float> values);

// The bytes that save() writes.
std::string weights_file(Sequential& network);

}  // namespace actfn::nn
