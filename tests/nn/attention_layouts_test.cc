// SPDX-License-Identifier: Apache-2.0
// scaled_dot_product_attention on memory of all sorts, with threads, and on every instruction set.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "attention_calls.h"
#include "attention_cases.h"
#include "forced_target.h"
#include "targets.h"

namespace actfn::testing {
namespace {

// A case's results as bits.
template <class T>
std::vector<T> results(const AttentionCase& c, int threads, bool reproducible = false,
                       bool with_weights = false) {
  AttentionArrays<T> a(c, data_of(c));
  a.threads = threads;
  a.reproducible = reproducible;
  a.forward(with_weights);
  a.backward(true);
  std::vector<T> all = a.out;
  for (const auto* more : {&a.weights, &a.dq, &a.dk, &a.dv}) {
    all.insert(all.end(), more->begin(), more->end());
  }
  for (const float x : a.dsinks) all.push_back(T(x));
  return all;
}

template <class T>
void expect_same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  ASSERT_EQ(a.size(), b.size());
  EXPECT_EQ(std::memcmp(a.data(), b.data(), a.size() * sizeof(T)), 0);
}

std::vector<AttentionCase> several_cases() {
  std::vector<AttentionCase> all = long_attention_cases();
  all.push_back({.name = "groups",
                 .batches = 3,
                 .heads = 6,
                 .kv_heads = 2,
                 .queries = 90,
                 .keys = 130,
                 .width = 33,
                 .out_width = 20,
                 .causal = nn::Causal::bottom_right,
                 .softcap = 3,
                 .sinks = true,
                 .dropout = 0.2});
  return all;
}

TEST(AttentionThreads, SameBits) {
  for (const AttentionCase& c : several_cases()) {
    SCOPED_TRACE(c.name);
    const auto one = results<float>(c, 1);
    for (const int threads : {2, 3, 8}) expect_same_bits(one, results<float>(c, threads));
    expect_same_bits(results<bfloat16>(c, 1, false, true), results<bfloat16>(c, 4, false, true));
  }
}

TEST(AttentionThreads, Executor) {
  const AttentionCase c = {.name = "case",
                           .batches = 2,
                           .heads = 4,
                           .kv_heads = 4,
                           .queries = 90,
                           .keys = 130,
                           .width = 16,
                           .out_width = 16};
  AttentionArrays<float> a(c, data_of(c));
  a.forward(false);
  const auto want = a.out;
  const Executor backwards = {
      [](void*, std::size_t parts, void (*part)(void*, std::size_t), void* argument) {
        for (std::size_t i = parts; i-- > 0;) part(argument, i);
      }};
  nn::AttentionOptions o = a.options();
  o.threads = {4, &backwards};
  nn::scaled_dot_product_attention({a.q, a.q_shape()}, {a.k, a.k_shape()}, {a.v, a.v_shape()},
                                   {a.out, a.out_shape()}, o);
  expect_same_bits(a.out, want);
}

TEST(AttentionTargets, ReproducibleBits) {
  for (const AttentionCase& c : attention_cases()) {
    SCOPED_TRACE(c.name);
    const auto want = results<float>(c, 1, true, true);
    for (const kernels::Target target : running_targets()) {
      const ForcedTarget forced(target);
      expect_same_bits(results<float>(c, 1, true, true), want);
    }
  }
}

TEST(AttentionTargets, EveryTargetComputes) {
  const AttentionCase c = {.name = "case",
                           .heads = 2,
                           .kv_heads = 1,
                           .queries = 20,
                           .keys = 37,
                           .width = 9,
                           .out_width = 35,
                           .causal = nn::Causal::bottom_right};
  const AttentionData d = data_of(c);
  for (const kernels::Target target : running_targets()) {
    const ForcedTarget forced(target);
    AttentionArrays<float> a(c, d);
    a.forward(false);
    expect_near(a.out, reference_attention(c, d).out, 4e-6, "out");
  }
}

// [.., L, H, d] in memory, columns apart, backwards.
TEST(AttentionLayouts, Strides) {
  const AttentionCase c = {.name = "case",
                           .batches = 2,
                           .heads = 3,
                           .kv_heads = 3,
                           .queries = 7,
                           .keys = 5,
                           .width = 4,
                           .out_width = 6,
                           .causal = nn::Causal::top_left};
  AttentionArrays<float> a(c, data_of(c));
  a.forward(false);
  a.backward(true);
  const auto spread = [](const std::vector<float>& x, const Shape& s) {
    std::vector<float> y(2 * x.size() + 1, -7.0F);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t w = i % s[3], l = i / s[3] % s[2], h = i / s[3] / s[2] % s[1];
      const std::size_t n = i / s[3] / s[2] / s[1];
      y[2 * (((n * s[2] + (s[2] - 1 - l)) * s[1] + h) * s[3] + w)] = x[i];
    }
    return y;
  };
  const auto view = [](std::vector<float>& y, const Shape& s) {
    const auto step = [](std::size_t n) { return static_cast<std::ptrdiff_t>(2 * n); };
    float* const last = y.data() + 2 * (s[2] - 1) * s[1] * s[3];
    return Tensor(last, s, {step(s[1] * s[2] * s[3]), step(s[3]), -step(s[1] * s[3]), 2});
  };
  auto q = spread(a.q, a.q_shape()), k = spread(a.k, a.k_shape()), v = spread(a.v, a.v_shape());
  auto dout = spread(a.dout, a.out_shape());
  std::vector<float> out(dout.size(), -7), dq(q.size(), -7), dk(k.size(), -7), dv(v.size(), -7);
  nn::scaled_dot_product_attention(view(q, a.q_shape()), view(k, a.k_shape()), view(v, a.v_shape()),
                                   view(out, a.out_shape()), a.options());
  nn::scaled_dot_product_attention_backward(
      view(q, a.q_shape()), view(k, a.k_shape()), view(v, a.v_shape()), view(dout, a.out_shape()),
      view(dq, a.q_shape()), view(dk, a.k_shape()), view(dv, a.v_shape()), a.options());
  expect_same_bits(out, spread(a.out, a.out_shape()));
  expect_same_bits(dq, spread(a.dq, a.q_shape()));
  expect_same_bits(dk, spread(a.dk, a.k_shape()));
  expect_same_bits(dv, spread(a.dv, a.v_shape()));
}

TEST(AttentionLayouts, FewerAndMoreDimensions) {
  const AttentionCase c = {.name = "case", .batches = 6, .queries = 3, .keys = 4};
  AttentionArrays<float> a(c, data_of(c));
  a.forward(false);
  const auto want = a.out;
  nn::scaled_dot_product_attention({a.q, {2, 3, 1, 3, 5}}, {a.k, {2, 3, 1, 4, 5}},
                                   {a.v, {2, 3, 1, 4, 5}}, {a.out, {2, 3, 1, 3, 5}}, a.options());
  expect_same_bits(a.out, want);
  for (std::size_t n = 0; n < 6; ++n) {  // a matrix is one head
    nn::scaled_dot_product_attention(
        {a.q.data() + n * 15, Shape{3, 5}}, {a.k.data() + n * 20, Shape{4, 5}},
        {a.v.data() + n * 20, Shape{4, 5}}, {a.out.data() + n * 15, Shape{3, 5}}, a.options());
  }
  expect_same_bits(a.out, want);
}

TEST(AttentionLayouts, MasksOfBatchesTimesHeads) {
  AttentionCase c = {
      .name = "case", .batches = 2, .heads = 3, .kv_heads = 3, .keep_shape = {2, 3, 3, 4}};
  AttentionArrays<float> a(c, data_of(c));
  a.forward(false);
  const auto want = a.out;
  nn::AttentionOptions o = a.options();
  o.mask = ConstMask(a.keep.data(), {6, 3, 4});
  nn::scaled_dot_product_attention({a.q, a.q_shape()}, {a.k, a.k_shape()}, {a.v, a.v_shape()},
                                   {a.out, a.out_shape()}, o);
  expect_same_bits(a.out, want);
}

TEST(AttentionLayouts, Empty) {
  for (const auto& [batches, queries, keys] :
       {std::array<std::size_t, 3>{0, 3, 4}, {2, 0, 4}, {2, 3, 0}, {0, 0, 0}}) {
    for (const RowActivation& f : {RowActivation(Softmax{}), RowActivation(Sparsemax{})}) {
      const AttentionCase c = {.name = "case",
                               .batches = batches,
                               .heads = 2,
                               .kv_heads = 2,
                               .queries = queries,
                               .keys = keys,
                               .activation = f};
      AttentionArrays<float> a(c, data_of(c));
      for (auto* x : {&a.out, &a.dq, &a.dk, &a.dv}) std::fill(x->begin(), x->end(), 7.0F);
      a.forward(true);
      a.backward(true);
      for (const auto* x : {&a.out, &a.dq, &a.dk, &a.dv}) {
        EXPECT_EQ(*x, std::vector<float>(x->size(), 0.0F));
      }
    }
  }
}

// Whole rows and tiles.
TEST(AttentionSpecials, FullyMaskedRowsAreZeros) {
  for (const std::size_t keys : {std::size_t{20}, std::size_t{1500}}) {
    for (const RowActivation& f : {RowActivation(Softmax{}), RowActivation(Entmax{})}) {
      const AttentionCase c = {.name = "case",
                               .queries = 5,
                               .keys = keys,
                               .activation = f,
                               .keep_shape = {5, keys},
                               .hides_rows = true};
      AttentionArrays<float> a(c, data_of(c));
      a.forward(false);
      a.backward(true);
      for (const std::size_t row : {0U, 3U}) {
        for (std::size_t i = 0; i < 5; ++i) {
          EXPECT_EQ(a.out[row * 5 + i], 0.0F);
          EXPECT_EQ(a.dq[row * 5 + i], 0.0F);
        }
      }
      for (const float x : a.dk) EXPECT_TRUE(std::isfinite(x));
    }
  }
}

TEST(AttentionSpecials, LargeScores) {
  for (const std::size_t keys : {std::size_t{20}, std::size_t{1500}}) {
    const AttentionCase c = {.name = "case", .queries = 4, .keys = keys, .scale = 3000.0};
    const AttentionData d = data_of(c);
    AttentionArrays<float> a(c, d);
    a.forward(false);
    // Scores of 10^4 have errors of 10^-3; most rows have one weight of 1.
    expect_near(a.out, reference_attention(c, d).out, 1e-2, "out");
  }
}

TEST(AttentionSpecials, NanAndInfinity) {
  for (const std::size_t keys : {std::size_t{20}, std::size_t{1500}}) {
    const AttentionCase c = {
        .name = "case", .queries = 3, .keys = keys, .width = 1, .out_width = 1};
    AttentionData d = data_of(c);
    for (double& x : d.k) x = 1 + std::abs(x);
    d.k[keys - 1] = std::numeric_limits<double>::infinity();
    d.q = {std::numeric_limits<double>::quiet_NaN(), 1, -1};
    AttentionArrays<float> a(c, d);
    a.forward(false);
    EXPECT_TRUE(std::isnan(a.out[0]));
    EXPECT_EQ(a.out[1], a.v[keys - 1]);  // an infinite score has all of the weight
    EXPECT_TRUE(std::isfinite(a.out[2]));
  }
}

}  // namespace
}  // namespace actfn::testing
