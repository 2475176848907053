// SPDX-License-Identifier: Apache-2.0
#include "nn/attention/settings.h"

#include "catalogue/error.h"
#include "nn/attention/problem.h"

#include <limits>

namespace actfn::nn::attention {
namespace {

void demand_positive(std::string_view who, std::string_view name, std::size_t value) {
  if (value == 0) fail(who, {name, " must be positive"});
  if (value > std::numeric_limits<int>::max() / 4) fail(who, {name, " is too large"});
}

struct Named {
  std::string_view name;
  std::size_t value;
};

void demand_multiple(std::string_view who, const Named& n, const Named& k) {
  if (n.value % k.value == 0) return;
  fail(who, {n.name, " must be a multiple of ", k.name, ", got ", n.value, " and ", k.value});
}

// The Errors of settings that attention itself knows, from a call without rows.
void demand_attention(std::string_view who, const MultiheadAttentionSettings& s) {
  const ConstTensor none(static_cast<const float*>(nullptr),
                         Shape{s.num_heads, 0, s.embed_dim / s.num_heads});
  AttentionOptions options = options_of(s);
  const float zero = 0;
  if (s.sinks) options.sinks.emplace(&zero, Shape{s.num_heads}, Strides{0});
  Shapes shapes;
  static_cast<void>(checked(who, none, none, none, options, shapes));
}

}  // namespace

std::size_t kv_heads_of(const MultiheadAttentionSettings& s) {
  return s.kv_heads.value_or(s.num_heads);
}

std::size_t kv_width_of(const MultiheadAttentionSettings& s) {
  return s.embed_dim / s.num_heads * kv_heads_of(s);
}

AttentionOptions options_of(const MultiheadAttentionSettings& s) {
  AttentionOptions o;
  o.window = s.window;
  o.softcap = s.softcap;
  o.activation = s.activation;
  o.dropout = s.dropout;
  return o;
}

void check_settings(std::string_view who, const MultiheadAttentionSettings& s) {
  demand_positive(who, "embed_dim", s.embed_dim);
  demand_positive(who, "num_heads", s.num_heads);
  demand_positive(who, "kdim", s.kdim.value_or(1));
  demand_positive(who, "vdim", s.vdim.value_or(1));
  demand_positive(who, "kv_heads", kv_heads_of(s));
  demand_multiple(who, {"embed_dim", s.embed_dim}, {"num_heads", s.num_heads});
  demand_multiple(who, {"num_heads", s.num_heads}, {"kv_heads", kv_heads_of(s)});
  demand_attention(who, s);
}

}  // namespace actfn::nn::attention
