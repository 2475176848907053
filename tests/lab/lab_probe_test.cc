// SPDX-License-Identifier: Apache-2.0
// What the probe measures: against numbers worked out by hand, and on made cases.
#include "lab/probe.h"

#include <actfn/nn/state_dict.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "lab/compare.h"
#include "lab/networks.h"
#include "lab/trainer.h"
#include "toy_data.h"

namespace actfn::lab {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// Two features, targets of a regression, and no validation part: all samples are probed.
Parts parts_of_rows(const std::vector<float>& x, const std::vector<float>& targets) {
  Parts parts;
  parts.train.count = targets.size();
  parts.train.features = x.size() / targets.size();
  parts.train.floats = x;
  parts.train.targets = targets;
  return parts;
}

// A network of one hidden layer, whose weights a test chooses.
struct Case {
  Case(const std::string& spec, int hidden, Parts samples, std::vector<float> weights,
       std::vector<float> biases)
      : parts(std::move(samples)), plan(settings(spec, hidden)) {
    const int in = static_cast<int>(parts.train.features);
    const auto network = networks_of(plan.settings, static_cast<std::size_t>(in), 1)[0];
    trainer.emplace(plan, network, plan.trainings[0], parts);
    const auto linears = trainer->network().linears();
    std::ranges::copy(weights, linears[0].weight.begin());
    std::ranges::copy(biases, linears[0].bias.begin());
    std::ranges::fill(linears[1].weight, 1.0F);
    probe.emplace(trainer->network().layers(), parts, 256, Probe::Scope::all);
  }

  static CompareSettings settings(const std::string& spec, int hidden) {
    CompareSettings s;
    s.activations = {Nonlinearity(nn::parse_layers(spec))};
    s.seeds = {1};
    s.hidden = {hidden};
    s.validation = 0;
    return s;
  }

  LayerProbe measure() {
    const std::vector<LayerProbe> all = probe->measure(trainer->network(), 0);
    EXPECT_EQ(all.size(), 1U);
    return all.front();
  }
  Units units() { return measure().units.value(); }

  Parts parts;
  Plan plan;
  std::optional<Trainer> trainer;
  std::optional<Probe> probe;
};

// x = (1, 0) and (0, 2); W = (1 -1; 2 -3), b = (0.5, 0): z = (1.5 -1) and (4.5 -6).
// y = relu(z) (1 1) = 1.5 and 4.5; the targets are 1 and 5, so dy = 2 (y - t) / 2 = 0.5 and -0.5.
// dW = x^T (dy f'(z)) = (0.5 0; -1 0).
TEST(Probe, GivesTheNumbersWorkedOutByHand) {
  Case c("relu", 2, parts_of_rows({1, 0, 0, 2}, {1, 5}), {1, -1, 2, -3}, {0.5, 0});
  const LayerProbe got = c.measure();
  EXPECT_EQ(got.layer, 1);
  EXPECT_EQ(got.width, 2);
  EXPECT_NEAR(got.gradient_norm, std::sqrt(1.25), 1e-6);
  ASSERT_TRUE(got.units);
  EXPECT_EQ(got.units->dead, 0.5);  // the second unit
  EXPECT_EQ(got.units->saturated, 0.5);
  EXPECT_NEAR(got.units->mean, -0.25, 1e-6);
  EXPECT_NEAR(got.units->deviation,
              std::sqrt((1.75 * 1.75 + 0.75 * 0.75 + 4.75 * 4.75 + 5.75 * 5.75) / 4), 1e-6);
  std::array<std::uint32_t, Units::kBins> bins{};
  for (const std::size_t bin : {0U, 10U, 15U, 21U}) bins[bin] = 1;  // -6, -1, 1.5, 4.5
  EXPECT_EQ(got.units->histogram, bins);
}

TEST(Probe, WhatIsBeyondTheBinsIsInThoseAtTheEnds) {
  Case c("tanh", 3, parts_of_rows({1, 1}, {0, 0}), {0, 0, 0}, {1e30F, -6.5F, 6});
  const Units units = c.units();
  EXPECT_EQ(units.histogram[0], 2U);
  EXPECT_EQ(units.histogram[Units::kBins - 1], 4U);
}

// With a bias of -1000 no sample gets through relu; tanh and sigmoid underflow to a slope of 0.
TEST(Probe, AUnitWithoutGradientIsDead) {
  for (const std::string spec : {"relu", "sigmoid", "tanh", "hardtanh", "relu6", "gelu"}) {
    Case c(spec, 4, parts_of_rows({1, 2, 3}, {0, 0, 0}), {0.5, 0.5, 0.5, 0.5},
           {-1000, 0, -1000, 0});
    EXPECT_EQ(c.units().dead, 0.5) << spec;
  }
  for (const std::string spec : {"leaky_relu", "prelu", "identity", "softsign"}) {
    Case c(spec, 2, parts_of_rows({1, 2, 3}, {0, 0, 0}), {0.5, 0.5}, {-1000, 0});
    EXPECT_EQ(c.units().dead, 0) << spec;
  }
}

// relu that one sample in 20 gets through is saturated and not dead; one in 8 is neither.
TEST(Probe, AUnitThatIsMostlyOffIsSaturated) {
  std::vector<float> x(40, -1.0F);
  x[0] = x[1] = 1;
  Case c("relu", 1, parts_of_rows(x, std::vector<float>(40)), {1}, {0});
  EXPECT_EQ(c.units().dead, 0);
  EXPECT_EQ(c.units().saturated, 1);
  for (std::size_t i = 0; i < 5; ++i) x[i] = 1;
  Case often("relu", 1, parts_of_rows(x, std::vector<float>(40)), {1}, {0});
  EXPECT_EQ(often.units().saturated, 0);
}

struct Steep {
  std::string spec;
  float inside, outside;  // of the place where the slope is a tenth of the steepest
};

// sigmoid: s (1 - s) = 0.025 at 3.644. tanh: 1 - tanh^2 = 0.1 at 1.818. gelu's steepest slope is
// 1.129, at 1.414; at -0.4 it is 0.197, at -4 almost 0.
TEST(Probe, SaturationBeginsAtATenthOfTheSteepestSlope) {
  for (const auto& [spec, inside, outside] :
       {Steep{"sigmoid", 3.6F, 3.7F}, Steep{"sigmoid", -3.6F, -3.7F}, Steep{"tanh", 1.8F, 1.85F},
        Steep{"hardtanh", 0.99F, 1.01F}, Steep{"relu", 0.01F, -0.01F},
        Steep{"hardsigmoid", 2.9F, 3.1F}, Steep{"hardtanh(min_val=-20,max_val=20)", 19, 21}}) {
    Case c(spec, 2, parts_of_rows({0, 0}, {0, 0}), {0, 0}, {inside, outside});
    EXPECT_EQ(c.units().saturated, 0.5) << spec << " " << inside;
  }
  Case gelu("gelu", 3, parts_of_rows({0}, {0}), {0, 0, 0}, {-0.4F, -4, 4});
  EXPECT_NEAR(gelu.units().saturated, 1.0 / 3, 1e-12);
}

// With slopes of its own, each unit has a steepest slope of its own, as it is after training.
TEST(Probe, LearnedSlopesCount) {
  Case c("prelu(num_parameters=2,init=0)", 2, parts_of_rows({1, 1}, {0, 0}), {-1, -1}, {0, 0});
  EXPECT_EQ(c.units().dead, 1);
  c.trainer->network().learned()[0].values[1] = 0.5F;
  EXPECT_EQ(c.units().dead, 0.5);
  EXPECT_EQ(c.units().saturated, 0.5);
  // Beside 11, 1 is less than a tenth.
  Case steep("prelu(num_parameters=2,init=11)", 2, parts_of_rows({1, 1}, {0, 0}), {1, -1}, {0, 0});
  EXPECT_EQ(steep.units().saturated, 0.5);
}

TEST(Probe, WithoutACurveThereAreGradientsOnly) {
  Case c("swiglu", 2, parts_of_rows({1, 2}, {3, 5}), {}, {});
  const LayerProbe got = c.measure();
  EXPECT_GT(got.gradient_norm, 0);
  EXPECT_EQ(got.width, 4);
  EXPECT_FALSE(got.units);
}

TEST(Probe, NumbersThatAreNoLongerFiniteAreShownAsSuch) {
  Case c("relu", 1, parts_of_rows({1, 1}, {0, 0}), {static_cast<float>(kNan)}, {0});
  const LayerProbe got = c.measure();
  EXPECT_TRUE(std::isnan(got.gradient_norm));
  EXPECT_TRUE(std::isnan(got.units->mean));
  EXPECT_EQ(got.units->dead, 0);
  EXPECT_EQ(got.units->histogram, (std::array<std::uint32_t, Units::kBins>{}));
}

// What inspect measures besides.

// The activations of the case above: (1.5 0) and (4.5 0).
TEST(Instruments, GiveTheNumbersWorkedOutByHand) {
  Case c("relu", 2, parts_of_rows({1, 0, 0, 2}, {1, 5}), {1, -1, 2, -3}, {0.5, 0});
  const Instruments first = c.measure().more.value();
  EXPECT_NEAR(first.mean, 1.5, 1e-6);
  EXPECT_NEAR(first.variance, 3.375, 1e-6);
  EXPECT_NEAR(first.weight_norm, std::sqrt(15.0), 1e-6);
  EXPECT_EQ(first.change, 0.0);
  EXPECT_NEAR(first.effective_rank, 1, 1e-7);
  c.trainer->network().linears()[0].weight[0] = 4;  // 3 more than at first
  EXPECT_NEAR(c.measure().more.value().change.value(), 3 / std::sqrt(15.0), 1e-6);
}

TEST(Instruments, HaveTheFeaturesOfFunctionsWithoutACurve) {
  Case c("swiglu", 2, parts_of_rows({1, 2, 0.5, 3}, {3, 5, 1, 2}), {}, {});
  const LayerProbe got = c.measure();
  EXPECT_FALSE(got.units);
  EXPECT_GT(got.more.value().effective_rank, 0);
  EXPECT_LE(got.more.value().effective_rank, 2);
}

TEST(Instruments, AreLeftOutWhereNobodyAsksForThem) {
  Case c("relu", 2, parts_of_rows({1, 2}, {0, 0}), {1, 1}, {0, 0});
  Probe some(c.trainer->network().layers(), c.parts, 256, Probe::Scope::some);
  EXPECT_FALSE(some.measure(c.trainer->network(), 0).front().more);
}

// Layers as in networks of others: behind a normalisation, in a Residual, without a function.
TEST(Instruments, FindTheLayersOfAnyNetwork) {
  const auto layers = nn::parse_network(
      "linear(4,6)+layer_norm(6)+relu+dropout+residual(linear(6,8)+gelu+linear(8,6)+tanh)+"
      "linear(6,5)+linear(5,1)");
  nn::Sequential network(layers);
  network.initialize(nn::Init::glorot_uniform, 1);
  const Parts parts = parts_of_rows({1, 2, 3, 4, -1, 0, 1, 0, 2, 2, 0, 1}, {0, 1, 2});
  Probe probe(network.layers(), parts, 256, Probe::Scope::all);
  EXPECT_EQ(probe.layers(), 3U);
  const auto all = probe.measure(network, 0);
  ASSERT_EQ(all.size(), 3U);
  const int widths[] = {6, 8, 6};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(all[i].width, widths[i]);
    EXPECT_EQ(all[i].layer, static_cast<int>(i) + 1);
    EXPECT_TRUE(all[i].units);
    EXPECT_GT(all[i].gradient_norm, 0);
    EXPECT_GT(all[i].more.value().weight_norm, 0);
  }
  EXPECT_TRUE(std::isfinite(all[1].more.value().effective_rank));
  // A Residual does not keep what its last layer gives.
  EXPECT_TRUE(std::isnan(all[2].more.value().effective_rank));
}

TEST(Instruments, OfAConvolutionHaveARowForEachPlace) {
  nn::Sequential network({1, 4, 4}, nn::parse_network("conv2d(1,3,3)+batch_norm2d(3)+relu+flatten+"
                                                      "linear(12,1)"));
  network.initialize(nn::Init::he_normal, 1);
  std::vector<float> x(16 * 5);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * 7 % 11);
  const Parts parts = parts_of_rows(x, {0, 1, 2, 1, 0});
  Probe probe(network.layers(), parts, 4, Probe::Scope::all);
  const auto all = probe.measure(network, 0);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].width, 3);
  std::uint32_t counted = 0;
  for (const std::uint32_t n : all[0].units.value().histogram) counted += n;
  EXPECT_EQ(counted, 4U * 3 * 4);  // samples, channels, places
  EXPECT_LE(all[0].more.value().effective_rank, 3.0001);
}

// Trainings with and without.

CompareSettings settings() {
  CompareSettings s;
  s.activations = {Relu{}, Nonlinearity(nn::parse_layers("rrelu")),
                   Nonlinearity(nn::parse_layers("prelu+dropout")),
                   Nonlinearity(nn::parse_layers("learnable(swish)")),
                   Nonlinearity(nn::parse_layers("swiglu"))};
  s.seeds = {3, 1};
  s.hidden = {8, 6};
  s.epochs = 3;
  return s;
}

Comparison run(const CompareSettings& s, std::span<const EpochResult> earlier = {},
               std::span<const LayerProbe> probes = {}) {
  static const data::Dataset data = testing::toy_data();
  std::vector<Live> live(static_cast<std::size_t>(s.jobs));
  const auto nothing = [](const EpochResult&) {};
  return compare(Plan(s), data, live, {}, {nothing, nothing}, earlier, probes);
}

TEST(Probe, ChangesNoBitOfATraining) {
  CompareSettings without = settings();
  without.probe = false;
  const Comparison a = run(settings());
  const Comparison b = run(without);
  EXPECT_TRUE(b.probes.empty());
  ASSERT_EQ(a.epochs.size(), b.epochs.size());
  for (std::size_t i = 0; i < a.epochs.size(); ++i) {
    EXPECT_EQ(a.epochs[i].train.loss, b.epochs[i].train.loss);
    EXPECT_EQ(a.epochs[i].validation->loss, b.epochs[i].validation->loss);
    ASSERT_EQ(a.epochs[i].sha256.has_value(), b.epochs[i].sha256.has_value());
    if (!a.epochs[i].sha256) continue;
    EXPECT_EQ(a.epochs[i].sha256->last_weights, b.epochs[i].sha256->last_weights);
    EXPECT_EQ(a.epochs[i].sha256->test_logits, b.epochs[i].sha256->test_logits);
  }
}

TEST(Instruments, ChangeNoBitOfATraining) {
  CompareSettings with = settings();
  with.inspect = true;
  with.every = 2;
  with.samples = 7;
  const Comparison a = run(with);
  const Comparison b = run(settings());
  ASSERT_EQ(a.epochs.size(), b.epochs.size());
  for (std::size_t i = 0; i < a.epochs.size(); ++i) {
    EXPECT_EQ(a.epochs[i].train.loss, b.epochs[i].train.loss);
    if (!a.epochs[i].sha256) continue;
    EXPECT_EQ(a.epochs[i].sha256->last_weights, b.epochs[i].sha256->last_weights);
  }
}

// Of three epochs: before the first, after the second and the last.
TEST(Instruments, LookAtEverySecondEpochAndTheLast) {
  CompareSettings s = settings();
  s.inspect = true;
  s.every = 2;
  const Comparison c = run(s);
  std::vector<int> epochs;
  for (const LayerProbe& p : c.probes) {
    ASSERT_TRUE(p.more);
    if (p.activation == 0 && p.seed == 3 && p.layer == 1) epochs.push_back(p.epoch);
    EXPECT_EQ(p.epoch == 0, p.more->training_seconds == 0);
    EXPECT_EQ(p.epoch == 0, p.more->change.value() == 0);
  }
  EXPECT_EQ(epochs, (std::vector<int>{0, 2, 3}));
}

TEST(Probe, IsOfEachLayerAndEpochInOrder) {
  CompareSettings s = settings();
  s.jobs = 2;
  const Comparison c = run(s);
  ASSERT_EQ(c.probes.size(), 2 * c.epochs.size());
  for (std::size_t i = 0; i < c.probes.size(); ++i) {
    const LayerProbe& p = c.probes[i];
    const EpochResult& row = c.epochs[i / 2];
    EXPECT_EQ(p.activation, row.activation);
    EXPECT_EQ(p.seed, row.seed);
    EXPECT_EQ(p.lr, row.lr);
    EXPECT_EQ(p.epoch, row.epoch);
    EXPECT_EQ(p.layer, static_cast<int>(i % 2) + 1);
    EXPECT_EQ(p.units.has_value(), p.activation != 4);
    EXPECT_EQ(p.width, (p.layer == 1 ? 8 : 6) * (p.activation == 4 ? 2 : 1));
    EXPECT_GT(p.gradient_norm, 0);
  }
}

// Of the trainings that an earlier run has to their end; others are measured anew.
TEST(Probe, EarlierOnesAreTaken) {
  const CompareSettings s = settings();
  const Comparison whole = run(s);
  std::vector<EpochResult> earlier(whole.epochs.begin(), whole.epochs.begin() + 4 + 2);
  std::vector<LayerProbe> probes(whole.probes.begin(), whole.probes.begin() + 8 + 4);
  probes[0].gradient_norm = 77;
  probes[8].gradient_norm = 77;  // of the second training, which has two epochs of four
  const Comparison again = run(s, earlier, probes);
  ASSERT_EQ(again.probes.size(), whole.probes.size());
  EXPECT_EQ(again.probes[0].gradient_norm, 77);
  for (std::size_t i = 1; i < whole.probes.size(); ++i) {
    EXPECT_EQ(again.probes[i].gradient_norm, whole.probes[i].gradient_norm) << i;
  }
}

}  // namespace
}  // namespace actfn::lab
