// SPDX-License-Identifier: Apache-2.0
// A Sequential's results and gradients against float64, and what must not change their bits.
#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <string>

#include "host_environment.h"
#include "messages.h"
#include "nn_reference.h"

namespace actfn::nn {
namespace {

using testing::bits;
using testing::message;
using testing::uniform;

struct Network {
  std::string name;
  std::vector<Layer> layers;
  std::size_t rows = 4;
};

std::ostream& operator<<(std::ostream& out, const Network& n) { return out << n.name; }

std::string plain_name(const Activation& f) {
  const std::string text = to_string(f);
  return text.substr(0, text.find('('));
}

// Odd sizes, so that vectors have rests; more than 256 inputs make several blocks.
std::vector<Network> networks() {
  std::vector<Network> all = {
      {"one_linear", {Linear{5, 3}}},
      {"one_number", {Linear{1, 1}, Tanh{}, Linear{1, 2}}, 1},
      {"no_activation", {Linear{5, 7}, Linear{7, 3}}},
      {"activation_first", {Silu{}, Linear{5, 7}, Tanh{}, Linear{7, 3}}},
      {"two_activations_first", {Relu{}, Mish{}, Linear{5, 3}}},
      {"two_activations", {Linear{5, 9}, Tanh{}, Softsign{}, Linear{9, 3}}},
      {"three_activations", {Linear{5, 9}, Elu{}, Sigmoid{}, Gelu{}, Linear{9, 3}}, 3},
      {"activation_last", {Linear{5, 9}, Relu{}, Linear{9, 3}, Gelu{}}},
      {"two_activations_last", {Linear{5, 3}, Tanh{}, Tanhshrink{}}},
      {"wide", {Linear{131, 67}, Elu{}, Linear{67, 3}}, 2},
      {"blocks_at_first", {Linear{263, 5}, Elu{}, Linear{5, 3}}, 2},
      {"blocks_in_the_middle", {Linear{3, 259}, Tanh{}, Linear{259, 5}, Silu{}, Linear{5, 2}}, 2},
      {"blocks_without_activation", {Linear{3, 259}, Linear{259, 2}}, 3},
      {"wide_output", {Linear{3, 5}, Silu{}, Linear{5, 130}}, 3},
  };
  for (const auto& known : testing::reference_activations()) {
    const Activation& f = known.activation;
    all.push_back({"one_hidden_" + plain_name(f), {Linear{5, 7}, f, Linear{7, 3}}});
    all.push_back(
        {"two_hidden_" + plain_name(f), {Linear{7, 9}, f, Linear{9, 5}, f, Linear{5, 4}}, 5});
  }
  return all;
}

std::vector<float> input_of(const Sequential& net, std::size_t rows) {
  return uniform(rows * static_cast<std::size_t>(net.in_features()), 1.5F, 11);
}

class Nets : public ::testing::TestWithParam<Network> {};

// Inputs, weights and sums are of size about 1; a sum of n products rounds by n * 2^-24 at most.
double rounding(const std::vector<Layer>& layers) {
  int longest = 1;
  for (const auto& layer : layers) {
    if (const auto* l = std::get_if<Linear>(&layer)) longest = std::max(longest, l->in_features);
  }
  return (longest + 8) * 0x1p-24;
}

void expect_forward_is_the_reference(const std::vector<Layer>& layers, std::size_t rows) {
  Sequential net(layers);
  testing::randomize(net, 1);
  const auto x = input_of(net, rows);
  const auto parameters = testing::in_double(testing::parameters(net));
  const auto want = testing::reference_forward(layers, parameters, x);
  const auto got = net.forward(x);
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], want[i], rounding(layers)) << i;
}

// The derivative of the mean loss by parameter i; the truncation and the rounding of the
// difference are below 1e-9 each.
double slope(const std::vector<Layer>& layers, std::vector<double>& parameters, std::size_t i,
             std::span<const float> x, std::span<const std::uint32_t> labels) {
  constexpr double kStep = 1e-6;
  const double middle = parameters[i];
  const auto loss = [&](double at) {
    parameters[i] = at;
    const auto logits = testing::reference_forward(layers, parameters, x);
    return testing::reference_loss(logits, labels) / static_cast<double>(labels.size());
  };
  const double difference = (loss(middle + kStep) - loss(middle - kStep)) / (2 * kStep);
  parameters[i] = middle;
  return difference;
}

// Of every `step`-th parameter.
void expect_gradients_are_slopes(const std::vector<Layer>& layers, std::size_t rows,
                                 std::size_t step) {
  Sequential net(layers);
  testing::randomize(net, 2);
  const auto x = input_of(net, rows);
  const auto labels = testing::some_labels(rows, net.out_features(), 3);
  const auto logits = net.forward(x);
  std::vector<float> dy(logits.size());
  cross_entropy(logits, labels, dy);
  net.backward(dy);
  const auto got = testing::gradients(net);
  auto parameters = testing::in_double(testing::parameters(net));
  ASSERT_EQ(got.size(), net.parameter_count());
  for (std::size_t i = 0; i < got.size(); i += step) {
    EXPECT_NEAR(got[i], slope(layers, parameters, i, x, labels), 1e-6) << "parameter " << i;
  }
}

TEST_P(Nets, ForwardIsTheReference) {
  expect_forward_is_the_reference(GetParam().layers, GetParam().rows);
}

TEST_P(Nets, GradientsAreTheSlopesOfTheLoss) {
  expect_gradients_are_slopes(GetParam().layers, GetParam().rows, 1);
}

// One step of training, as it stands in nn::Sequential's users.
void train_step(Sequential& net, Optimizer& optimizer, std::span<const float> x,
                std::span<const std::uint32_t> labels, bool fused) {
  const auto logits = net.forward(x);
  std::vector<float> dy(logits.size());
  cross_entropy(logits, labels, dy);
  if (fused) {
    net.backward(dy, optimizer);
  } else {
    net.backward(dy);
    optimizer.step(net);
  }
}

using Rule = UpdateRule;

const std::vector<Rule> kRules = {Adam{},
                                  Adam{.lr = 0.01, .beta1 = 0.8, .weight_decay = 0.1},
                                  AdamW{.lr = 0.01},
                                  Sgd{},
                                  Sgd{.lr = 0.05, .momentum = 0.9, .weight_decay = 0.01},
                                  Sgd{.lr = 0.05, .momentum = 0.9, .nesterov = true}};

struct Trained {
  std::vector<std::uint32_t> logits, gradients, parameters;
  bool operator==(const Trained&) const = default;
};

Trained trained(const std::vector<Layer>& layers, const Rule& rule, std::size_t rows, int threads,
                bool fused) {
  Sequential net(layers);
  net.set_threads(threads);
  testing::randomize(net, 5);
  Optimizer optimizer(rule, net);
  const auto labels = testing::some_labels(rows, net.out_features(), 6);
  const auto x = input_of(net, rows);
  for (int step = 0; step < 4; ++step) train_step(net, optimizer, x, labels, fused);
  Trained result = {bits(net.forward(x)), {}, bits(testing::parameters(net))};
  net.backward(uniform(rows * static_cast<std::size_t>(net.out_features()), 0.1F, 7));
  result.gradients = bits(testing::gradients(net));
  return result;
}

TEST_P(Nets, FusedBackwardIsBackwardAndStep) {
  for (const Rule& rule : kRules) {
    EXPECT_EQ(trained(GetParam().layers, rule, GetParam().rows, 1, true),
              trained(GetParam().layers, rule, GetParam().rows, 1, false));
  }
}

INSTANTIATE_TEST_SUITE_P(All, Nets, ::testing::ValuesIn(networks()),
                         [](const auto& test) { return test.param.name; });

// Many blocks of weights and pieces of rows, with rests; more outputs than a piece holds.
const std::vector<Network> kLarge = {{"deep",
                                      {Linear{600, 257}, Silu{}, Linear{257, 129}, Relu{},
                                       Linear{129, 64}, Tanh{}, Elu{}, Linear{64, 10}},
                                      17},
                                     {"wide", {Linear{3, 2100}, Tanh{}, Linear{2100, 10}}, 5}};

class LargeNets : public ::testing::TestWithParam<Network> {};

TEST_P(LargeNets, ForwardIsTheReference) {
  expect_forward_is_the_reference(GetParam().layers, GetParam().rows);
}

TEST_P(LargeNets, GradientsAreTheSlopesOfTheLoss) {
  expect_gradients_are_slopes(GetParam().layers, 3, 1999);
}

// EXPECT_TRUE: the numbers of a large network would bury the message.
TEST_P(LargeNets, FusedBackwardIsBackwardAndStep) {
  for (const Rule& rule : kRules) {
    for (const std::size_t rows : {1U, 3U, 33U}) {
      EXPECT_TRUE(trained(GetParam().layers, rule, rows, 1, true) ==
                  trained(GetParam().layers, rule, rows, 1, false))
          << rows << " rows, rule " << rule.index();
    }
  }
}

TEST_P(LargeNets, ThreadsDoNotChangeABit) {
  for (const bool fused : {false, true}) {
    const auto want = trained(GetParam().layers, kRules[1], GetParam().rows, 1, fused);
    for (const int threads : {2, 3, 7}) {
      EXPECT_TRUE(trained(GetParam().layers, kRules[1], GetParam().rows, threads, fused) == want)
          << threads << " threads, fused: " << fused;
    }
  }
}

TEST_P(LargeNets, NeitherDoesTheCallersFloatingPointEnvironment) {
  const Rule& rule = kRules[1];
  const auto initialized = [&] {
    Sequential net(GetParam().layers);
    net.set_threads(3);
    testing::randomize(net, 5);
    return net;
  };
  const std::size_t rows = GetParam().rows;
  const auto x = input_of(initialized(), rows);
  const auto labels = testing::some_labels(rows, initialized().out_features(), 6);
  const auto steps = [&](Sequential& net, Optimizer& optimizer) {
    for (int step = 0; step < 3; ++step) train_step(net, optimizer, x, labels, step == 1);
    net.initialize(Init::he_normal, 3);
    train_step(net, optimizer, x, labels, true);
  };
  Sequential want = initialized();
  Optimizer by_default(rule, want);
  steps(want, by_default);
  for (const auto name : testing::kHostEnvironments) {
    Sequential net = initialized();
    Optimizer optimizer(rule, net);
    bool same = false;
    {
      const testing::HostEnvironment host(name);
      const auto before = testing::HostEnvironment::registers();
      steps(net, optimizer);
      same = testing::HostEnvironment::registers() == before;
    }
    EXPECT_TRUE(same) << name;
    EXPECT_TRUE(bits(testing::parameters(net)) == bits(testing::parameters(want))) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(All, LargeNets, ::testing::ValuesIn(kLarge),
                         [](const auto& test) { return test.param.name; });

TEST(Sequential, RowsDoNotKnowOfEachOther) {
  Sequential net{Linear{5, 7}, Mish{}, Linear{7, 3}};
  testing::randomize(net, 1);
  const auto x = input_of(net, 6);
  const auto y = net.forward(x);
  const std::vector<float> all(y.begin(), y.end());
  // Fewer rows after more: what is left of them must not show.
  const auto one = net.forward(std::span(x).subspan(10, 5));
  ASSERT_EQ(one.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(one[i], all[6 + i], 1e-6);
}

// What forward() keeps for backward() is used up by the first.
TEST_P(Nets, BackwardGivesTheSameTwiceAndAfterAnEvaluation) {
  Sequential net(GetParam().layers);
  testing::randomize(net, 1);
  const auto x = input_of(net, GetParam().rows);
  const auto dy = uniform(GetParam().rows * static_cast<std::size_t>(net.out_features()), 1, 7);
  std::vector<std::vector<std::uint32_t>> gradients;
  for (const bool training : {true, false, true}) {
    net.set_training(training);
    net.forward(x);
    for (int i = 0; i < 2; ++i) {
      net.backward(dy);
      gradients.push_back(bits(testing::gradients(net)));
    }
  }
  for (const auto& one : gradients) EXPECT_EQ(one, gradients.front());
}

TEST(Sequential, KnowsItsSizes) {
  Sequential net{Relu{}, Linear{5, 7}, Mish{}, Linear{7, 3}, Tanh{}};
  EXPECT_EQ(net.in_features(), 5);
  EXPECT_EQ(net.out_features(), 3);
  EXPECT_EQ(net.parameter_count(), 6U * 7 + 8 * 3);
  const auto views = net.linears();
  ASSERT_EQ(views.size(), 2U);
  EXPECT_EQ(views[1].shape.in_features, 7);
  EXPECT_EQ(views[1].weight.size(), 21U);
  EXPECT_EQ(views[1].bias_gradient.size(), 3U);
}

TEST(Sequential, WorksOnAfterAMove) {
  Sequential net{Linear{5, 7}, Mish{}, Linear{7, 3}};
  testing::randomize(net, 1);
  const auto x = input_of(net, 2);
  const auto want = bits(net.forward(x));
  Sequential moved = std::move(net);
  EXPECT_EQ(bits(moved.forward(x)), want);
}

std::string construction_error(std::vector<Layer> layers) {
  return message([&] { const Sequential net(std::move(layers)); });
}

TEST(Sequential, RefusesImpossibleLayers) {
  EXPECT_EQ(construction_error({}), "[sequential] there is no Linear layer");
  EXPECT_EQ(construction_error({Relu{}, Tanh{}}), "[sequential] there is no Linear layer");
  EXPECT_EQ(construction_error({Linear{5, 7}, Relu{}, Linear{6, 3}}),
            "[sequential] a Linear takes 6 features where 7 come in");
  EXPECT_EQ(construction_error({Linear{0, 7}}),
            "[sequential] a Linear's sizes must be at least 1, got 0 and 7");
  EXPECT_EQ(construction_error({Linear{5, -1}}),
            "[sequential] a Linear's sizes must be at least 1, got 5 and -1");
  EXPECT_EQ(construction_error({Linear{5, 7}, Elu{.alpha = NAN}}),
            "[elu] alpha must be finite, got nan");
}

TEST(Sequential, RefusesThreadsBelowOneAndWorksOn) {
  Sequential net(kLarge[0].layers);
  testing::randomize(net, 1);
  const auto x = input_of(net, 2);
  const auto want = bits(net.forward(x));
  EXPECT_EQ(message([&] { net.set_threads(0); }),
            "[sequential] threads must be from 1 to 1024, got 0");
  EXPECT_EQ(message([&] { net.set_threads(-3); }),
            "[sequential] threads must be from 1 to 1024, got -3");
  EXPECT_EQ(bits(net.forward(x)), want);
}

// A refused call leaves the last pass in place: its gradients can still be had.
TEST(Sequential, RefusedInputsChangeNothing) {
  Sequential net{Linear{5, 7}, Mish{}, Linear{7, 3}};
  testing::randomize(net, 1);
  const auto x = input_of(net, 2);
  const auto dy = uniform(6, 1, 2);
  const auto y = net.forward(x);
  net.backward(dy);
  const auto want_y = bits(y);
  const auto want_gradients = bits(testing::gradients(net));
  EXPECT_EQ(message([&] { net.forward(std::span(x).first(9)); }),
            "[sequential] x has 9 elements, which are no whole rows of 5");
  EXPECT_EQ(message([&] { net.forward({}); }),
            "[sequential] x has 0 elements, which are no whole rows of 5");
  EXPECT_EQ(message([&] { net.backward(std::span(dy).first(3)); }),
            "[sequential] dy has 3 elements, the last forward() gave 6");
  EXPECT_EQ(bits(y), want_y);
  EXPECT_EQ(bits(testing::gradients(net)), want_gradients);
  net.backward(dy);
  EXPECT_EQ(bits(testing::gradients(net)), want_gradients);
}

TEST(Sequential, BackwardNeedsAForward) {
  Sequential net{Linear{5, 7}, Mish{}, Linear{7, 3}};
  const auto dy = uniform(6, 1, 2);
  EXPECT_EQ(message([&] { net.backward(dy); }),
            "[sequential] dy has 6 elements, the last forward() gave 0");
}

// Nor does the refused call count as a step of Adam, whose constants depend on the step.
TEST(Sequential, RefusedFusedBackwardChangesNeitherParametersNorOptimizer) {
  const auto run = [](bool with_refusal) {
    Sequential net{Linear{5, 7}, Mish{}, Linear{7, 3}};
    testing::randomize(net, 1);
    Optimizer optimizer(Adam{.lr = 0.1}, net);
    const auto x = input_of(net, 2);
    const auto labels = testing::some_labels(2, 3, 4);
    for (int step = 0; step < 3; ++step) {
      const auto before = bits(testing::parameters(net));
      if (with_refusal) {
        const std::vector<float> dy(7);
        EXPECT_THROW(net.backward(dy, optimizer), Error);
      }
      EXPECT_EQ(bits(testing::parameters(net)), before);
      train_step(net, optimizer, x, labels, true);
    }
    return bits(testing::parameters(net));
  };
  EXPECT_EQ(run(true), run(false));
}

}  // namespace
}  // namespace actfn::nn
