// SPDX-License-Identifier: Apache-2.0
// Layers besides Linear and activations: their gradients in a network, their text, what they
// refuse, and how those that draw and those that learn behave in training.
#include <actfn/error.h>
#include <actfn/nn/nn.h>

#include "instances.h"
#include "messages.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace actfn::nn {
namespace {

using actfn::testing::message;

constexpr int kInputs = 6;
constexpr int kBetween = 8;
constexpr int kOutputs = 3;
constexpr std::size_t kRows = 5;

std::vector<float> numbers(std::size_t n, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  std::vector<float> x(n);
  for (float& v : x) v = normal(generator);
  return x;
}

// Linear, what `spec` names, Linear.
Sequential network(const std::string& spec) {
  const auto between = parse_layers(spec);
  std::vector<Layer> layers = {Linear{kInputs, in_features_for(between, kBetween)}};
  layers.insert(layers.end(), between.begin(), between.end());
  layers.emplace_back(Linear{kBetween, kOutputs});
  return Sequential(layers);
}

const std::vector<float>& x() {
  static const auto all = numbers(kRows * kInputs, 1);
  return all;
}
const std::vector<float>& weights() {
  static const auto all = numbers(kRows * kOutputs, 2);
  return all;
}

double loss(Sequential& net) {
  const auto y = net.forward(x());
  double sum = 0;
  for (std::size_t i = 0; i < y.size(); ++i) sum += static_cast<double>(y[i]) * weights()[i];
  return sum;
}

std::vector<std::span<float>> values(Sequential& net) {
  std::vector<std::span<float>> all;
  for (const auto& l : net.linears()) all.insert(all.end(), {l.weight, l.bias});
  for (const auto& l : net.learned()) all.push_back(l.values);
  return all;
}
std::vector<float> gradients(Sequential& net) {
  std::vector<float> all;
  const auto add = [&](std::span<const float> g) { all.insert(all.end(), g.begin(), g.end()); };
  for (const auto& l : net.linears()) {
    add(l.weight_gradient);
    add(l.bias_gradient);
  }
  for (const auto& l : net.learned()) add(l.gradients);
  return all;
}

class Layers : public ::testing::TestWithParam<std::string> {};

// Along a random direction the loss changes as the gradient says.
TEST_P(Layers, GradientsAreThoseOfTheLoss) {
  Sequential net = network(GetParam());
  net.initialize(Init::he_normal, 3);
  const auto noise = [&net] {  // the same for every pass below
    std::vector<std::vector<float>> kept;
    for (const auto v : values(net)) kept.emplace_back(v.begin(), v.end());
    net.initialize(Init::he_normal, 3);
    std::size_t i = 0;
    for (const auto v : values(net)) std::copy(kept[i].begin(), kept[i].end(), v.begin()), ++i;
  };
  loss(net);
  net.backward(weights());
  const auto gradient = gradients(net);
  const auto direction = numbers(gradient.size(), 4);
  const auto moved = [&](float by) {
    std::size_t i = 0;
    for (const auto v : values(net)) {
      for (float& one : v) one += by * direction[i++];
    }
    noise();
    const double there = loss(net);
    i = 0;
    for (const auto v : values(net)) {
      for (float& one : v) one -= by * direction[i++];
    }
    return there;
  };
  constexpr float kStep = 0x1p-9F;
  const double change = (moved(kStep) - moved(-kStep)) / (2 * kStep);
  double want = 0;
  double size = 0;
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    want += static_cast<double>(gradient[i]) * direction[i];
    size += std::abs(static_cast<double>(gradient[i]) * direction[i]);
  }
  EXPECT_GT(size, 0);
  EXPECT_NEAR(change, want, 2e-3 * size);
}

TEST_P(Layers, OneStepIsBackwardAndThenTheOptimizer) {
  Sequential fused = network(GetParam());
  Sequential apart = network(GetParam());
  Optimizer first(Adam{.weight_decay = 0.1}, fused);
  Optimizer second(Adam{.weight_decay = 0.1}, apart);
  fused.initialize(Init::he_normal, 3);
  apart.initialize(Init::he_normal, 3);
  apart.set_threads(3);
  for (int step = 0; step < 3; ++step) {
    loss(fused);
    fused.backward(weights(), first);
    loss(apart);
    apart.backward(weights());
    second.step(apart);
  }
  const auto a = values(fused);
  const auto b = values(apart);
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_TRUE(std::equal(a[i].begin(), a[i].end(), b[i].begin(), b[i].end())) << i;
  }
}

TEST_P(Layers, TextIsReadBack) {
  EXPECT_EQ(to_string(std::span<const Layer>(parse_layers(GetParam()))), GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    All, Layers,
    ::testing::Values("gelu", "prelu", "prelu(num_parameters=8)", "prelu(init=0.1)", "rrelu",
                      "noisy_relu", "dropout(p=0.25)", "selu+alpha_dropout(p=0.05)", "glu",
                      "swiglu", "swiglu(beta=1.5)", "geglu", "gated(mish)", "softmax",
                      "log_softmax", "gumbel_softmax(tau=0.7)", "sparsemax", "entmax",
                      "learnable(swish)", "learnable(celu(alpha=2))", "learnable(elu)",
                      "learnable(snake)", "learnable(snake_beta)", "learnable(rational)",
                      "learnable(leaky_relu)", "learnable(xielu)", "crelu", "maxout",
                      "maxout(group=3)", "prelu+dropout(p=0.1)+swiglu"));

TEST(LayersOfANetwork, MayStandBeforeTheFirstLinear) {
  Sequential net{parse_layers("prelu(num_parameters=6)").front(), Linear{kInputs, kOutputs}};
  net.initialize(Init::he_normal, 1);
  loss(net);
  net.backward(weights());
  const auto learned = net.learned();
  ASSERT_EQ(learned.size(), 1U);
  EXPECT_EQ(learned[0].layer, 0U);
  const auto w = net.linears()[0].weight;
  for (std::size_t c = 0; c < kInputs; ++c) {  // sum over rows of x dy, dy = weights W^T
    double want = 0;
    for (std::size_t r = 0; r < kRows; ++r) {
      double dy = 0;
      for (std::size_t k = 0; k < kOutputs; ++k) {
        dy += static_cast<double>(weights()[r * kOutputs + k]) * w[c * kOutputs + k];
      }
      want += std::min(0.0, static_cast<double>(x()[r * kInputs + c])) * dy;
    }
    EXPECT_NEAR(learned[0].gradients[c], want, 1e-5) << c;
  }
  EXPECT_EQ(net.parameter_count(), 6U + 6 * 3 + 3);
}

TEST(LayersOfANetwork, SlopesAreNotDecayed) {
  Sequential net = network("prelu");
  net.initialize(Init::he_normal, 1);
  Optimizer optimizer(Sgd{.lr = 0.5, .weight_decay = 0.5}, net);
  const float weight = net.linears()[0].weight[0];
  loss(net);
  net.backward(std::vector<float>(kRows * kOutputs, 0.0F), optimizer);
  EXPECT_EQ(net.learned()[0].values[0], 0.25F);
  EXPECT_EQ(net.linears()[0].weight[0], weight * 0.75F);
}

TEST(LayersOfANetwork, DrawInTrainingAlone) {
  Sequential net = network("dropout");
  net.initialize(Init::he_normal, 1);
  const double first = loss(net);
  EXPECT_NE(loss(net), first);  // each pass anew
  net.set_training(false);
  const double calm = loss(net);
  EXPECT_EQ(loss(net), calm);
  net.initialize(Init::he_normal, 1);
  net.set_training(true);
  EXPECT_EQ(loss(net), first);  // by the seed
  net.initialize(Init::he_normal, 2);
  EXPECT_NE(loss(net), first);
}

TEST(LayersOfANetwork, LearnedParametersStayWhereTheyMayBe) {
  Sequential net = network("learnable(celu(alpha=0.5))");
  net.initialize(Init::he_normal, 1);
  net.learned()[0].values[0] = -1e4F;  // alpha = softplus of that
  EXPECT_TRUE(std::isfinite(loss(net)));
}

TEST(LayersOfANetwork, ThoseWhoseParametersDivergeGiveNaN) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (const auto& known : actfn::testing::examples<Activation>()) {
    if (learnable_parameters(known).empty()) continue;
    Sequential net = network("learnable(" + actfn::to_string(known) + ")");
    net.initialize(Init::he_normal, 1);
    const std::vector<float> dy(kRows * kOutputs, 1.0F);
    for (const float value : {kInfinity, -kInfinity, std::nanf("")}) {
      net.learned()[0].values[0] = value;
      EXPECT_TRUE(std::isnan(loss(net))) << actfn::to_string(known) << value;
      net.backward(dy);
      EXPECT_TRUE(std::isnan(net.learned()[0].gradients[0])) << actfn::to_string(known) << value;
    }
  }
}

TEST(LayersOfANetwork, ParametersMayBeTheLargestNumbers) {
  constexpr float kLargest = std::numeric_limits<float>::max();
  for (const auto& known : actfn::testing::examples<Activation>()) {
    if (learnable_parameters(known).empty()) continue;
    Sequential net = network("learnable(" + actfn::to_string(known) + ")");
    net.initialize(Init::he_normal, 1);
    const std::vector<float> dy(kRows * kOutputs, 1.0F);
    for (const float value : {kLargest, -kLargest}) {
      net.learned()[0].values[0] = value;
      EXPECT_NO_THROW(loss(net)) << actfn::to_string(known) << value;
      EXPECT_NO_THROW(net.backward(dy)) << actfn::to_string(known) << value;
    }
  }
}

TEST(LayersOfANetwork, SayWhatIsWrong) {
  EXPECT_EQ(message([] { parse_layers("swigul"); }),
            "[parse] unknown function 'swigul'; did you mean swiglu?");
  EXPECT_EQ(message([] { parse_layers("prelu(num_parameters=0.5)"); }),
            "[prelu] num_parameters must be a whole number from 1 to 2^24, got 0.5");
  EXPECT_EQ(message([] {
              parse_layers("learnable(relu)");
              network("learnable(relu)");
            }),
            "[learnable] relu has no parameter to be learned");
  EXPECT_EQ(message([] { network("prelu(num_parameters=7)"); }),
            "[sequential] prelu's num_parameters must be 1 or the number of features, 8, got 7");
  EXPECT_EQ(message([] {
              Sequential{Linear{3, 5}, Swiglu{}, Linear{2, 1}};
            }),
            "[sequential] swiglu needs a multiple of 2 features, 5 come in");
  EXPECT_EQ(message([] { in_features_for(parse_layers("crelu"), 5); }),
            "[crelu] gives a multiple of 2 features, not 5");
  EXPECT_EQ(message([] { in_features_for(parse_layers("maxout(group=16777216)"), 128); }),
            "[maxout] takes more than 2147483647 features for 128");
  EXPECT_EQ(message([] {
              Sequential{Maxout{1 << 24}, Linear{128, 1}};
            }),
            "[maxout] takes more than 2147483647 features for 128");
  EXPECT_EQ(message([] {
              Sequential{Maxout{1 << 30}, Linear{8, 1}};
            }),
            "[maxout] takes more than 2147483647 features for 8");
  constexpr int kMost = std::numeric_limits<int>::max();
  EXPECT_EQ(message([] {
              Sequential{Linear{1, kMost}, Crelu{}, Linear{1, 1}};
            }),
            "[sequential] crelu gives more than 2147483647 features for 2147483647");
  EXPECT_EQ(message([] {
              Sequential{Linear{kMost, kMost}, Relu{}};
            }),
            "[sequential] with linear(in_features=2147483647,out_features=2147483647) there are "
            "more than 2^40 parameters");
  // Each fits; their sum is 2^64 + 96.
  EXPECT_EQ(message([] {
              std::vector<Layer> layers;
              for (int i = 0; i < 5; ++i) layers.emplace_back(Linear{kMost, kMost});
              Sequential network(layers);
            }).substr(0, 18),
            "[sequential] with ");
  for (const std::string name : {"logsumexp", "logmeanexp"}) {
    EXPECT_EQ(message([&] { network(name); }),
              "[" + name + "] gives one number for a row: no layer can follow it");
  }
  EXPECT_EQ(message([] { parse_layers("rrelu(lower=1,upper=0.5)"); }),
            "[rrelu] lower must not exceed upper, got lower=1, upper=0.5");
  EXPECT_EQ(message([] { network("learnable(xielu(alpha_n=0.25))"); }),
            "[learnable] xielu's alpha_n must exceed 0.5 to be learned, got 0.25");
}

TEST(LayersOfANetwork, BeginWithACurveWhereTheyHaveOne) {
  EXPECT_EQ(curve_of(parse_layers("prelu")), Activation(LeakyRelu{0.25}));
  EXPECT_EQ(curve_of(parse_layers("noisy_relu")), Activation(Relu{}));
  EXPECT_EQ(curve_of(parse_layers("selu+alpha_dropout")), Activation(Selu{}));
  EXPECT_EQ(curve_of(parse_layers("learnable(swish)")), Activation(Swish{}));
  EXPECT_EQ(curve_of(parse_layers("swiglu")), std::nullopt);
}

}  // namespace
}  // namespace actfn::nn
