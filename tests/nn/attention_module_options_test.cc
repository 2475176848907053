// SPDX-License-Identifier: Apache-2.0
// MultiheadAttention: parameters, their first values, training, threads, instruction sets, errors.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "forced_target.h"
#include "messages.h"
#include "multihead_calls.h"
#include "targets.h"

namespace actfn::testing {
namespace {

using nn::MultiheadAttention;
using nn::MultiheadAttentionOptions;
using nn::MultiheadAttentionSettings;

std::vector<std::string> layout_of(const MultiheadAttentionSettings& s) {
  MultiheadAttention module(s);
  std::vector<std::string> all;
  for (const nn::Parameter& p : module.parameters()) {
    std::string text = p.name;
    for (const std::size_t n : p.shape) text += " " + std::to_string(n);
    EXPECT_EQ(p.values.size(), count_of(p.shape));
    EXPECT_EQ(p.gradients.size(), p.values.size());
    all.push_back(text);
  }
  return all;
}

TEST(MultiheadAttentionParameters, NamesAndShapes) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(
      layout_of({.embed_dim = 6, .num_heads = 2}),
      (Names{"in_proj_weight 18 6", "in_proj_bias 18", "out_proj.weight 6 6", "out_proj.bias 6"}));
  EXPECT_EQ(layout_of({.embed_dim = 6, .num_heads = 2, .bias = false, .kdim = 6, .vdim = 6}),
            (Names{"in_proj_weight 18 6", "out_proj.weight 6 6"}));
  EXPECT_EQ(layout_of({.embed_dim = 6, .num_heads = 2, .add_bias_kv = true, .kdim = 5, .vdim = 7}),
            (Names{"q_proj_weight 6 6", "k_proj_weight 6 5", "v_proj_weight 6 7", "in_proj_bias 18",
                   "bias_k 1 1 6", "bias_v 1 1 6", "out_proj.weight 6 6", "out_proj.bias 6"}));
  EXPECT_EQ(layout_of({.embed_dim = 8, .num_heads = 4, .kv_heads = 2, .sinks = true}),
            (Names{"in_proj_weight 16 8", "in_proj_bias 16", "sinks 4", "out_proj.weight 8 8",
                   "out_proj.bias 8"}));
}

struct Moments {
  double mean = 0, deviation = 0, most = 0;
};

Moments moments_of(std::span<const float> x) {
  Moments m;
  const auto n = static_cast<double>(x.size());
  for (const float value : x) {
    m.mean += static_cast<double>(value) / n;
    m.most = std::max(m.most, std::abs(static_cast<double>(value)));
  }
  for (const float value : x) {
    m.deviation += std::pow(static_cast<double>(value) - m.mean, 2) / n;
  }
  m.deviation = std::sqrt(m.deviation);
  return m;
}

TEST(MultiheadAttentionParameters, FirstValues) {
  constexpr double kEmbed = 128;
  MultiheadAttention module({.embed_dim = 128, .num_heads = 2, .add_bias_kv = true, .sinks = true});
  module.initialize(11);
  for (const nn::Parameter& p : module.parameters()) {
    SCOPED_TRACE(p.name);
    const Moments m = moments_of(p.values);
    double bound = 0;  // of a uniform distribution
    if (p.name == "in_proj_weight") bound = std::sqrt(6 / (4 * kEmbed));
    if (p.name == "out_proj.weight") bound = 1 / std::sqrt(kEmbed);
    EXPECT_NEAR(m.mean, 0, 0.03);
    if (p.name == "bias_k" || p.name == "bias_v") {
      EXPECT_NEAR(m.deviation, 1 / std::sqrt(kEmbed), 0.02);
    } else {
      EXPECT_NEAR(m.deviation, bound / std::sqrt(3.0), 0.02 * bound);
      EXPECT_LE(m.most, bound * (1 + 1e-6));
      EXPECT_GE(m.most, bound * 0.99);
    }
  }
}

std::vector<float> values_of(MultiheadAttention& module) {
  std::vector<float> all;
  for (const nn::Parameter& p : module.parameters()) {
    all.insert(all.end(), p.values.begin(), p.values.end());
  }
  return all;
}

TEST(MultiheadAttentionParameters, Seeds) {
  MultiheadAttention a({.embed_dim = 6, .num_heads = 2}), b({.embed_dim = 6, .num_heads = 2});
  a.initialize(1);
  b.initialize(1);
  EXPECT_EQ(values_of(a), values_of(b));
  b.initialize(2);
  EXPECT_NE(values_of(a), values_of(b));
}

std::vector<float> bits_of(MultiheadCall& call) {
  const auto result = call.forward();
  std::vector<float> all = call.queries.by_batch(result.output);
  const auto gradients = call.backward();
  for (const float x : call.queries.by_batch(gradients.query)) all.push_back(x);
  for (const float x : call.keys.by_batch(gradients.key)) all.push_back(x);
  for (const nn::Parameter& p : call.module.parameters()) {
    all.insert(all.end(), p.gradients.begin(), p.gradients.end());
  }
  return all;
}

MultiheadCase large_case() {
  return {.name = "large",
          .settings = {.embed_dim = 48, .num_heads = 4, .dropout = 0.1, .add_bias_kv = true},
          .batches = 3,
          .queries = 150,
          .keys = 140,
          .is_causal = nn::Causal::top_left,
          .key_padding_mask = true};
}

TEST(MultiheadAttentionThreads, SameBits) {
  const MultiheadCase c = large_case();
  MultiheadData d = data_of(c);
  MultiheadCall one(c, d);
  const auto want = bits_of(one);
  for (const int threads : {2, 3, 8}) {
    MultiheadCall call(c, d);
    call.module.set_threads(threads);
    EXPECT_EQ(bits_of(call), want);
  }
}

TEST(MultiheadAttentionTargets, ReproducibleBits) {
  const MultiheadCase c = large_case();
  MultiheadData d = data_of(c);
  MultiheadCall first(c, d);
  first.module.set_reproducible(true);
  const auto want = bits_of(first);
  for (const kernels::Target target : running_targets()) {
    const ForcedTarget forced(target);
    MultiheadCall call(c, d);
    call.module.set_reproducible(true);
    EXPECT_EQ(bits_of(call), want) << name_of(target);
  }
}

TEST(MultiheadAttentionTraining, DropsInTrainingOnly) {
  MultiheadCase c = large_case();
  MultiheadData d = data_of(c);
  MultiheadCall call(c, d);
  const auto first = call.queries.by_batch(call.forward().output);
  EXPECT_NE(call.queries.by_batch(call.forward().output), first);  // other noise
  call.module.set_training(false);
  const auto evaluated = call.queries.by_batch(call.forward().output);
  EXPECT_EQ(call.queries.by_batch(call.forward().output), evaluated);
  c.settings.dropout = 0;
  expect_near(evaluated, MultiheadReference(c, d)({}).out, 1e-5, "output");
}

TEST(MultiheadAttentionTraining, Empty) {
  for (const auto& [batches, queries, keys] :
       {std::array<std::size_t, 3>{0, 3, 4}, {2, 0, 4}, {2, 3, 0}}) {
    const MultiheadCase c = {.name = "case",
                             .settings = {.embed_dim = 6, .num_heads = 2},
                             .batches = batches,
                             .queries = queries,
                             .keys = keys};
    MultiheadData d = data_of(c);
    MultiheadCall call(c, d);
    const auto output = call.queries.by_batch(call.forward().output);
    expect_near(output, MultiheadReference(c, d)({}).out, 1e-6, "output");
    call.backward();
    for (const nn::Parameter& p : call.module.parameters()) {
      for (const float g : p.gradients) EXPECT_TRUE(std::isfinite(g));
    }
  }
}

std::string refusal_of(const MultiheadAttentionSettings& s) {
  return message([&] { const MultiheadAttention module(s); });
}

TEST(MultiheadAttentionErrors, Settings) {
  const std::string name = "[multihead_attention] ";
  EXPECT_EQ(refusal_of({.embed_dim = 10, .num_heads = 4}),
            name + "embed_dim must be a multiple of num_heads, got 10 and 4");
  EXPECT_EQ(refusal_of({.embed_dim = 8, .num_heads = 4, .kv_heads = 3}),
            name + "num_heads must be a multiple of kv_heads, got 4 and 3");
  EXPECT_EQ(refusal_of({.embed_dim = 0, .num_heads = 4}), name + "embed_dim must be positive");
  EXPECT_EQ(refusal_of({.embed_dim = 8, .num_heads = 0}), name + "num_heads must be positive");
  EXPECT_EQ(refusal_of({.embed_dim = 8, .num_heads = 2, .kdim = 0}),
            name + "kdim must be positive");
  EXPECT_EQ(refusal_of({.embed_dim = std::size_t{1} << 40, .num_heads = 2}),
            name + "embed_dim is too large");
  EXPECT_EQ(refusal_of({.embed_dim = 8, .num_heads = 2, .dropout = 2}),
            name + "dropout must be from 0 to 1, got 2");
  EXPECT_EQ(refusal_of({.embed_dim = 8, .num_heads = 2, .softcap = -1.0}),
            name + "softcap must be finite and positive, got -1");
  EXPECT_EQ(refusal_of({.embed_dim = 8, .num_heads = 2, .activation = LogSoftmax{}}),
            name + "activation must give weights, log_softmax gives logarithms");
  EXPECT_EQ(refusal_of({.embed_dim = 8, .num_heads = 2, .sinks = true, .activation = Sparsemax{}}),
            name + "sinks need softmax, got sparsemax");
  MultiheadAttention module({.embed_dim = 8, .num_heads = 2});
  EXPECT_EQ(message([&] { module.set_threads(0); }),
            name + "threads must be from 1 to 1024, got 0");
}

struct Refused {
  std::vector<float> memory = std::vector<float>(1000);
  MultiheadAttention module{{.embed_dim = 8, .num_heads = 2, .kdim = 6, .batch_first = true}};
  Shape query = {3, 4, 8}, key = {3, 5, 6}, value = {3, 5, 8};
  MultiheadAttentionOptions options;

  std::string operator()() {
    return message([&] {
      module.forward({memory.data(), query}, {memory.data(), key}, {memory.data(), value}, options);
    });
  }
};

template <class Change>
std::string refused(Change&& change) {
  Refused call;
  change(call);
  return call();
}

TEST(MultiheadAttentionErrors, Shapes) {
  const std::string name = "[multihead_attention] ";
  EXPECT_EQ(refused([](Refused& r) { r.query = {8}; }),
            name + "query must have 2 or 3 dimensions, its shape is 8");
  EXPECT_EQ(refused([](Refused& r) {
              r.key = {5, 6};
            }),
            name + "key has 2 dimensions, query has 3");
  EXPECT_EQ(refused([](Refused& r) {
              r.value = {5, 8};
            }),
            name + "value has 2 dimensions, query has 3");
  EXPECT_EQ(refused([](Refused& r) {
              r.query = {3, 4, 9};
            }),
            name + "query has the width 9, embed_dim is 8");
  EXPECT_EQ(refused([](Refused& r) {
              r.key = {3, 5, 8};
            }),
            name + "key has the width 8, kdim is 6");
  EXPECT_EQ(refused([](Refused& r) {
              r.value = {3, 5, 6};
            }),
            name + "value has the width 6, vdim is 8");
  EXPECT_EQ(refused([](Refused& r) {
              r.key = {2, 5, 6};
            }),
            name + "key has 2 batches, query has 3");
  EXPECT_EQ(refused([](Refused& r) { r.value = {3, 6, 8}; }), name + "value has 6 rows, key has 5");
  Refused call;
  const std::vector<double> wide(1000);
  EXPECT_EQ(message([&] {
              call.module.forward({wide.data(), call.query}, {call.memory.data(), call.key},
                                  {call.memory.data(), call.value});
            }),
            name + "query must be float32, got float64");
}

TEST(MultiheadAttentionErrors, Masks) {
  const std::string name = "[multihead_attention] ";
  const std::vector<std::uint8_t> bytes(1000);
  const std::vector<double> wide(1000);
  EXPECT_EQ(refused([&](Refused& r) {
              r.options.attn_mask = ConstMask(bytes.data(), {4, 4});
            }),
            name + "attn_mask has the shape 4x4, which does not broadcast to the scores' 3x2x4x5");
  EXPECT_EQ(refused([&](Refused& r) {
              r.options.attn_mask = ConstTensor(wide.data(), Shape{4, 5});
            }),
            name + "attn_mask is float64, float32 or q's type is needed");
  EXPECT_EQ(refused([&](Refused& r) {
              r.options.key_padding_mask = nn::MaskedOut{ConstMask(bytes.data(), {5})};
            }),
            name + "key_padding_mask has the shape 5, 3x5 is needed");
}

TEST(MultiheadAttentionErrors, BackwardAndWhatIsKept) {
  const std::string name = "[multihead_attention] ";
  Refused call;
  const ConstTensor dy(call.memory.data(), Shape{3, 4, 8});
  EXPECT_EQ(message([&] { call.module.backward(dy); }),
            name + "backward() needs a forward() before it");
  EXPECT_EQ(call(), "no error");
  const ConstTensor other(call.memory.data(), Shape{3, 8, 4});
  EXPECT_EQ(message([&] { call.module.backward(other); }),
            name + "dy has the shape 3x8x4, the last forward() gave 3x4x8");
  call.query = {3, 9, 7};
  EXPECT_NE(call(), "no error");
  EXPECT_EQ(message([&] { call.module.backward(dy); }), "no error");  // of the pass before
}

}  // namespace
}  // namespace actfn::testing
