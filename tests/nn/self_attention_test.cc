// SPDX-License-Identifier: Apache-2.0
// Self-attention as a layer: its text, what it refuses, dropout against float64, parts of a batch,
// threads and instruction sets, and that a small Transformer learns.
#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "forced_target.h"
#include "messages.h"
#include "multihead_reference.h"
#include "nn/module.h"
#include "nn/product_reproducible.h"
#include "nn/team.h"
#include "nn_reference.h"

namespace actfn::nn {
namespace {

using testing::bits;
using testing::Doubles;
using testing::largest;
using testing::message;
using testing::uniform;

std::string text(const Layer& layer) { return to_string(std::span(&layer, 1)); }

TEST(SelfAttentions, WriteWhatIsNotTheDefault) {
  EXPECT_EQ(text(SelfAttention{8, 2}), "self_attention(embed_dim=8,num_heads=2)");
  const SelfAttention all = {
      .embed_dim = 8,
      .num_heads = 4,
      .dropout = 0.25,
      .bias = false,
      .is_causal = true,
      .kv_heads = 2,
      .softcap = 30.0,
      .window = Window{.diagonal = Diagonal::top_left, .left = 3, .right = 0},
      .sinks = true,
      .activation = Entmax{.alpha = 1.25}};
  EXPECT_EQ(text(all),
            "self_attention(embed_dim=8,num_heads=4,dropout=0.25,bias=false,is_causal=true,"
            "kv_heads=2,softcap=30,window=3:0,sinks=true,activation=entmax(alpha=1.25))");
  EXPECT_EQ(text(SelfAttention{.embed_dim = 8,
                               .num_heads = 4,
                               .window = Window{.diagonal = Diagonal::bottom_right, .right = 2}}),
            "self_attention(embed_dim=8,num_heads=4,window=none:2)");
}

std::string refusal(const Shape& sample, const SelfAttention& layer) {
  return message([&] { const Sequential net(sample, layer); });
}

TEST(SelfAttentions, RefuseWhatDoesNotFit) {
  EXPECT_EQ(refusal({4, 8}, {0, 2}), "[self_attention] embed_dim must be at least 1, got 0");
  EXPECT_EQ(refusal({4, 8}, {8, -1}), "[self_attention] num_heads must be at least 1, got -1");
  EXPECT_EQ(refusal({4, 8}, {.embed_dim = 8, .num_heads = 2, .kv_heads = 0}),
            "[self_attention] kv_heads must be at least 1, got 0");
  EXPECT_EQ(refusal({4, 8}, {8, 3}),
            "[self_attention] embed_dim must be a multiple of num_heads, got 8 and 3");
  EXPECT_EQ(refusal({4, 8}, {.embed_dim = 8, .num_heads = 4, .kv_heads = 3}),
            "[self_attention] num_heads must be a multiple of kv_heads, got 4 and 3");
  EXPECT_EQ(refusal({4, 8}, {8, 2, 1.5}), "[self_attention] dropout must be from 0 to 1, got 1.5");
  EXPECT_EQ(refusal({4, 8}, {.embed_dim = 8, .num_heads = 2, .softcap = 0}),
            "[self_attention] softcap must be finite and positive, got 0");
  EXPECT_EQ(refusal({4, 8}, {.embed_dim = 8, .num_heads = 2, .activation = LogSoftmax{}}),
            "[self_attention] activation must give weights, log_softmax gives logarithms");
  EXPECT_EQ(
      refusal({4, 8}, {.embed_dim = 8, .num_heads = 2, .sinks = true, .activation = Sparsemax{}}),
      "[self_attention] sinks need softmax, got sparsemax");
  EXPECT_EQ(refusal({4, 8}, {1 << 30, 2}), "[self_attention] embed_dim is too large");
  EXPECT_EQ(refusal({8}, {8, 2}),
            "[sequential] self_attention takes samples of 2 dimensions, length x features, where 8 "
            "come in");
  EXPECT_EQ(refusal({4, 6}, {8, 2}),
            "[sequential] self_attention takes 8 features where 6 come in");
}

TEST(SelfAttentions, HavePyTorchsParameters) {
  Sequential net({4, 8},
                 SelfAttention{.embed_dim = 8, .num_heads = 4, .kv_heads = 2, .sinks = true});
  const std::vector<std::pair<std::string, Shape>> want = {{"0.in_proj_weight", {16, 8}},
                                                           {"0.in_proj_bias", {16}},
                                                           {"0.sinks", {4}},
                                                           {"0.out_proj.weight", {8, 8}},
                                                           {"0.out_proj.bias", {8}}};
  const auto parameters = net.parameters();
  ASSERT_EQ(parameters.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    EXPECT_EQ(parameters[i].name, want[i].first);
    EXPECT_EQ(parameters[i].shape, want[i].second);
    EXPECT_EQ(parameters[i].decayed, i != 2);
    EXPECT_FALSE(parameters[i].transposed);
  }
  Sequential plain({4, 8}, SelfAttention{.embed_dim = 8, .num_heads = 4, .bias = false});
  EXPECT_EQ(plain.parameters().size(), 2U);
}

// Whatever is asked for: PyTorch has its own way for this module.
TEST(SelfAttentions, DrawTheirFirstWeightsAsPyTorch) {
  for (const Init init : {Init::he_normal, Init::glorot_uniform}) {
    Sequential net({2, 64}, SelfAttention{64, 4});
    net.initialize(init, 1);
    const auto p = net.parameters();
    const double in = std::sqrt(6.0 / (64 + 192)), out = 1 / std::sqrt(64.0);
    EXPECT_LE(largest(p[0].values), in * 1.000001);
    EXPECT_GT(largest(p[0].values), in * 0.99);
    EXPECT_EQ(largest(p[1].values), 0);
    EXPECT_LE(largest(p[2].values), out * 1.000001);
    EXPECT_GT(largest(p[2].values), out * 0.99);
    EXPECT_EQ(largest(p[3].values), 0);
  }
}

// The layer by itself, with noise that the test knows.
class Call {
 public:
  Call(const SelfAttention& layer, const Shape& sample, std::size_t rows)
      : module_(LayerFile<SelfAttention>::make(layer, sample)),
        learned(module_->parameter_count().value()),
        gradients(learned.size()),
        y(rows * module_->out_size()),
        dx(y.size()),
        workspace_(module_->workspace_size(rows).value()),
        rows_(rows) {
    const auto drawn = uniform(learned.size(), 0.5F, 3);
    std::copy(drawn.begin(), drawn.end(), learned.begin());
  }

  Pass pass() {
    return {.rows = rows_,
            .training = true,
            .noise = noise,
            .learned = learned,
            .workspace = workspace_.data(),
            .team = &team_,
            .multiply = reproducible_product};
  }
  void forward(std::span<const float> x) { module_->forward(pass(), x.data(), y.data()); }
  void backward(std::span<const float> x, std::span<const float> dy) {
    module_->backward(pass(), {x.data(), y.data(), dy.data(), dx.data(), gradients});
  }
  const std::vector<Block>& blocks() const { return module_->parameters(); }

 private:
  ModulePointer module_;

 public:
  std::vector<float> learned, gradients, y, dx;
  Noise noise = {.seed = 5, .first = 1000};

 private:
  Buffer workspace_;
  Team team_{1};
  std::size_t rows_;
};

// The reference's arguments for the numbers of a call.
struct Oracle {
  Oracle(const SelfAttention& l, const Call& call, std::size_t length, std::span<const float> x) {
    c.settings = {.embed_dim = static_cast<std::size_t>(l.embed_dim),
                  .num_heads = static_cast<std::size_t>(l.num_heads),
                  .dropout = l.dropout,
                  .sinks = l.sinks,
                  .activation = l.activation};
    c.queries = c.keys = length;
    c.batches = x.size() / length / c.settings.embed_dim;
    numbers.assign(x.begin(), x.end());
    std::size_t at = 0;
    for (const Block& block : call.blocks()) {
      const std::size_t n = testing::count_of(block.shape);
      d.parameters[block.name] = {call.learned.begin() + static_cast<std::ptrdiff_t>(at),
                                  call.learned.begin() + static_cast<std::ptrdiff_t>(at + n)};
      at += n;
    }
  }
  Doubles operator()(const Noise& noise) {
    d.query = d.key = d.value = numbers;
    return testing::MultiheadReference(c, d)(noise).out;
  }

  testing::MultiheadCase c;
  testing::MultiheadData d;
  Doubles numbers;  // x
};

void expect_near(std::span<const float> got, const Doubles& want, double bound) {
  ASSERT_EQ(got.size(), want.size());
  double scale = 1;
  for (const double v : want) scale = std::max(scale, std::abs(v));
  for (std::size_t i = 0; i < got.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(got[i]), want[i], bound * scale) << i;
  }
}

TEST(SelfAttentions, DropWhatTheNoiseSays) {
  for (const RowActivation& f : {RowActivation(Softmax{}), RowActivation(Sparsemax{})}) {
    const SelfAttention layer = {.embed_dim = 6,
                                 .num_heads = 2,
                                 .dropout = 0.4,
                                 .sinks = f == RowActivation(Softmax{}),
                                 .activation = f};
    const auto x = uniform(3 * 5 * 6, 1.5F, 1), dy = uniform(x.size(), 1, 2);
    Call call(layer, {5, 6}, 3);
    call.forward(x);
    call.backward(x, dy);
    Oracle oracle(layer, call, 5, x);
    const Doubles want = oracle(call.noise);
    expect_near(call.y, want, 1e-6);
    EXPECT_NE(oracle({.seed = 6}), want);
    const auto loss = [&] {
      const Doubles y = oracle(call.noise);
      double sum = 0;
      for (std::size_t i = 0; i < y.size(); ++i) sum += y[i] * static_cast<double>(dy[i]);
      return sum;
    };
    expect_near(call.dx, testing::differences(oracle.numbers, loss), 1e-5);
    std::span<const float> gradients = call.gradients;
    for (const Block& block : call.blocks()) {
      const Doubles slopes = testing::differences(oracle.d.parameters[block.name], loss);
      expect_near(gradients.first(slopes.size()), slopes, 1e-5);
      gradients = gradients.subspan(slopes.size());
    }
  }
}

// A part has 8 samples of this size. Noise counts through the whole batch.
constexpr SelfAttention kLarge = {
    .embed_dim = 64, .num_heads = 16, .dropout = 0.25, .is_causal = true, .sinks = true};
const Shape kLargeSample = {256, 64};

TEST(SelfAttentions, ComputeABatchInPartsAsTheModuleInOne) {
  constexpr std::size_t kRows = 19;
  SelfAttention layer = kLarge;
  layer.dropout = 0;
  Call call(layer, kLargeSample, kRows);
  const auto x = uniform(kRows * 256 * 64, 1, 1), dy = uniform(x.size(), 1, 2);
  call.forward(x);
  call.backward(x, dy);
  MultiheadAttention module({.embed_dim = 64, .num_heads = 16, .batch_first = true, .sinks = true});
  module.set_reproducible(true);
  const float* from = call.learned.data();
  for (const Parameter& p : module.parameters()) {
    std::copy_n(from, p.values.size(), p.values.begin());
    from += p.values.size();
  }
  const ConstTensor tokens(x, {kRows, 256, 64});
  const auto want = module.forward(tokens, tokens, tokens,
                                   {.need_weights = false, .is_causal = Causal::top_left});
  EXPECT_EQ(bits(call.y), bits({want.output.data<float>(), call.y.size()}));
  module.backward({dy, {kRows, 256, 64}});
  std::span<const float> gradients = call.gradients;
  for (const Parameter& p : module.parameters()) {
    const auto got = gradients.first(p.gradients.size());
    if (p.name == "sinks") {  // the parts' sums are rounded
      expect_near(got, {p.gradients.begin(), p.gradients.end()}, 1e-5);
    } else {
      EXPECT_EQ(bits(got), bits(p.gradients)) << p.name;
    }
    gradients = gradients.subspan(got.size());
  }
}

TEST(SelfAttentions, CountTheirNoiseThroughAllParts) {
  Call all(kLarge, kLargeSample, 9);
  const auto x = uniform(9 * 256 * 64, 1, 1);
  all.forward(x);
  Call last(kLarge, kLargeSample, 1);
  last.noise.first += 8 * 16 * 256 * 256;
  constexpr std::size_t kSize = std::size_t{256} * 64;
  last.forward(std::span(x).subspan(8 * kSize));
  EXPECT_EQ(bits(last.y), bits(std::span(all.y).subspan(8 * kSize)));
}

TEST(SelfAttentions, DrawOtherNoiseInEachPass) {
  constexpr SelfAttention kLayer = {.embed_dim = 6, .num_heads = 2, .dropout = 0.4};
  const auto x = uniform(3 * 5 * 6, 1.5F, 1);
  Call call(kLayer, {5, 6}, 3);
  call.noise.first = std::uint64_t{1} << kNoiseBits;
  call.forward(x);
  Oracle oracle(kLayer, call, 5, x);
  const Doubles want = oracle(unbounded(call.noise));
  expect_near(call.y, want, 1e-6);
  EXPECT_NE(oracle(call.noise), want);  // what pass 0 draws behind the positions of a pass
}

// All bits of two steps.
std::vector<std::uint32_t> trained(const std::vector<Layer>& layers, int threads,
                                   bool reproducible) {
  constexpr std::size_t kRows = 9;
  Sequential net(kLargeSample, layers);
  net.set_reproducible(reproducible);
  net.initialize(Init::he_normal, 3);
  net.set_threads(threads);
  Optimizer optimizer(Adam{.lr = 0.01}, net);
  const auto x = uniform(kRows * 256 * 64, 1, 1);
  std::vector<std::uint32_t> all;
  const auto add = [&all](std::span<const float> numbers) {
    const auto some = bits(numbers);
    all.insert(all.end(), some.begin(), some.end());
  };
  for (int step = 0; step < 2; ++step) {
    const auto y = net.forward(x);
    add(y);
    net.backward(uniform(y.size(), 1, 7), optimizer);
  }
  for (const auto& p : net.parameters()) add(p.values);
  return all;
}

TEST(SelfAttentions, HaveTheSameBitsWithAnyThreads) {
  const std::vector<Layer> layers = {kLarge, Residual{LayerNorm{{64}}, kLarge}};
  const auto want = trained(layers, 1, false);
  for (const int threads : {2, 3}) EXPECT_TRUE(trained(layers, threads, false) == want) << threads;
}

TEST(SelfAttentions, HaveTheSameBitsOnEveryTargetIfReproducible) {
  const auto targets = testing::running_targets();
  const auto trained_on = [](kernels::Target target) {
    const testing::ForcedTarget forced(target);
    return trained({kLarge}, 2, true);
  };
  const auto want = trained_on(targets.front());
  for (const auto target : targets) {
    EXPECT_TRUE(trained_on(target) == want) << testing::name_of(target);
  }
}

TEST(SelfAttentions, DropInTrainingAlone) {
  const auto bits_of = [](double dropout, bool training) {
    Sequential net({6, 8}, SelfAttention{.embed_dim = 8, .num_heads = 2, .dropout = dropout});
    net.initialize(Init::he_normal, 1);
    net.set_training(training);
    const auto x = uniform(2 * 6 * 8, 1, 3);
    const auto first = bits(net.forward(x));
    EXPECT_EQ(bits(net.forward(x)) != first, training && dropout > 0);
    return first;
  };
  EXPECT_EQ(bits_of(0.5, false), bits_of(0, true));
  EXPECT_NE(bits_of(0.5, true), bits_of(0, true));
}

// Tokens 0 to 3 and one 4; the token behind that is the label.
struct Sentences {
  std::vector<float> x;
  std::vector<std::uint32_t> labels;
};

Sentences sentences(std::size_t rows, unsigned seed) {
  constexpr std::size_t kLength = 6;
  std::mt19937 random(seed);
  Sentences all;
  for (std::size_t r = 0; r < rows; ++r) {
    const std::size_t marker = random() % (kLength - 1);
    for (std::size_t i = 0; i < kLength; ++i) {
      all.x.push_back(i == marker ? 4.0F : static_cast<float>(random() % 4));
    }
    all.labels.push_back(static_cast<std::uint32_t>(all.x[r * kLength + marker + 1]));
  }
  return all;
}

TEST(Transformer, Learns) {
  const SelfAttention attention = {.embed_dim = 16, .num_heads = 4};
  const Residual attend{LayerNorm{{16}}, attention};
  const Residual feed{LayerNorm{{16}}, Linear{16, 32}, Gelu{}, Linear{32, 16}};
  Sequential net({6}, Embedding{5, 16}, LearnedPositionalEncoding{16, 6}, attend, feed, attend,
                 feed, LayerNorm{{16}}, Flatten{}, Linear{96, 4});
  net.initialize(Init::glorot_uniform, 1);
  Optimizer optimizer(Adam{.lr = 0.003}, net);
  for (unsigned step = 0; step < 1000; ++step) {
    const Sentences batch = sentences(32, 100 + step);
    const auto logits = net.forward(batch.x);
    std::vector<float> gradient(logits.size());
    cross_entropy(logits, batch.labels, gradient);
    net.backward(gradient, optimizer);
  }
  const Sentences fresh = sentences(200, 7);
  const LossSum sum = cross_entropy(net.forward(fresh.x), fresh.labels);
  EXPECT_GT(sum.correct, 190U);
}

}  // namespace
}  // namespace actfn::nn
