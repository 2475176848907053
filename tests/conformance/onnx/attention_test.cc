// SPDX-License-Identifier: Apache-2.0
// ONNX' Attention of opsets 23 to 25.
#include <actfn/nn/attention.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "conformance/onnx/node_tests.h"

namespace actfn::conformance {
namespace {

constexpr float kMasked = -std::numeric_limits<float>::infinity();

// The inputs by their place in the operator's signature; those that a test leaves out have no file.
class Inputs {
 public:
  Inputs(const Node& node, const std::vector<Value>& given) {
    std::size_t file = 0;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      if (!node.inputs[i].empty()) all_.at(i) = &given.at(file++);
    }
  }
  enum Place { q, k, v, mask, past_key, past_value, nonpad };
  const Value* at(Place place) const { return all_.at(place); }

 private:
  std::array<const Value*, 7> all_{};
};

// [N, L, heads * width] as [N, heads, L, width].
ConstTensor with_heads(const ConstTensor& t, double heads) {
  if (t.dimensions() == 4) return t;
  const Shape& s = t.shape();
  const auto h = static_cast<std::size_t>(heads);
  const std::size_t width = s[2] / h;
  const auto row = static_cast<std::ptrdiff_t>(s[2]);
  return t.viewed({s[0], h, s[1], width}, {row * static_cast<std::ptrdiff_t>(s[1]),
                                           static_cast<std::ptrdiff_t>(width), row, 1});
}
Tensor with_heads(const Tensor& t, double heads) {
  const ConstTensor view = with_heads(static_cast<const ConstTensor&>(t), heads);
  return {t.address(), t.type(), view.shape(), view.strides()};
}

// Keys or values behind those of the past.
struct Cache {
  Cache(const Value* past, const Value& value, double heads)
      : view(with_heads(value.elements.tensor(value.shape), heads)) {
    if (past == nullptr) return;
    const Shape &a = past->shape, &b = view.shape();
    joined = {{b[0], b[1], a[2] + b[2], b[3]},
              Buffer(view.type(), b[0] * b[1] * (a[2] + b[2]) * b[3]),
              false};
    const Value now = {b, dense(view), false};
    for (std::size_t i = 0; i < joined.elements.size(); ++i) {
      const std::size_t w = i % b[3], row = i / b[3] % (a[2] + b[2]), h = i / b[3] / (a[2] + b[2]);
      joined.elements.set(i, row < a[2] ? past->elements[(h * a[2] + row) * b[3] + w]
                                        : now.elements[(h * b[2] + row - a[2]) * b[3] + w]);
    }
    view = joined.elements.tensor(joined.shape);
  }
  static Buffer dense(const ConstTensor& t) {
    Buffer all(t.type(), t.size());
    const Shape& s = t.shape();
    for (std::size_t i = 0; i < t.size(); ++i) {
      const std::array<std::size_t, 4> at = {i / s[3] / s[2] / s[1], i / s[3] / s[2] % s[1],
                                             i / s[3] % s[2], i % s[3]};
      std::ptrdiff_t from = 0;
      for (std::size_t d = 0; d < 4; ++d) {
        from += static_cast<std::ptrdiff_t>(at.at(d)) * t.strides()[d];
      }
      with_type(t.type(), [&](auto zero) {
        using T = decltype(zero);
        all.data<T>()[i] = t.data<T>()[from];
      });
    }
    return all;
  }

  Value joined;
  ConstTensor view;
};

// Where query i has its own key: at i + offset, which may differ by batch.
struct Positions {
  std::vector<std::ptrdiff_t> offsets;
  bool causal;
  std::ptrdiff_t left, right;  // -1: not limited

  bool sees(std::size_t batch, std::size_t query, std::size_t key) const {
    const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(query) + offsets[batch];
    const auto j = static_cast<std::ptrdiff_t>(key);
    return !(causal && j > at) && !(left >= 0 && j < at - left) && !(right >= 0 && j > at + right);
  }
  // Attention's own options, where they can say it.
  bool become(nn::AttentionOptions& options, std::ptrdiff_t last) const {
    const auto all = [&](std::ptrdiff_t offset) {
      return std::all_of(offsets.begin(), offsets.end(),
                         [&](std::ptrdiff_t o) { return o == offset; });
    };
    if (!all(0) && !all(last)) return false;
    const bool top = all(0);
    if (causal) options.causal = top ? nn::Causal::top_left : nn::Causal::bottom_right;
    if (left < 0 && right < 0) return true;
    nn::Window window = {top ? nn::Diagonal::top_left : nn::Diagonal::bottom_right};
    if (left >= 0) window.left = static_cast<std::size_t>(left);
    if (right >= 0) window.right = static_cast<std::size_t>(right);
    options.window = window;
    return true;
  }
};

Positions positions_of(const Node& node, const Inputs& in, std::size_t batches,
                       std::size_t queries) {
  const auto whole = [&](const char* name, double otherwise) {
    return static_cast<std::ptrdiff_t>(node.number(name, otherwise));
  };
  Positions p = {std::vector<std::ptrdiff_t>(batches), whole("is_causal", 0) != 0,
                 whole("left_window_size", -1), whole("right_window_size", -1)};
  for (std::size_t n = 0; n < batches; ++n) {
    if (const Value* const past = in.at(Inputs::past_key)) {
      p.offsets[n] = static_cast<std::ptrdiff_t>(past->shape[2]);
    } else if (const Value* const nonpad = in.at(Inputs::nonpad)) {
      p.offsets[n] =
          static_cast<std::ptrdiff_t>(nonpad->elements[n]) - static_cast<std::ptrdiff_t>(queries);
    }
  }
  return p;
}

// Numbers that are added to the scores [N, heads, L, S]: the mask, the keys beyond the last real
// one, and positions that attention's options cannot say.
std::vector<float> mask_of(const Inputs& in, const Shape& scores, const Positions* positions) {
  const std::size_t keys = scores[3], queries = scores[2], heads = scores[1];
  std::vector<float> all(scores[0] * heads * queries * keys);
  const Value *const mask = in.at(Inputs::mask), *const nonpad = in.at(Inputs::nonpad);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::array<std::size_t, 4> at = {i / keys / queries / heads, i / keys / queries % heads,
                                           i / keys % queries, i % keys};
    if (mask != nullptr) {
      const Shape& s = mask->shape;
      std::size_t index = 0;
      bool beyond = false;
      for (std::size_t d = 0; d < s.count(); ++d) {
        const std::size_t place = at.at(4 - s.count() + d);
        beyond = beyond || (d + 1 == s.count() && place >= s[d]);
        index = index * s[d] + (s[d] == 1 ? 0 : place);
      }
      const double value = beyond ? 0 : mask->elements[index];
      all[i] = beyond || (mask->boolean && value == 0) ? kMasked
               : mask->boolean                         ? 0.0F
                                                       : static_cast<float>(value);
    }
    if (nonpad != nullptr && static_cast<double>(at[3]) >= nonpad->elements[at[0]])
      all[i] = kMasked;
    if (positions != nullptr && !positions->sees(at[0], at[2], at[3])) all[i] = kMasked;
  }
  return all;
}

void attend(const Node& node, const std::vector<Value>& given, Value& out, Value* weights) {
  const Inputs in(node, given);
  const double kv_heads = node.number("kv_num_heads", 0);
  const Value& query = *in.at(Inputs::q);
  const ConstTensor q =
      with_heads(query.elements.tensor(query.shape), node.number("q_num_heads", 0));
  const Cache k(in.at(Inputs::past_key), *in.at(Inputs::k), kv_heads);
  const Cache v(in.at(Inputs::past_value), *in.at(Inputs::v), kv_heads);
  nn::AttentionOptions options;
  if (node.numbers.contains("scale")) options.scale = node.number("scale", 1);
  if (node.number("softcap", 0) > 0) options.softcap = node.number("softcap", 0);
  Shape scores = q.shape();
  scores[3] = k.view.shape()[2];
  const Positions positions = positions_of(node, in, scores[0], scores[2]);
  const auto last = static_cast<std::ptrdiff_t>(scores[3]) - static_cast<std::ptrdiff_t>(scores[2]);
  const bool said = positions.become(options, last);
  const auto mask = mask_of(in, scores, said ? nullptr : &positions);
  options.mask = ConstTensor(mask, scores);
  nn::AttentionExtras extras;
  if (weights != nullptr) extras.weights.emplace(weights->elements.tensor(weights->shape));
  nn::scaled_dot_product_attention(
      q, k.view, v.view, with_heads(out.elements.tensor(out.shape), node.number("q_num_heads", 0)),
      options, extras);
}

TEST(OnnxNodeTests, Attention) {
  if (!are_there("Attention")) GTEST_SKIP() << "no node tests of Attention";
  expect_agreement({{"Attention", "scaled_dot_product_attention",
                     [](const Node& node, const std::vector<Value>& in, Value& out) {
                       attend(node, in, out, nullptr);
                       return true;
                     }}});
}

// Tests that have the weights as an output, too.
TEST(OnnxNodeTests, AttentionWeights) {
  constexpr double kWeights = 3;
  if (!are_there("Attention")) GTEST_SKIP() << "no node tests of Attention";
  int run = 0;
  for (const NodeTest& test : node_tests()) {
    const Node& node = test.node;
    if (node.operation != "Attention" || node.outputs.size() < 4) continue;
    if (node.number("qk_matmul_output_mode", 0) != kWeights) continue;
    SCOPED_TRACE(test.name);
    const Value& want = test.outputs.back();
    Value weights = {want.shape, Buffer(want.elements.type(), want.elements.size()), false};
    Value out = {test.output.shape, Buffer(want.elements.type(), test.output.elements.size()),
                 false};
    attend(node, test.inputs, out, &weights);
    expect_close(test, weights, want);
    ++run;
  }
  EXPECT_EQ(run, 6);
}

}  // namespace
}  // namespace actfn::conformance
