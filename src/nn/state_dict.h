// SPDX-License-Identifier: Apache-2.0
// What a network has learned, by PyTorch's names and in its layouts.
#pragma once

#include <actfn/nn/parameter.h>
#include <actfn/nn/sequential.h>

#include <span>
#include <string>
#include <vector>

namespace actfn::files {
class Safetensors;
}

namespace actfn::nn {

// Parameters, and buffers behind them.
std::vector<Parameter> state_of(Sequential& network);
// Whether PyTorch keeps it as a whole number, int64: what counts batches.
bool is_count(const Parameter& p);

// The values as PyTorch lays them out; and the other way.
std::vector<float> stored(const Parameter& p);
void restore(const Parameter& p, std::span<const float> values);

// The bytes that save() writes.
std::string weights_file(Sequential& network);
// The network that load() makes of a file that was read.
Sequential network_of(const files::Safetensors& file);

}  // namespace actfn::nn
