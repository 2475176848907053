// SPDX-License-Identifier: Apache-2.0
// Comparisons in a Transformer: its layers, its trainings, and what the probe sees there.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "data/recall.h"
#include "lab/compare.h"
#include "lab/networks.h"
#include "lab/networks/network.h"
#include "lab/probe.h"
#include "messages.h"

namespace actfn::lab {
namespace {

using testing::message;

constexpr SampleForm kTokens = {SampleForm::Kind::tokens, {1, 5, 2}, 6};
constexpr SampleForm kImage = {SampleForm::Kind::image, {3, 4, 9}};

Nonlinearity spec(const std::string& text) { return Nonlinearity(nn::parse_layers(text)); }

CompareSettings settings(const std::vector<Nonlinearity>& activations) {
  CompareSettings s = network_named("transformer").defaults();
  s.activations = activations;
  s.seeds = {7};
  s.epochs = 2;
  return s;
}

const data::Dataset& recall() {
  static const data::Dataset set = data::make({.pairs = 2, .keys = 3, .values = 3, .samples = 200});
  return set;
}

Comparison run(const CompareSettings& s) {
  std::vector<Live> live(static_cast<std::size_t>(s.jobs));
  const auto nothing = [](const EpochResult&) {};
  return compare(Plan(s), recall(), live, {}, {nothing, nothing});
}

std::string layers_of(const std::string& activation, const SampleForm& form) {
  const auto network = networks_of(settings({spec(activation)}), form, 3).front();
  std::vector<nn::Layer> layers;
  for (const nn::Part& part : network.parts) layers.push_back(part.layer);
  return nn::to_string(layers);
}

std::string blocks(const std::string& activation, int units) {
  const std::string block =
      "residual(layer_norm(normalized_shape=64)+self_attention(embed_dim=64,num_heads=4))+"
      "residual(layer_norm(normalized_shape=64)+linear(in_features=64,out_features=" +
      std::to_string(units) + ")+" + activation + "+linear(in_features=128,out_features=64))+";
  return block + block + "layer_norm(normalized_shape=64)+flatten+";
}

TEST(Transformer, HasTheActivationBetweenTheLinearsOfItsBlocks) {
  EXPECT_EQ(layers_of("gelu", kTokens),
            "embedding(num_embeddings=6,embedding_dim=32)+flatten(start_dim=2)+"
            "learned_positional_encoding(d_model=64,max_len=5)+" +
                blocks("gelu", 128) + "linear(in_features=320,out_features=3)");
  EXPECT_EQ(layers_of("swiglu", kImage),
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
  const Comparison c = run(s);
  for (const EpochResult& row : c.epochs) {
    if (row.epoch != 12) continue;
    EXPECT_LT(row.train.loss, 0.8 * c.chance.loss) << row.activation;
  }
}

TEST(Transformer, BitsDoNotDependOnJobsOrThreads) {
  CompareSettings s = settings({Relu{}, spec("swiglu"), spec("rrelu")});
  for (const bool reproducible : {false, true}) {
    s.reproducible = reproducible;
    s.jobs = s.threads = 1;
    const Comparison one = run(s);
    s.jobs = s.threads = 3;
    const Comparison more = run(s);
    ASSERT_EQ(one.epochs.size(), more.epochs.size());
    for (std::size_t i = 0; i < one.epochs.size(); ++i) {
      ASSERT_EQ(one.epochs[i].sha256.has_value(), more.epochs[i].sha256.has_value());
      if (!one.epochs[i].sha256) continue;
      EXPECT_EQ(one.epochs[i].sha256->last_weights, more.epochs[i].sha256->last_weights);
      EXPECT_EQ(one.epochs[i].sha256->test_logits, more.epochs[i].sha256->test_logits);
    }
  }
}

// A training that the probe looks into.
struct Probed {
  explicit Probed(const std::string& activation)
      : parts(parts_of(recall(), 0.5)),
        plan(settings({spec(activation)})),
        network(networks_of(plan.settings, form_of(recall()), 3).front()),
        trainer(plan, network, plan.trainings[0], parts),
        probe(network, plan.settings.activations[0], parts) {}

  nn::Parameter parameter(std::string_view name) {
    const auto all = trainer.network().parameters();
    return *std::ranges::find(all, name, &nn::Parameter::name);
  }

  Parts parts;
  Plan plan;
  nn::Architecture network;
  Trainer trainer;
  Probe probe;
};

TEST(Transformer, TokensAreNotStandardised) {
  const Parts parts = parts_of(recall(), 0.5);
  for (const float x : parts.train.floats) EXPECT_EQ(x, std::floor(x));
}

TEST(Transformer, HiddenLayersAreInsideOfBlocks) {
  Probed c("relu");
  for (const std::size_t unit : {0U, 5U, 127U}) c.parameter("6.1.bias").values[unit] = -1000;
  const std::vector<LayerProbe> all = c.probe.measure(c.trainer);
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
  Probed c("gelu");
  const std::vector<LayerProbe> all = c.probe.measure(c.trainer);
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
  Probed c("prelu");
  std::ranges::fill(c.parameter("4.1.weight").values, 0.0F);
  std::ranges::fill(c.parameter("4.1.bias").values, -1.0F);
  EXPECT_EQ(c.probe.measure(c.trainer)[0].units->dead, 0);
  c.parameter("4.2.weight").values[0] = 0;
  EXPECT_EQ(c.probe.measure(c.trainer)[0].units->dead, 1);
}

TEST(Transformer, TheProbeChangesNoBit) {
  CompareSettings s = settings({spec("prelu+dropout"), spec("learnable(swish)"), spec("swiglu")});
  const Comparison with = run(s);
  s.probe = false;
  const Comparison without = run(s);
  EXPECT_EQ(with.probes.size(), 3U * 3 * 2);
  for (const std::size_t i : {2U, 5U, 8U}) {
    EXPECT_EQ(with.epochs[i].sha256->last_weights, without.epochs[i].sha256->last_weights);
  }
}

}  // namespace
}  // namespace actfn::lab
