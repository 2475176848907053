// SPDX-License-Identifier: Apache-2.0
// What scaled_dot_product_attention refuses, before it writes anything.
#include <actfn/nn/attention.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "messages.h"

namespace actfn::nn {
namespace {

using testing::message;

constexpr float kUntouched = 7;

// q [2, 4, 5, 8], k [2, 2, 6, 8], v [2, 2, 6, 3].
struct Arguments {
  std::vector<float> memory = std::vector<float>(4096, 0.5F);
  std::vector<float> outputs = std::vector<float>(4096, kUntouched);
  ConstTensor q = {memory.data(), Shape{2, 4, 5, 8}};
  ConstTensor k = {memory.data(), Shape{2, 2, 6, 8}};
  ConstTensor v = {memory.data(), Shape{2, 2, 6, 3}};
  Tensor out = {outputs.data(), Shape{2, 4, 5, 3}};
  AttentionOptions options;
  AttentionExtras extras;

  std::string forward() {
    const std::string text =
        message([&] { scaled_dot_product_attention(q, k, v, out, options, extras); });
    EXPECT_EQ(outputs, std::vector<float>(4096, kUntouched));
    return without_name(text);
  }
  std::string backward(const AttentionSaved& saved = {}) {
    const ConstTensor dout(memory.data(), Shape{2, 4, 5, 3});
    const std::string text = message([&] {
      scaled_dot_product_attention_backward(q, k, v, dout, {outputs.data(), Shape{2, 4, 5, 8}},
                                            {outputs.data() + 400, Shape{2, 2, 6, 8}},
                                            {outputs.data() + 700, Shape{2, 2, 6, 3}}, options,
                                            saved);
    });
    EXPECT_EQ(outputs, std::vector<float>(4096, kUntouched));
    return without_name(text);
  }
  static std::string without_name(const std::string& text) {
    const std::string name = "[scaled_dot_product_attention] ";
    EXPECT_EQ(text.rfind(name, 0), 0U) << text;
    return text.substr(std::min(name.size(), text.size()));
  }
};

template <class Change>
std::string refusal(Change&& change) {
  Arguments a;
  change(a);
  return a.forward();
}

TEST(AttentionErrors, Shapes) {
  using A = Arguments;
  const auto view = [](A& a, const Shape& shape) { return ConstTensor(a.memory.data(), shape); };
  EXPECT_EQ(refusal([&](A& a) { a.q = view(a, {5}); }),
            "q must have 2 to 8 dimensions, its shape is 5");
  EXPECT_EQ(refusal([&](A& a) { a.k = view(a, {2, 6, 8}); }), "k has 3 dimensions, q has 4");
  EXPECT_EQ(refusal([&](A& a) {
              a.k = view(a, {2, 2, 6, 16}), a.v = a.k;
            }),
            "k has the width 16, q has 8");
  EXPECT_EQ(refusal([&](A& a) {
              a.v = view(a, {2, 2, 7, 3});
            }),
            "v has the shape 2x2x7x3, k has 2x2x6x8: only widths may differ");
  EXPECT_EQ(refusal([&](A& a) {
              a.v = view(a, {2, 6, 8});
            }),
            "v has the shape 2x6x8, k has 2x2x6x8: only widths may differ");
  EXPECT_EQ(refusal([&](A& a) {
              a.k = view(a, {3, 2, 6, 8}), a.v = a.k;
            }),
            "k has the shape 3x2x6x8, q has 2x4x5x8: batches must agree");
  EXPECT_EQ(refusal([&](A& a) {
              a.k = view(a, {2, 3, 6, 8}), a.v = a.k;
            }),
            "q's heads must be a multiple of k's, got 4 and 3");
  EXPECT_EQ(refusal([&](A& a) {
              a.k = view(a, {2, 0, 6, 8}), a.v = a.k;
            }),
            "q's heads must be a multiple of k's, got 4 and 0");
  EXPECT_EQ(refusal([&](A& a) {
              a.out = Tensor(a.outputs.data(), Shape{2, 4, 5, 8});
            }),
            "out has the shape 2x4x5x8, 2x4x5x3 is needed");
  EXPECT_EQ(refusal([&](A& a) {
              a.extras.weights = Tensor(a.outputs.data() + 1000, Shape{2, 4, 6, 5});
            }),
            "weights has the shape 2x4x6x5, 2x4x5x6 is needed");
}

TEST(AttentionErrors, Types) {
  std::vector<float16> half(4096);
  std::vector<double> wide(4096);
  EXPECT_EQ(refusal([&](Arguments& a) {
              a.k = {half.data(), Shape{2, 2, 6, 8}};
            }),
            "k is float16, q is float32");
  EXPECT_EQ(refusal([&](Arguments& a) {
              a.out = {half.data(), Shape{2, 4, 5, 3}};
            }),
            "out is float16, q is float32");
  EXPECT_EQ(refusal([&](Arguments& a) {
              a.q = {wide.data(), Shape{2, 4, 5, 8}};
            }),
            "q must be float32, bfloat16 or float16, got float64");
}

TEST(AttentionErrors, Masks) {
  const std::vector<double> wide(4096);
  const std::vector<float> numbers(4096);
  const std::vector<std::uint8_t> bytes(4096);
  const auto given = [](const AttentionMask& mask) {
    return refusal([&](Arguments& a) { a.options.mask = mask; });
  };
  EXPECT_EQ(given(ConstTensor(wide.data(), Shape{5, 6})),
            "mask is float64, float32 or q's type is needed");
  const std::string misfit = "mask has the shape 6x5, which does not broadcast to the scores' ";
  EXPECT_EQ(given(ConstTensor(numbers.data(), Shape{6, 5})), misfit + "2x4x5x6");
  EXPECT_EQ(given(ConstMask(bytes.data(), {6, 5})), misfit + "2x4x5x6");
  EXPECT_EQ(given(MaskedOut{ConstMask(bytes.data(), {6, 5})}), misfit + "2x4x5x6");
  EXPECT_EQ(given(ConstMask(bytes.data(), {7, 5, 6})),
            "mask has the shape 7x5x6, which does not broadcast to the scores' 2x4x5x6");
}

TEST(AttentionErrors, Numbers) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto with = [](auto member, auto value) {
    return refusal([&](Arguments& a) { a.options.*member = value; });
  };
  EXPECT_EQ(with(&AttentionOptions::scale, nan), "scale must be finite, got nan");
  EXPECT_EQ(with(&AttentionOptions::scale, 1e39),
            "scale must be finite, got 1e+39 (inf as float32)");
  EXPECT_EQ(with(&AttentionOptions::softcap, 0.0), "softcap must be finite and positive, got 0");
  EXPECT_EQ(with(&AttentionOptions::softcap, nan), "softcap must be finite and positive, got nan");
  EXPECT_EQ(with(&AttentionOptions::dropout, 2.0), "dropout must be from 0 to 1, got 2");
  EXPECT_EQ(with(&AttentionOptions::dropout, nan), "dropout must be from 0 to 1, got nan");
  EXPECT_EQ(with(&AttentionOptions::threads, Threads{-1}), "threads must not be negative, got -1");
}

TEST(AttentionErrors, Activations) {
  const std::vector<float> numbers(4);
  const std::vector<double> wide(4);
  const auto with = [](const RowActivation& f, const std::optional<ConstTensor>& sinks) {
    return refusal([&](Arguments& a) {
      a.options.activation = f;
      a.options.sinks = sinks;
    });
  };
  EXPECT_EQ(with(LogSoftmax{}, {}), "activation must give weights, log_softmax gives logarithms");
  EXPECT_EQ(with(Sparsemax{}, ConstTensor(numbers)), "sinks need softmax, got sparsemax");
  EXPECT_EQ(with(Softmax1{}, ConstTensor(numbers)), "sinks need softmax, got softmax1");
  EXPECT_EQ(with(Softmax{.temperature = 2}, ConstTensor(numbers)),
            "sinks need softmax, got softmax(temperature=2)");
  EXPECT_EQ(with(Softmax{}, ConstTensor(numbers.data(), 3)), "sinks has the shape 3, 4 is needed");
  EXPECT_EQ(with(Softmax{}, ConstTensor(wide)), "sinks is float64, float32 is needed");
  Arguments a;
  a.options.activation = Softmax{.temperature = 0};
  EXPECT_EQ(message([&] { scaled_dot_product_attention(a.q, a.k, a.v, a.out, a.options); }),
            "[softmax] temperature must be finite and positive, got 0");
}

TEST(AttentionErrors, Overlap) {
  Arguments a;
  const Tensor over_q(a.memory.data(), Shape{2, 4, 5, 3});
  EXPECT_EQ(message([&] { scaled_dot_product_attention(a.q, a.k, a.v, over_q); }),
            "[scaled_dot_product_attention] out overlaps q: they must be separate");
  EXPECT_EQ(refusal([](Arguments& b) {
              b.extras.weights = Tensor(b.outputs.data(), Shape{2, 4, 5, 6});
            }),
            "weights overlaps out: they must be separate");
  EXPECT_EQ(refusal([](Arguments& b) {
              b.out = Tensor(b.outputs.data(), Shape{2, 4, 5, 3}, Strides{60, 15, 0, 1});
            }),
            "out has two elements at one address");
}

TEST(AttentionErrors, Backward) {
  Arguments a;
  std::vector<float> sinks(4), dsinks(3);
  EXPECT_EQ(a.backward({.dsinks = Tensor(dsinks)}), "dsinks needs sinks");
  a.options.sinks.emplace(sinks);
  EXPECT_EQ(a.backward({.dsinks = Tensor(dsinks)}), "dsinks has 3 elements, sinks has 4");
  const AttentionState state = {{1, 2}};
  EXPECT_EQ(a.backward({.state = &state}), "state has 2 numbers, 80 are needed");
  const ConstTensor out(a.memory.data(), Shape{2, 4, 5, 8});
  EXPECT_EQ(a.backward({.out = out}), "out has the shape 2x4x5x8, 2x4x5x3 is needed");
  a.options.scale = std::numeric_limits<double>::infinity();
  EXPECT_EQ(a.backward(), "scale must be finite, got inf");
}

}  // namespace
}  // namespace actfn::nn
