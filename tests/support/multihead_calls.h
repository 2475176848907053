// SPDX-License-Identifier: Apache-2.0
// The library's MultiheadAttention on the numbers of a MultiheadCase.
#pragma once

#include <gtest/gtest.h>

#include "attention_calls.h"
#include "multihead_reference.h"

namespace actfn::testing {

inline MultiheadData data_of(const MultiheadCase& c) {
  const auto& s = c.settings;
  MultiheadData d;
  const std::size_t e = s.embed_dim;
  d.query = some_numbers(c.batches * c.queries * e, 1);
  d.key = some_numbers(c.batches * c.keys * s.kdim.value_or(e), 2);
  d.value = some_numbers(c.batches * c.keys * s.vdim.value_or(e), 3);
  d.dy = some_numbers(d.query.size(), 4);
  std::mt19937 random(5);
  if (c.attn_mask) {
    for (std::size_t i = 0; i < c.queries * c.keys; ++i) {
      d.mask.push_back(i < c.keys || random() % 3 == 0 ? 1 : 0);
    }
  }
  if (c.key_padding_mask) {
    for (std::size_t i = 0; i < c.batches * c.keys; ++i) d.padding.push_back(random() % 3 == 0);
  }
  if (c.attn_bias) d.bias = some_numbers(c.batches * s.num_heads * c.queries * c.keys, 6);
  if (c.key_padding_bias) d.padding_bias = some_numbers(c.batches * c.keys, 7);
  return d;
}

// Rows of a batch after the other, from or to the order that the module has.
class Sequences {
 public:
  Sequences(const MultiheadCase& c, std::size_t length, std::size_t width)
      : c_(c), length_(length), width_(width) {}

  Shape shape() const {
    if (!c_.batched) return {length_, width_};
    return c_.settings.batch_first ? Shape{c_.batches, length_, width_}
                                   : Shape{length_, c_.batches, width_};
  }
  std::vector<float> ordered(const Doubles& x) const {
    std::vector<float> y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) y[place(i)] = static_cast<float>(x[i]);
    return y;
  }
  std::vector<float> by_batch(const ConstTensor& t) const {
    EXPECT_EQ(t.shape(), shape());
    std::vector<float> dense(t.size()), y(t.size());
    forward(Identity{}, t, {dense, t.shape()});
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = dense[place(i)];
    return y;
  }

 private:
  std::size_t place(std::size_t i) const {
    if (c_.settings.batch_first || !c_.batched) return i;
    const std::size_t w = i % width_, row = i / width_ % length_, n = i / width_ / length_;
    return (row * c_.batches + n) * width_ + w;
  }
  const MultiheadCase& c_;
  std::size_t length_, width_;
};

struct MultiheadCall {
  MultiheadCall(const MultiheadCase& which, MultiheadData& data)
      : c(which),
        d(data),
        queries(c, c.queries, c.settings.embed_dim),
        keys(c, c.keys, c.settings.kdim.value_or(c.settings.embed_dim)),
        values(c, c.keys, c.settings.vdim.value_or(c.settings.embed_dim)),
        query(queries.ordered(d.query)),
        key(keys.ordered(d.key)),
        value(values.ordered(d.value)),
        dy(queries.ordered(d.dy)),
        bias(converted<float>(d.bias)),
        padding_bias(converted<float>(d.padding_bias)),
        module(c.settings) {
    module.initialize(3);
    unsigned seed = 10;
    for (const nn::Parameter& p : module.parameters()) {
      // Biases too.
      const Doubles x = some_numbers(p.values.size(), seed++);
      for (std::size_t i = 0; i < x.size(); ++i) p.values[i] = static_cast<float>(x[i] / 2);
      d.parameters[p.name] = Doubles(p.values.begin(), p.values.end());
    }
  }

  nn::MultiheadAttentionOptions options() const {
    nn::MultiheadAttentionOptions o;
    o.is_causal = c.is_causal;
    o.average_attn_weights = average;
    o.need_weights = need_weights;
    if (c.attn_mask) o.attn_mask = nn::MaskedOut{ConstMask(d.mask.data(), {c.queries, c.keys})};
    if (c.attn_bias) {
      o.attn_mask = ConstTensor(bias, {c.batches * c.settings.num_heads, c.queries, c.keys});
    }
    const Shape padding = c.batched ? Shape{c.batches, c.keys} : Shape{c.keys};
    if (c.key_padding_mask) {
      o.key_padding_mask = nn::MaskedOut{ConstMask(d.padding.data(), padding)};
    }
    if (c.key_padding_bias) o.key_padding_mask = ConstTensor(padding_bias, padding);
    return o;
  }
  nn::MultiheadAttentionResult forward() {
    return module.forward({query, queries.shape()}, {key, keys.shape()}, {value, values.shape()},
                          options());
  }
  nn::MultiheadAttentionGradients backward() { return module.backward({dy, queries.shape()}); }

  const MultiheadCase& c;
  MultiheadData& d;
  Sequences queries, keys, values;
  std::vector<float> query, key, value, dy, bias, padding_bias;
  nn::MultiheadAttention module;
  bool need_weights = true, average = true;
};

}  // namespace actfn::testing
