// SPDX-License-Identifier: Apache-2.0
// The settings of multi-head attention, for the module and for the layer.
#pragma once

#include <actfn/nn/multihead_attention.h>

#include <cstddef>
#include <string_view>

namespace actfn::nn::attention {

std::size_t kv_heads_of(const MultiheadAttentionSettings& s);
// The width of keys and of values.
std::size_t kv_width_of(const MultiheadAttentionSettings& s);

// What a pass in training has of them, without sinks.
AttentionOptions options_of(const MultiheadAttentionSettings& s);

// Throws Error where a setting is out of range.
void check_settings(std::string_view who, const MultiheadAttentionSettings& s);

}  // namespace actfn::nn::attention
