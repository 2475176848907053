// SPDX-License-Identifier: Apache-2.0
// Values and gradients of scaled_dot_product_attention, by definition and by differences.
#include <gtest/gtest.h>

#include <random>

#include "attention_calls.h"
#include "attention_cases.h"

namespace actfn::testing {
namespace {

// Of 16 bits: one unit in the last place. Their inputs are exact, and sums are in float32.
template <class T>
constexpr double kTolerance = std::is_same_v<T, float>      ? 4e-6
                              : std::is_same_v<T, bfloat16> ? 0x1p-8
                                                            : 0x1p-11;

template <class T>
void expect_values(const AttentionCase& c, bool with_weights) {
  const AttentionData d = data_of(c);
  AttentionArrays<T> a(c, d);
  const AttentionOutputs want = reference_attention(c, d, a.noise);
  ASSERT_NO_THROW(a.forward(with_weights));
  expect_near(a.out, want.out, kTolerance<T>, "out");
  if (with_weights) expect_near(a.weights, want.weights, kTolerance<T>, "weights");
}

template <class T>
void expect_gradients(const AttentionCase& c, const AttentionData& d,
                      const AttentionGradients& want, bool with_state) {
  AttentionArrays<T> a(c, d);
  ASSERT_NO_THROW(a.forward(false));
  ASSERT_NO_THROW(a.backward(with_state));
  expect_near(a.dq, want.dq, kTolerance<T>, "dq");
  expect_near(a.dk, want.dk, kTolerance<T>, "dk");
  expect_near(a.dv, want.dv, kTolerance<T>, "dv");
  expect_near(a.dsinks, want.dsinks, kTolerance<float>, "dsinks");
}

TEST(Attention, Float32) {
  for (const AttentionCase& c : attention_cases()) {
    SCOPED_TRACE(c.name);
    expect_values<float>(c, true);
    expect_values<float>(c, false);
  }
}

TEST(Attention, SixteenBits) {
  for (const AttentionCase& c : attention_cases()) {
    SCOPED_TRACE(c.name);
    expect_values<bfloat16>(c, true);
    expect_values<float16>(c, true);
  }
}

TEST(Attention, Gradients) {
  for (const AttentionCase& c : attention_cases()) {
    SCOPED_TRACE(c.name);
    const AttentionData d = data_of(c);
    const AttentionGradients want = reference_gradients(c, d, AttentionArrays<float>(c, d).noise);
    for (const bool with_state : {true, false}) {
      expect_gradients<float>(c, d, want, with_state);
      expect_gradients<bfloat16>(c, d, want, with_state);
      expect_gradients<float16>(c, d, want, with_state);
    }
  }
}

TEST(Attention, LongRows) {
  for (const AttentionCase& c : long_attention_cases()) {
    SCOPED_TRACE(c.name);
    expect_values<float>(c, false);
    expect_values<bfloat16>(c, false);
  }
}

TEST(Attention, LongRowsWithWeights) {
  for (const AttentionCase& c : long_attention_cases()) {
    SCOPED_TRACE(c.name);
    expect_values<float>(c, true);
  }
}

double loss_of(const AttentionCase& c, const AttentionData& d, const Noise& noise) {
  const Doubles out = reference_attention(c, d, noise).out;
  double sum = 0;
  for (std::size_t i = 0; i < out.size(); ++i) sum += out[i] * d.dout[i];
  return sum;
}

// The gradient along a random direction of one operand.
void expect_direction(const AttentionCase& c, AttentionData d, Doubles AttentionData::*x,
                      const std::vector<float>& got, const Noise& noise) {
  const Doubles along = some_numbers(got.size(), 99);
  const Doubles before = d.*x;
  double want = 0, have = 0, size = 0;
  for (const double sign : {1.0, -1.0}) {
    constexpr double kStep = 0x1p-16;
    for (std::size_t i = 0; i < before.size(); ++i) (d.*x)[i] = before[i] + sign * kStep * along[i];
    want += sign * loss_of(c, d, noise) / (2 * kStep);
  }
  for (std::size_t i = 0; i < got.size(); ++i) {
    have += static_cast<double>(got[i]) * along[i];
    size += std::abs(static_cast<double>(got[i]) * along[i]);
  }
  EXPECT_NEAR(have, want, 2e-6 * size + 1e-5);
}

TEST(Attention, LongGradients) {
  for (const AttentionCase& c : long_attention_cases()) {
    SCOPED_TRACE(c.name);
    const AttentionData d = data_of(c);
    AttentionArrays<float> a(c, d);
    a.forward(false);
    a.backward(true);
    expect_direction(c, d, &AttentionData::q, a.dq, a.noise);
    expect_direction(c, d, &AttentionData::k, a.dk, a.noise);
    expect_direction(c, d, &AttentionData::v, a.dv, a.noise);
    if (c.sinks) expect_direction(c, d, &AttentionData::sinks, a.dsinks, a.noise);
    const auto kept = a.dq;
    a.backward(false);
    EXPECT_EQ(a.dq, kept);
  }
}

// One entry of a gradient, anywhere, is that of the definition: directions could cancel errors.
TEST(Attention, LongGradientsOfSomeNumbers) {
  const AttentionCase c = {.name = "case",
                           .queries = 300,
                           .keys = 600,
                           .width = 4,
                           .out_width = 4,
                           .causal = nn::Causal::bottom_right};
  AttentionData d = data_of(c);
  AttentionArrays<float> a(c, d);
  a.forward(false);
  a.backward(true);
  for (const std::size_t at : {std::size_t{3}, std::size_t{700}, std::size_t{1199}}) {
    for (const auto& [x, got] : {std::pair{&d.q, &a.dq}, {&d.k, &a.dk}, {&d.v, &a.dv}}) {
      const double want =
          testing::difference((*x)[at], [&] { return loss_of(c, d, a.noise); }, 0x1p-14);
      EXPECT_NEAR(static_cast<double>((*got)[at]), want, 2e-5);
    }
  }
}

}  // namespace
}  // namespace actfn::testing
