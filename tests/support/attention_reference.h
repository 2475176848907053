// SPDX-License-Identifier: Apache-2.0
// Attention in float64, from its formulas alone, one score after the other: what the library is
// measured against. Gradients are differences of its outputs.
#pragma once

#include <actfn/actfn.h>
#include <actfn/nn/attention.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "differences.h"
#include "uniform.h"

namespace actfn::testing {

using Doubles = std::vector<double>;

// [batches, heads, queries, …], and what is done with the scores.
struct AttentionCase {
  std::string name;
  std::size_t batches = 1, heads = 1, kv_heads = 1, queries = 3, keys = 4, width = 5, out_width = 5;
  std::optional<double> scale = std::nullopt;
  nn::Causal causal = nn::Causal::none;
  std::optional<nn::Window> window = std::nullopt;
  std::optional<double> softcap = std::nullopt;
  bool sinks = false;
  RowActivation activation = Softmax{};
  double dropout = 0;
  // Each broadcasts to the scores; empty: none.
  Shape keep_shape = {}, bias_shape = {};
  bool masked_out = false;  // the sense of keep's bytes is the opposite
  bool hides_rows = false;  // the first query of each head, and every 3rd, sees nothing
};

// A case's numbers.
struct AttentionData {
  Doubles q, k, v, dout, sinks, bias;
  std::vector<std::uint8_t> keep;
};

inline std::size_t count_of(const Shape& shape) {
  std::size_t n = 1;
  for (const std::size_t length : shape) n *= length;
  return n;
}

// Numbers that float32, and types of 16 bits, hold exactly.
inline Doubles some_numbers(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  const Normal normal(0, 1);
  Doubles x(n);
  for (double& value : x) value = std::round(normal(random) * 64) / 64;
  return x;
}

inline AttentionData data_of(const AttentionCase& c, unsigned seed = 1) {
  AttentionData d;
  d.q = some_numbers(c.batches * c.heads * c.queries * c.width, seed);
  d.k = some_numbers(c.batches * c.kv_heads * c.keys * c.width, seed + 1);
  d.v = some_numbers(c.batches * c.kv_heads * c.keys * c.out_width, seed + 2);
  d.dout = some_numbers(c.batches * c.heads * c.queries * c.out_width, seed + 3);
  if (c.sinks) d.sinks = some_numbers(c.heads, seed + 4);
  std::mt19937 random(seed + 5);
  if (c.bias_shape.count() > 0) {
    d.bias = some_numbers(count_of(c.bias_shape), seed + 6);
    for (double& b : d.bias) {
      if (random() % 5 == 0) b = -std::numeric_limits<double>::infinity();
    }
  }
  if (c.keep_shape.count() > 0) {
    d.keep.resize(count_of(c.keep_shape));
    const std::size_t row = c.keep_shape[c.keep_shape.count() - 1];
    for (std::size_t i = 0; i < d.keep.size(); ++i) {
      const bool hidden = c.hides_rows && i / row % 3 == 0;
      const bool keeps = !hidden && random() % 3 != 0;
      d.keep[i] = keeps != c.masked_out ? 1 : 0;
    }
  }
  return d;
}

// The index in a mask of the shape, for an entry of [batches, heads, L, S].
inline std::size_t broadcast_index(const Shape& shape, const std::array<std::size_t, 4>& at) {
  std::size_t index = 0;
  for (std::size_t i = 0; i < shape.count(); ++i) {
    const std::size_t j = at[4 - shape.count() + i];
    index = index * shape[i] + (shape[i] == 1 ? 0 : j);
  }
  return index;
}

inline bool sees(const AttentionCase& c, std::size_t query, std::size_t key) {
  const auto i = static_cast<long>(query), j = static_cast<long>(key);
  const long last = static_cast<long>(c.keys) - static_cast<long>(c.queries);
  if (c.causal == nn::Causal::top_left && j > i) return false;
  if (c.causal == nn::Causal::bottom_right && j > i + last) return false;
  if (!c.window) return true;
  const long at = i + (c.window->diagonal == nn::Diagonal::bottom_right ? last : 0);
  if (c.window->left && j < at - static_cast<long>(*c.window->left)) return false;
  return !c.window->right || j <= at + static_cast<long>(*c.window->right);
}

inline void softmax_in_place(Doubles& s, double sink) {
  double most = sink, sum = 0;
  for (const double x : s) most = std::max(most, x);
  if (most == -std::numeric_limits<double>::infinity()) {
    std::fill(s.begin(), s.end(), 0.0);
    return;
  }
  sum = std::exp(sink - most);
  for (double& x : s) sum += x = std::exp(x - most);
  for (double& x : s) x /= sum;
}

// The weights of one row, before dropout. Other functions than softmax and softmax1 are the
// library's own, in float64.
inline void weigh(const AttentionCase& c, double sink, Doubles& s) {
  if (s.empty()) return;
  if (const auto* f = std::get_if<Softmax1>(&c.activation)) return softmax_in_place(s, f->sink);
  if (c.activation == RowActivation(Softmax{})) return softmax_in_place(s, sink);
  std::vector<std::uint8_t> takes_part;
  for (const double x : s) takes_part.push_back(std::isfinite(x) ? 1 : 0);
  forward(c.activation, s, 0, s, {.mask = ConstMask(takes_part.data(), {s.size()})});
}

struct AttentionOutputs {
  Doubles out, weights;
};

// What each weight is multiplied by.
inline Doubles dropout_factors(const AttentionCase& c, const Noise& noise) {
  Doubles ones(c.batches * c.heads * c.queries * c.keys, 1.0);
  if (c.dropout > 0) forward(Dropout{c.dropout}, ones, noise, ones);
  return ones;
}

inline AttentionOutputs reference_attention(const AttentionCase& c, const AttentionData& d,
                                            const Noise& noise = {}) {
  const double scale = c.scale.value_or(1 / std::sqrt(static_cast<double>(c.width)));
  const double none = -std::numeric_limits<double>::infinity();
  const Doubles factors = dropout_factors(c, noise);
  AttentionOutputs r;
  for (std::size_t row = 0; row < c.batches * c.heads * c.queries; ++row) {
    const std::size_t query = row % c.queries, head = row / c.queries % c.heads;
    const std::size_t batch = row / c.queries / c.heads;
    const std::size_t kv = batch * c.kv_heads + head / (c.heads / c.kv_heads);
    Doubles s(c.keys);
    for (std::size_t j = 0; j < c.keys; ++j) {
      double sum = 0;
      for (std::size_t i = 0; i < c.width; ++i) {
        sum += d.q[row * c.width + i] * d.k[(kv * c.keys + j) * c.width + i];
      }
      s[j] = sum * scale;
      if (c.softcap) s[j] = *c.softcap * std::tanh(s[j] / *c.softcap);
      const std::array<std::size_t, 4> at = {batch, head, query, j};
      if (!d.bias.empty()) s[j] += d.bias[broadcast_index(c.bias_shape, at)];
      const bool kept =
          d.keep.empty() || (d.keep[broadcast_index(c.keep_shape, at)] != 0) != c.masked_out;
      if (!kept || !sees(c, query, j)) s[j] = none;
    }
    weigh(c, d.sinks.empty() ? none : d.sinks[head], s);
    for (std::size_t j = 0; j < c.keys; ++j) s[j] *= factors[row * c.keys + j];
    for (std::size_t e = 0; e < c.out_width; ++e) {
      double sum = 0;
      for (std::size_t j = 0; j < c.keys; ++j) {
        sum += s[j] * d.v[(kv * c.keys + j) * c.out_width + e];
      }
      r.out.push_back(sum);
    }
    r.weights.insert(r.weights.end(), s.begin(), s.end());
  }
  return r;
}

struct AttentionGradients {
  Doubles dq, dk, dv, dsinks;
};

inline AttentionGradients reference_gradients(const AttentionCase& c, AttentionData d,
                                              const Noise& noise = {}) {
  const auto loss = [&] {
    const Doubles out = reference_attention(c, d, noise).out;
    double sum = 0;
    for (std::size_t i = 0; i < out.size(); ++i) sum += out[i] * d.dout[i];
    return sum;
  };
  return {differences(d.q, loss), differences(d.k, loss), differences(d.v, loss),
          differences(d.sinks, loss)};
}

}  // namespace actfn::testing
