// SPDX-License-Identifier: Apache-2.0
// The settings and parameters of MultiheadAttention.
#include "nn/attention/multihead.h"

#include "catalogue/float_environment.h"
#include "catalogue/size.h"
#include "nn/attention/settings.h"
#include "nn/sample_shape.h"
#include "nn/weight_source.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>

namespace actfn::nn {
namespace {

using attention::kModule;
using attention::Projection;

}  // namespace

MultiheadAttention::State::State(const MultiheadAttentionSettings& s) : settings(s) {
  attention::check_settings(kModule, s);
  kv_width = attention::kv_width_of(s);
  query_in = {s.embed_dim, s.embed_dim, 0, std::nullopt};
  key_in = {s.kdim.value_or(s.embed_dim), kv_width, 0, std::nullopt};
  value_in = {s.vdim.value_or(s.embed_dim), kv_width, 0, std::nullopt};
  out = {s.embed_dim, s.embed_dim, 0, std::nullopt};
  lay_out();
}

// In the order of PyTorch's state_dict().
void MultiheadAttention::State::lay_out() {
  Size end = 0;
  const auto take = [&](Size count) {
    const std::size_t at = end.value();
    end = end + count;
    return at;
  };
  for (Projection* const f : {&query_in, &key_in, &value_in}) {
    f->weight = take(Size(f->outputs) * f->inputs);
  }
  if (settings.bias) {
    for (Projection* const f : {&query_in, &key_in, &value_in}) f->bias = take(f->outputs);
  }
  if (settings.add_bias_kv) {
    bias_k = take(kv_width);
    bias_v = take(kv_width);
  }
  if (settings.sinks) sinks = take(settings.num_heads);
  out.weight = take(Size(out.outputs) * out.inputs);
  if (settings.bias) out.bias = take(out.outputs);
  parameters.resize(end.value());
  gradients.resize(end.value());
}

AttentionOptions MultiheadAttention::State::options_of_pass() const {
  constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15;
  AttentionOptions o = attention::options_of(settings);
  if (!training) o.dropout = 0;
  o.noise = {seed + passes * kGolden, 0};
  o.threads = team->threads();
  o.reproducible = reproducible;
  if (sinks) o.sinks.emplace(parameters.data() + *sinks, Shape{settings.num_heads});
  return o;
}

MultiheadAttention::MultiheadAttention(const MultiheadAttentionSettings& settings)
    : state_(std::make_unique<State>(settings)) {
  initialize(0);
}
MultiheadAttention::MultiheadAttention(MultiheadAttention&&) noexcept = default;
MultiheadAttention& MultiheadAttention::operator=(MultiheadAttention&&) noexcept = default;
MultiheadAttention::~MultiheadAttention() = default;

const MultiheadAttentionSettings& MultiheadAttention::settings() const { return state_->settings; }

std::vector<Parameter> MultiheadAttention::parameters() {
  State& s = *state_;
  std::vector<Parameter> all;
  const auto add = [&](const char* name, std::size_t at, const Shape& shape, bool decayed = true) {
    const std::size_t n = size_of(shape).value();
    all.push_back({name, shape, std::span(s.parameters).subspan(at, n),
                   std::span(s.gradients).subspan(at, n), decayed});
  };
  const std::size_t packed = s.query_in.outputs + 2 * s.kv_width;
  const auto shape_of = [](const Projection& f) { return Shape{f.outputs, f.inputs}; };
  if (s.key_in.inputs == s.query_in.inputs && s.value_in.inputs == s.query_in.inputs) {
    add("in_proj_weight", s.query_in.weight, {packed, s.query_in.inputs});
  } else {
    add("q_proj_weight", s.query_in.weight, shape_of(s.query_in));
    add("k_proj_weight", s.key_in.weight, shape_of(s.key_in));
    add("v_proj_weight", s.value_in.weight, shape_of(s.value_in));
  }
  if (s.query_in.bias) add("in_proj_bias", *s.query_in.bias, {packed});
  if (s.bias_k) add("bias_k", *s.bias_k, {1, 1, s.kv_width});
  if (s.bias_v) add("bias_v", *s.bias_v, {1, 1, s.kv_width});
  if (s.sinks) add("sinks", *s.sinks, {s.settings.num_heads}, false);
  add("out_proj.weight", s.out.weight, shape_of(s.out));
  if (s.out.bias) add("out_proj.bias", *s.out.bias, {s.out.outputs});
  return all;
}

void MultiheadAttention::initialize(std::uint64_t seed) {
  const FloatEnvironment environment;
  state_->seed = seed;
  state_->passes = 0;
  WeightSource source(Init::glorot_uniform, seed);
  for (const Parameter& p : parameters()) {
    std::fill(p.values.begin(), p.values.end(), 0.0F);
    const auto dimensions = p.shape.count();
    if (dimensions < 2) continue;
    const auto fan_in = static_cast<double>(p.shape[dimensions - 1]);
    if (dimensions == 3) {  // bias_k, bias_v
      source.draw(Init::glorot_normal, fan_in, fan_in, p.values);
    } else if (p.name == "out_proj.weight") {
      source.draw_uniform(1 / std::sqrt(fan_in), p.values);
    } else {
      source.draw(fan_in, static_cast<double>(p.shape[0]), p.values);
    }
  }
}

void MultiheadAttention::set_training(bool training) { state_->training = training; }

void MultiheadAttention::set_threads(int threads, const Executor* executor) {
  require_threads(kModule, threads);
  state_->team = std::make_unique<Team>(threads, executor);
}

void MultiheadAttention::set_reproducible(bool reproducible) {
  state_->reproducible = reproducible;
}

MultiheadAttentionResult MultiheadAttention::forward(const ConstTensor& query,
                                                     const ConstTensor& key,
                                                     const ConstTensor& value,
                                                     const MultiheadAttentionOptions& options) {
  const FloatEnvironment environment;
  return state_->forward(query, key, value, options);
}

MultiheadAttentionGradients MultiheadAttention::backward(const ConstTensor& dy) {
  const FloatEnvironment environment;
  return state_->backward(dy);
}

}  // namespace actfn::nn
