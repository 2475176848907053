// SPDX-License-Identifier: Apache-2.0
// Comparisons in a Transformer: its layers, its trainings, and what the probe sees there.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "data/recall.h"
#include "messages.h"
#include "network_runs.h"

namespace actfn::lab {
namespace {

using testing::message;

constexpr SampleForm kTokens = {SampleForm::Kind::tokens, {1, 5, 2}, 6};
constexpr SampleForm kImage = {SampleForm::Kind::image, {3, 4, 9}};

const data::Dataset& recall() {
  static const data::Dataset set = data::make({.pairs = 2, .keys = 3, .values = 3, .samples = 200});
  return set;
}

constexpr NetworkRuns kRuns = {"transformer", recall};

CompareSettings settings(const std::vector<Nonlinearity>& activations) {
  return kRuns.settings(activations);
}

std::string blocks(const std::string& activation, int units) {
  const std::string block =
      "residual(layer_norm(normalized_shape=64)+self_attention(embed_dim=64,num_heads=4))+"
      "residual(layer_norm(normalized_shape=64)+linear(in_features=64,out_features=" +
      std::to_string(units) + ")+" + activation + "+linear(in_features=128,out_features=64))+";
  return block + block + "layer_norm(normalized_shape=64)+flatten+";
}

TEST(Transformer, HasTheActivationBetweenTheLinearsOfItsBlocks) {
  EXPECT_EQ(kRuns.layers_of("gelu", kTokens),
            "embedding(num_embeddings=6,embedding_dim=32)+flatten(start_dim=2)+"
            "learned_positional_encoding(d_model=64,max_len=5)+" +
                blocks("gelu", 128) + "linear(in_features=320,out_features=3)");
  EXPECT_EQ(kRuns.layers_of("swiglu", kImage),
            "flatten(end_dim=2)+linear(in_features=9,out_features=64)+"
            "learned_positional_encoding(d_model=64,max_len=12)+" +
                blocks("swiglu", 256) + "linear(in_features=768,out_features=3)");
}

TEST(Transformer, RefusesWhatDoesNotFit) {
  const auto refused = [](const char* activation) {
    return message([&] { const Plan plan(settings({spec(activation)})); });
  };
  EXPECT_EQ(refused("prelu(num_parameters=128)"), "no error");
  EXPECT_EQ(refused("prelu(num_parameters=6)"),
            "[sequential] prelu's num_parameters must be 1 or the number of features, 128, got 6");
  EXPECT_EQ(refused("logsumexp"), "[logsumexp] gives one number for a row: no layer can follow it");
  const auto wanted = [](const SampleForm& form) {
    return message([&] { networks_of(settings({Relu{}}), form, 3); });
  };
  EXPECT_EQ(wanted(30),
            "[compare] --network transformer needs images or sequences of tokens, got 30 columns "
            "of numbers");
  EXPECT_EQ(wanted({SampleForm::Kind::image, {1, 1, 1}}), "no error");
  EXPECT_TRUE(wanted({SampleForm::Kind::image, {3, 100'000, 100}})
                  .starts_with("[compare] a network with relu needs "));
  CompareSettings mlp;
  mlp.activations = {Relu{}};
  EXPECT_EQ(message([&] { networks_of(mlp, kTokens, 3); }),
            "[compare] --network mlp needs images or columns of numbers, got sequences of 5 items "
            "of 2 tokens");
}

TEST(Transformer, HasAsManyParametersAsTheOthersWhereAsked) {
  CompareSettings s = settings({Relu{}, spec("swiglu")});
  s.match = "parameters";
  const auto matched = networks_of(s, kTokens, 3);
  const std::size_t plain = nn::parameter_count(matched[0]);
  EXPECT_LE(nn::parameter_count(matched[1]), plain * 101 / 100);
  EXPECT_GE(nn::parameter_count(matched[1]), plain * 99 / 100);
}

TEST(Transformer, Learns) {
  CompareSettings s = settings({Relu{}, spec("swiglu"), spec("prelu"), spec("crelu")});
  s.epochs = 12;
  s.batch = 8;
  const Comparison c = kRuns.run(s);
  for (const EpochResult& row : c.epochs) {
    if (row.epoch != 12) continue;
    EXPECT_LT(row.train.loss, 0.8 * c.chance.loss) << row.activation;
  }
}

TEST(Transformer, BitsDoNotDependOnJobsOrThreads) {
  expect_bits_without_jobs_and_threads(kRuns, settings({Relu{}, spec("swiglu"), spec("rrelu")}));
}

TEST(Transformer, TokensAreNotStandardised) {
  const Parts parts = parts_of(recall(), 0.5);
  for (const float x : parts.train.floats) EXPECT_EQ(x, std::floor(x));
}

TEST(Transformer, HiddenLayersAreInsideOfBlocks) {
  Probed c(kRuns, "relu");
  for (const std::size_t unit : {0U, 5U, 127U}) c.parameter("6.1.bias").values[unit] = -1000;
  const std::vector<LayerProbe> all = c.measure();
  ASSERT_EQ(all.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(all[i].layer, static_cast<int>(i) + 1);
    EXPECT_EQ(all[i].width, 128);
    EXPECT_GT(all[i].gradient_norm, 0);
  }
  EXPECT_GE(all[1].units->dead, 3.0 / 128);
}

// The layers up to there alone, with the same weights.
TEST(Transformer, PreActivationsAreThoseOfEveryToken) {
  Probed c(kRuns, "gelu");
  const std::vector<LayerProbe> all = c.measure();
  std::vector<nn::Layer> layers;
  for (std::size_t i = 0; i < 4; ++i) layers.push_back(c.network.parts[i].layer);
  layers.emplace_back(nn::LayerNorm{{64}});
  layers.emplace_back(nn::Linear{64, 128});
  nn::Sequential first({3, 2}, layers);
  for (const nn::Parameter& p : first.parameters()) {
    const bool is_last = p.name.starts_with("4.") || p.name.starts_with("5.");
    const std::string number = p.name.starts_with("4.") ? "4.0" : "4.1";
    std::ranges::copy(c.parameter(is_last ? number + p.name.substr(1) : p.name).values,
                      p.values.begin());
  }
  const auto z = first.forward(c.parts.validation.floats);
  const double mean = std::accumulate(z.begin(), z.end(), 0.0) / static_cast<double>(z.size());
  EXPECT_NEAR(all[0].units->mean, mean, 1e-6);
  EXPECT_EQ(std::accumulate(all[0].units->histogram.begin(), all[0].units->histogram.end(), 0U),
            c.parts.validation.count * 3 * 128);
}

// prelu inside of a block has a slope for all units; learnable functions have learned numbers.
TEST(Transformer, LearnedSlopesInsideOfBlocksCount) {
  expect_learned_slopes_count(kRuns, "4.1", "4.2");
}

TEST(Transformer, TheProbeChangesNoBit) {
  expect_probe_changes_nothing(
      kRuns, settings({spec("prelu+dropout"), spec("learnable(swish)"), spec("swiglu")}),
      3U * 3 * 2);
}

}  // namespace
}  // namespace actfn::lab
