// SPDX-License-Identifier: Apache-2.0
// MultiheadAttention: outputs, weights and gradients by definition and by differences.
#include <gtest/gtest.h>

#include "multihead_calls.h"

namespace actfn::testing {
namespace {

using nn::Causal;
using nn::MultiheadAttentionSettings;

std::vector<MultiheadCase> cases() {
  const MultiheadAttentionSettings plain = {.embed_dim = 6, .num_heads = 2};
  const auto with = [&](auto&& change) {
    MultiheadAttentionSettings s = plain;
    change(s);
    return s;
  };
  using S = MultiheadAttentionSettings;
  const S first = with([](S& s) { s.batch_first = true; });
  const S more = with([](S& s) { s.add_bias_kv = s.add_zero_attn = true; });
  return {
      {.name = "plain", .settings = plain},
      {.name = "batch first", .settings = first},
      {.name = "unbatched", .settings = plain, .batches = 1, .batched = false},
      {.name = "unbatched, padding",
       .settings = first,
       .batches = 1,
       .batched = false,
       .key_padding_mask = true},
      {.name = "no bias", .settings = with([](S& s) { s.bias = false; })},
      {.name = "one head", .settings = with([](S& s) { s.num_heads = 1; })},
      {.name = "bias_k", .settings = with([](S& s) { s.add_bias_kv = true; })},
      {.name = "zero_attn", .settings = with([](S& s) { s.add_zero_attn = true; })},
      {.name = "bias_k, zero_attn, masks",
       .settings = more,
       .is_causal = Causal::top_left,
       .attn_mask = true,
       .key_padding_mask = true},
      {.name = "bias_k, batch first, window", .settings = with([](S& s) {
                                                s.add_bias_kv = s.batch_first = true;
                                                s.window = nn::Window{nn::Diagonal::top_left, 1, 0};
                                              })},
      {.name = "kdim", .settings = with([](S& s) { s.kdim = 5, s.vdim = 7; })},
      {.name = "kdim alone", .settings = with([](S& s) { s.kdim = 4, s.bias = false; })},
      {.name = "causal", .settings = plain, .queries = 5, .is_causal = Causal::top_left},
      {.name = "bottom right", .settings = plain, .keys = 6, .is_causal = Causal::bottom_right},
      {.name = "mask", .settings = plain, .attn_mask = true},
      {.name = "bias mask", .settings = plain, .attn_bias = true},
      {.name = "padding", .settings = plain, .attn_mask = true, .key_padding_mask = true},
      {.name = "padding numbers", .settings = first, .attn_bias = true, .key_padding_bias = true},
      {.name = "dropout", .settings = with([](S& s) { s.dropout = 0.4; })},
      {.name = "groups", .settings = with([](S& s) {
                           s.embed_dim = 8, s.num_heads = 4, s.kv_heads = 2, s.add_bias_kv = true;
                         })},
      {.name = "softcap", .settings = with([](S& s) { s.softcap = 0.7; })},
      {.name = "sinks", .settings = with([](S& s) { s.sinks = true; }), .attn_mask = true},
      {.name = "sparsemax", .settings = with([](S& s) { s.activation = Sparsemax{}; })},
      {.name = "one key", .settings = plain, .keys = 1},
  };
}

// The noise of the first pass after initialize(3).
constexpr Noise kNoise = {.seed = 3};

Doubles averaged(const MultiheadCase& c, const Doubles& weights) {
  const std::size_t heads = c.settings.num_heads, n = weights.size() / c.batches / heads;
  Doubles mean(c.batches * n);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    mean[i / n / heads * n + i % n] += weights[i] / static_cast<double>(heads);
  }
  return mean;
}

std::vector<float> numbers(const ConstTensor& t) {
  return {t.data<float>(), t.data<float>() + t.size()};
}

TEST(MultiheadAttention, OutputsAndWeights) {
  for (const MultiheadCase& c : cases()) {
    SCOPED_TRACE(c.name);
    MultiheadData d = data_of(c);
    MultiheadCall call(c, d);
    const AttentionOutputs want = MultiheadReference(c, d)(kNoise);
    const auto result = call.forward();
    expect_near(call.queries.by_batch(result.output), want.out, 4e-6, "output");
    ASSERT_TRUE(result.weights);
    EXPECT_EQ(result.weights->dimensions(), c.batched ? 3U : 2U);
    expect_near(numbers(*result.weights), averaged(c, want.weights), 4e-6, "mean weights");
  }
}

TEST(MultiheadAttention, WeightsOfHeads) {
  for (const MultiheadCase& c : cases()) {
    SCOPED_TRACE(c.name);
    MultiheadData d = data_of(c);
    MultiheadCall call(c, d);
    call.average = false;
    const auto result = call.forward();
    EXPECT_EQ(result.weights->dimensions(), c.batched ? 4U : 3U);
    expect_near(numbers(*result.weights), MultiheadReference(c, d)(kNoise).weights, 4e-6,
                "weights");
  }
}

TEST(MultiheadAttention, NoWeights) {
  for (const MultiheadCase& c : cases()) {
    SCOPED_TRACE(c.name);
    MultiheadData d = data_of(c);
    MultiheadCall call(c, d);
    call.need_weights = false;
    const auto result = call.forward();
    EXPECT_FALSE(result.weights);
    expect_near(call.queries.by_batch(result.output), MultiheadReference(c, d)(kNoise).out, 4e-6,
                "output");
  }
}

TEST(MultiheadAttention, Gradients) {
  for (const MultiheadCase& c : cases()) {
    SCOPED_TRACE(c.name);
    MultiheadData d = data_of(c);
    MultiheadCall call(c, d);
    const auto loss = [&] {
      const Doubles out = MultiheadReference(c, d)(kNoise).out;
      double sum = 0;
      for (std::size_t i = 0; i < out.size(); ++i) sum += out[i] * d.dy[i];
      return sum;
    };
    call.forward();
    const auto got = call.backward();
    expect_near(call.queries.by_batch(got.query), differences(d.query, loss), 4e-6, "query");
    expect_near(call.keys.by_batch(got.key), differences(d.key, loss), 4e-6, "key");
    expect_near(call.values.by_batch(got.value), differences(d.value, loss), 4e-6, "value");
    for (const nn::Parameter& p : call.module.parameters()) {
      const std::vector<float> gradient(p.gradients.begin(), p.gradients.end());
      expect_near(gradient, differences(d.parameters.at(p.name), loss), 4e-6, p.name.c_str());
    }
  }
}

}  // namespace
}  // namespace actfn::testing
