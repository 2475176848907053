// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <actfn/nn/init.h>
#include <actfn/nn/sequential.h>

#include <cstdint>
#include <span>

namespace actfn::nn {

// Weight i of a network's layer is a function of (seed, layer, i).
void draw_weights(Init init, const Linear& shape, std::uint64_t seed, std::uint32_t layer,
                  std::span<float> weight);

}  // namespace actfn::nn
