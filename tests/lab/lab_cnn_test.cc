// SPDX-License-Identifier: Apache-2.0
// Comparisons in a convolutional network: its layers, its trainings, and what the probe sees there.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "messages.h"
#include "network_runs.h"

namespace actfn::lab {
namespace {

using testing::message;

constexpr SampleForm kSmall = {SampleForm::Kind::image, {1, 13, 14}};

// A stripe at a height for each class.
data::Samples striped(std::size_t count, unsigned seed) {
  data::Samples set;
  set.count = count;
  set.features = kSmall.size();
  std::mt19937 random(seed);
  for (std::size_t i = 0; i < count; ++i) {
    set.labels.push_back(static_cast<std::uint32_t>(random() % 3));
    for (std::size_t pixel = 0; pixel < kSmall.size(); ++pixel) {
      const bool lit = pixel / kSmall.shape.width / 4 == set.labels.back();
      set.bytes.push_back(static_cast<std::uint8_t>((lit ? 120 : 0) + random() % 130));
    }
  }
  return set;
}

const data::Dataset& images() {
  static const data::Dataset set = [] {
    data::Dataset made;
    made.shape = kSmall.shape;
    made.classes = {"0", "1", "2"};
    made.train = striped(200, 1);
    made.test = striped(60, 2);
    return made;
  }();
  return set;
}

constexpr NetworkRuns kRuns = {"cnn", images};

CompareSettings settings(const std::vector<Nonlinearity>& activations) {
  return kRuns.settings(activations);
}

std::string layers_of(const std::string& activation) { return kRuns.layers_of(activation, kSmall); }

TEST(Cnn, HasTheActivationBehindBothConvolutionsAndTheLinear) {
  EXPECT_EQ(layers_of("relu"),
            "conv2d(in_channels=1,out_channels=6,kernel_size=5,padding=2)+relu+"
            "max_pool2d(kernel_size=2)+conv2d(in_channels=6,out_channels=16,kernel_size=5)+relu+"
            "max_pool2d(kernel_size=2)+flatten+linear(in_features=16,out_features=120)+relu+"
            "linear(in_features=120,out_features=3)");
}

TEST(Cnn, LayersGiveWhatTheActivationTakes) {
  EXPECT_EQ(layers_of("swiglu"),
            "conv2d(in_channels=1,out_channels=12,kernel_size=5,padding=2)+swiglu+"
            "max_pool2d(kernel_size=2)+conv2d(in_channels=6,out_channels=32,kernel_size=5)+swiglu+"
            "max_pool2d(kernel_size=2)+flatten+linear(in_features=16,out_features=240)+swiglu+"
            "linear(in_features=120,out_features=3)");
  const std::string halved = layers_of("crelu");
  for (const char* part : {"out_channels=3,", "out_channels=8,", "out_features=60)"}) {
    EXPECT_NE(halved.find(part), std::string::npos) << halved;
  }
  const std::string grouped = layers_of("maxout(group=3)");
  for (const char* part : {"out_channels=18,", "out_channels=48,", "out_features=360)"}) {
    EXPECT_NE(grouped.find(part), std::string::npos) << grouped;
  }
}

TEST(Cnn, RefusesWhatDoesNotFit) {
  const auto refused = [](const char* activation) {
    return message([&] { const Plan plan(settings({spec(activation)})); });
  };
  EXPECT_EQ(refused("prelu"), "no error");
  EXPECT_EQ(refused("softmax2d+gelu"), "no error");
  EXPECT_EQ(refused("prelu(num_parameters=6)"),
            "[sequential] prelu's num_parameters must be 1 or the number of features, 16, got 6");
  EXPECT_EQ(refused("logsumexp"), "[logsumexp] gives one number for a row: no layer can follow it");
  EXPECT_EQ(refused("crelu+crelu+crelu"), "[crelu] gives a multiple of 2 features, not 3");
}

TEST(Cnn, WantsImages) {
  const CompareSettings s = settings({Relu{}});
  const auto refused = [&](const SampleForm& form) {
    return message([&] { networks_of(s, form, 3); });
  };
  using Kind = SampleForm::Kind;
  EXPECT_EQ(refused(kSmall), "no error");
  EXPECT_EQ(refused(30), "[compare] --network cnn needs images, got 30 columns of numbers");
  EXPECT_EQ(refused(1), "[compare] --network cnn needs images, got 1 column of numbers");
  EXPECT_EQ(refused({Kind::tokens, {1, 9, 1}, 4}),
            "[compare] --network cnn needs images, got sequences of 9 items of 1 token");
  EXPECT_EQ(refused({Kind::image, {3, 12, 11}}),
            "[compare] --network cnn needs images of at least 12x12, got images of 3x12x11");
  EXPECT_EQ(refused({Kind::image, {3, 12, 12}}), "no error");
  data::Dataset table = images();
  table.feature_names.assign(kSmall.size(), "x");
  EXPECT_EQ(message([&] { require_data(s, table); }),
            "[compare] --network cnn needs images, got 182 columns of numbers");
}

TEST(Cnn, RefusesImagesBeyondMemory) {
  const CompareSettings s = settings({Relu{}});
  const auto with = [&](const data::SampleShape& shape) {
    return message([&] { networks_of(s, {SampleForm::Kind::image, shape}, 10); });
  };
  EXPECT_TRUE(with({3, 8'000, 8'000}).starts_with("[compare] a network with relu needs "));
  EXPECT_TRUE(with({1, 2'000'000'000, 2'000'000'000}).starts_with("[sequential] samples must"));
}

TEST(Networks, HaveNames) {
  const std::string unknown = message([] { network_named("cn"); });
  EXPECT_TRUE(unknown.starts_with("[compare] network must be mlp")) << unknown;
  EXPECT_TRUE(unknown.ends_with("got 'cn'; did you mean cnn?")) << unknown;
  CompareSettings s = settings({Relu{}});
  s.hidden = {128};
  EXPECT_EQ(message([&] { const Plan plan(s); }),
            "[compare] hidden is for --network mlp: cnn has widths of its own");
  for (const Network* network : all_networks()) {
    EXPECT_EQ(network->defaults().network, network->name);
    EXPECT_EQ(network->needs(network->usual), "");
  }
}

TEST(Cnn, HasAsManyParametersAsTheOthersWhereAsked) {
  CompareSettings s = settings({Relu{}, spec("swiglu")});
  const auto wide = networks_of(s, kSmall, 10);
  const std::size_t plain = 26 * 6 + 151 * 16 + 17 * 120 + 121 * 10;
  EXPECT_EQ(nn::parameter_count(wide[0]), plain);
  EXPECT_EQ(nn::parameter_count(wide[1]), 26 * 12 + 151 * 32 + 17 * 240 + 121 * 10);
  s.match = "parameters";
  const auto matched = networks_of(s, kSmall, 10);
  EXPECT_EQ(nn::parameter_count(matched[0]), plain);
  EXPECT_LE(nn::parameter_count(matched[1]), plain * 101 / 100);
  EXPECT_GE(nn::parameter_count(matched[1]), plain * 85 / 100);  // channels are few
}

TEST(Cnn, Learns) {
  CompareSettings s = settings({Relu{}, spec("swiglu"), spec("prelu"), spec("crelu")});
  s.epochs = 12;
  s.batch = 16;
  const Comparison c = kRuns.run(s);
  ASSERT_EQ(c.epochs.size(), 4U * 13);
  for (const EpochResult& row : c.epochs) {
    if (row.epoch != 12) continue;
    EXPECT_GT(row.test->accuracy, 0.9) << row.activation;
  }
}

TEST(Cnn, BitsDoNotDependOnJobsOrThreads) {
  expect_bits_without_jobs_and_threads(kRuns, settings({Relu{}, spec("swiglu"), spec("rrelu")}));
}

TEST(Cnn, UnitsOfAConvolutionAreItsChannels) {
  Probed c(kRuns, "relu");
  c.parameter("0.bias").values[1] = -1000;  // no place of this channel gets through
  c.parameter("3.bias").values[2] = -1000;
  c.parameter("3.bias").values[9] = -1000;
  const std::vector<LayerProbe> all = c.measure();
  ASSERT_EQ(all.size(), 3U);
  const int widths[] = {6, 16, 120};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(all[i].layer, static_cast<int>(i) + 1);
    EXPECT_EQ(all[i].width, widths[i]);
    EXPECT_GT(all[i].gradient_norm, 0);
  }
  EXPECT_EQ(all[0].units->dead, 1.0 / 6);
  EXPECT_GE(all[1].units->dead, 2.0 / 16);
}

// The first convolution alone, with the same weights.
TEST(Cnn, PreActivationsAreThoseOfEveryPlace) {
  Probed c(kRuns, "sigmoid");
  const std::vector<LayerProbe> all = c.measure();
  nn::Sequential first(
      {1, 13, 14}, nn::Conv2d{.in_channels = 1, .out_channels = 6, .kernel_size = 5, .padding = 2},
      actfn::Identity{});
  std::ranges::copy(c.parameter("0.weight").values, first.parameters()[0].values.begin());
  std::vector<float> x;
  for (const std::uint8_t byte : c.parts.validation.bytes) {
    x.push_back(static_cast<float>(byte) * kPixelScale);
  }
  const auto z = first.forward(x);
  const double mean = std::accumulate(z.begin(), z.end(), 0.0) / static_cast<double>(z.size());
  EXPECT_NEAR(all[0].units->mean, mean, 1e-6);
  EXPECT_EQ(std::accumulate(all[0].units->histogram.begin(), all[0].units->histogram.end(), 0U),
            c.parts.validation.count * 6 * 13 * 14);
}

// Channel 0 is where sigmoid has a fortieth of its steepest slope, at 6; the others are near 0.
TEST(Cnn, SaturationIsOfChannels) {
  Probed c(kRuns, "sigmoid");
  std::ranges::fill(c.parameter("0.weight").values, 0.0F);
  c.parameter("0.bias").values[0] = 6;
  EXPECT_EQ(c.measure()[0].units->saturated, 1.0 / 6);
}

// PReLU has a slope for each channel.
TEST(Cnn, LearnedSlopesOfChannelsCount) { expect_learned_slopes_count(kRuns, "0", "1"); }

TEST(Cnn, TheProbeChangesNoBit) {
  expect_probe_changes_nothing(kRuns, settings({spec("prelu+dropout"), spec("swiglu")}),
                               2U * 3 * 3);
}

}  // namespace
}  // namespace actfn::lab
