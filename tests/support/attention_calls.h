// SPDX-License-Identifier: Apache-2.0
// The library's attention on the numbers of an AttentionCase, for every type.
#pragma once

#include <gtest/gtest.h>

#include "attention_reference.h"

namespace actfn::testing {

template <class T>
std::vector<T> converted(const Doubles& x) {
  std::vector<T> y;
  for (const double value : x) y.push_back(static_cast<T>(static_cast<float>(value)));
  return y;
}

// The arguments of a case in memory, and its outputs.
template <class T>
struct AttentionArrays {
  explicit AttentionArrays(const AttentionCase& which, const AttentionData& d)
      : c(which),
        q(converted<T>(d.q)),
        k(converted<T>(d.k)),
        v(converted<T>(d.v)),
        dout(converted<T>(d.dout)),
        bias(converted<float>(d.bias)),
        sinks(converted<float>(d.sinks)),
        dsinks(sinks.size()),
        keep(d.keep),
        out(dout.size()),
        weights(c.batches * c.heads * c.queries * c.keys),
        dq(q.size()),
        dk(k.size()),
        dv(v.size()) {}

  Shape rows(std::size_t heads, std::size_t length, std::size_t width) const {
    return {c.batches, heads, length, width};
  }
  Shape q_shape() const { return rows(c.heads, c.queries, c.width); }
  Shape k_shape() const { return rows(c.kv_heads, c.keys, c.width); }
  Shape v_shape() const { return rows(c.kv_heads, c.keys, c.out_width); }
  Shape out_shape() const { return rows(c.heads, c.queries, c.out_width); }
  Shape weights_shape() const { return rows(c.heads, c.queries, c.keys); }

  // One mask alone: keep, or bias.
  nn::AttentionOptions options() const {
    nn::AttentionOptions o;
    o.scale = c.scale;
    o.causal = c.causal;
    o.window = c.window;
    o.softcap = c.softcap;
    o.activation = c.activation;
    o.dropout = c.dropout;
    o.noise = noise;
    o.threads = {threads};
    o.reproducible = reproducible;
    if (!sinks.empty()) o.sinks.emplace(sinks);
    if (c.bias_shape.count() > 0) o.mask = ConstTensor(bias, c.bias_shape);
    if (c.keep_shape.count() > 0) {
      const ConstMask mask(keep.data(), c.keep_shape);
      if (c.masked_out) {
        o.mask = nn::MaskedOut{mask};
      } else {
        o.mask = mask;
      }
    }
    return o;
  }

  void forward(bool with_weights) {
    nn::AttentionExtras extras = {.state = &state};
    if (with_weights) extras.weights.emplace(weights, weights_shape());
    nn::scaled_dot_product_attention({q, q_shape()}, {k, k_shape()}, {v, v_shape()},
                                     {out, out_shape()}, options(), extras);
  }
  void backward(bool with_state) {
    nn::AttentionSaved saved;
    if (with_state) {
      saved.state = state.rows.empty() ? nullptr : &state;
      saved.out.emplace(out, out_shape());
    }
    if (!sinks.empty()) saved.dsinks.emplace(dsinks);
    nn::scaled_dot_product_attention_backward({q, q_shape()}, {k, k_shape()}, {v, v_shape()},
                                              {dout, out_shape()}, {dq, q_shape()}, {dk, k_shape()},
                                              {dv, v_shape()}, options(), saved);
  }

  const AttentionCase& c;
  std::vector<T> q, k, v, dout;
  std::vector<float> bias, sinks, dsinks;
  std::vector<std::uint8_t> keep;
  std::vector<T> out, weights, dq, dk, dv;
  nn::AttentionState state;
  Noise noise = {.seed = 5, .first = 3};
  int threads = 1;
  bool reproducible = false;
};

// Errors are measured by the largest number of the array, and by 1.
template <class T>
void expect_near(const std::vector<T>& got, const Doubles& want, double tolerance,
                 const char* name) {
  ASSERT_EQ(got.size(), want.size()) << name;
  double most = 1;
  for (const double x : want) most = std::max(most, std::abs(x));
  for (std::size_t i = 0; i < want.size(); ++i) {
    ASSERT_NEAR(static_cast<double>(static_cast<float>(got[i])), want[i], tolerance * most)
        << name << " " << i;
  }
}

}  // namespace actfn::testing
