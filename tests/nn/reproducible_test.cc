// SPDX-License-Identifier: Apache-2.0
// Trainings that were asked to be reproducible: the same bits on every instruction set, with any
// number of threads.
#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>

#include "forced_target.h"
#include "layer_cases.h"
#include "nn_reference.h"

namespace actfn::nn {
namespace {

using Rule = UpdateRule;

constexpr std::size_t kRows = 37;
constexpr int kSteps = 4;
constexpr std::uint64_t kNan = ~0ULL;  // whichever NaN it was

struct Case {
  std::string functions;  // between two Linears
  Rule rule = Adam{.lr = 0.01, .weight_decay = 0.1};
  Init init = Init::he_normal;
};

// More than 256 inputs make several blocks; widths that no vector divides have rests.
std::vector<Layer> layers_of(const Case& c) {
  std::vector<Layer> layers = {Linear{300, 60}, Mish{}};
  std::size_t width = 60;
  for (const Layer& layer : parse_layers(c.functions)) {
    layers.push_back(layer);
    width = output_shape(std::get<Function>(layer), {width})[0];
  }
  layers.emplace_back(Linear{static_cast<int>(width), 70});
  layers.insert(layers.end(), {Layer(Gelu{}), Layer(Linear{70, 10})});
  return layers;
}

void add(std::vector<std::uint64_t>& all, std::span<const float> numbers) {
  for (const float x : numbers) {
    all.push_back(std::isnan(x) ? kNan : std::bit_cast<std::uint32_t>(x));
  }
}

// All bits that a training leaves: logits and losses of every step, gradients, weights.
struct Training {
  kernels::Target target;
  int threads;
  bool reproducible = true;

  std::vector<std::uint64_t> operator()(const Case& c) const {
    const testing::ForcedTarget forced(target);
    Sequential net(layers_of(c));
    net.set_reproducible(reproducible);
    net.initialize(c.init, 5);
    net.set_threads(threads);
    Optimizer optimizer(c.rule, net);
    const auto x = testing::uniform(kRows * 300, 1, 3);
    const auto labels = testing::some_labels(kRows, 10, 4);
    std::vector<float> gradient(kRows * 10);
    std::vector<std::uint64_t> all;
    for (int step = 0; step < kSteps; ++step) {
      add(all, net.forward(x));
      const LossSum sum = cross_entropy(net.forward(x), labels, gradient);
      all.push_back(std::isnan(sum.loss) ? kNan : std::bit_cast<std::uint64_t>(sum.loss));
      net.backward(gradient);
      for (const auto& view : net.linears()) {
        add(all, view.weight_gradient);
        add(all, view.bias_gradient);
      }
      for (const auto& view : net.learned()) add(all, view.gradients);
      net.backward(gradient, optimizer);
    }
    net.set_training(false);
    add(all, net.forward(x));
    for (const auto& view : net.linears()) {
      add(all, view.weight);
      add(all, view.bias);
    }
    for (const auto& view : net.learned()) add(all, view.values);
    return all;
  }
};

std::vector<std::uint64_t> expect_same_bits(const Case& c) {
  SCOPED_TRACE(c.functions);
  const auto targets = testing::running_targets();
  const auto want = Training{targets.front(), 1}(c);
  for (const auto target : targets) {
    for (const int threads : {1, 2, 3}) {
      EXPECT_TRUE(Training({target, threads})(c) == want)  // thousands of numbers: unprinted
          << testing::name_of(target) << ", " << threads << " threads";
    }
  }
  return want;
}

TEST(Reproducible, ATrainingHasTheSameBitsOnEveryTargetWithAnyThreads) {
  for (const std::string functions :
       {"swiglu+prelu+dropout+crelu+maxout", "gumbel_softmax+learnable(swish)+logsumexp",
        "softmax+rrelu+alpha_dropout(p=0.1)", "learnable(snake)+learnable(xielu)+geglu",
        "sigmoid+tanh+entmax+noisy_relu"}) {
    expect_same_bits({functions});
  }
}

TEST(Reproducible, WithEveryRuleAndInitialiser) {
  for (const Rule& rule : {Rule(Adam{}), Rule(AdamW{.lr = 0.01, .weight_decay = 0.1}),
                           Rule(Sgd{.lr = 0.1, .momentum = 0.9}),
                           Rule(Sgd{.lr = 0.1, .momentum = 0.9, .nesterov = true})}) {
    for (const Init init : {Init::glorot_uniform, Init::glorot_normal, Init::he_uniform,
                            Init::lecun_uniform, Init::lecun_normal}) {
      expect_same_bits({"relu", rule, init});
    }
  }
}

TEST(Reproducible, ATrainingThatDivergesToo) {
  for (const std::string functions : {"relu", "prelu", "softmax", "swiglu+dropout"}) {
    for (const Rule& rule : {Rule(Sgd{.lr = 1e30}), Rule(Adam{.lr = 1e38})}) {
      const auto all = expect_same_bits({functions, rule});
      EXPECT_NE(std::find(all.begin(), all.end(), kNan), all.end()) << functions;
    }
  }
}

// Results, gradients, parameters and buffers of three steps, and the results in evaluation.
std::vector<std::uint64_t> trained(const cases::LayerCase& given, kernels::Target target,
                                   int threads) {
  const testing::ForcedTarget forced(target);
  cases::LayerCase c = given;
  c.rows = kRows;
  Sequential net(c.sample, c.layers);
  net.set_reproducible(true);
  net.initialize(Init::glorot_normal, 5);
  net.set_threads(threads);
  Optimizer optimizer(AdamW{.lr = 0.01}, net);
  const auto x = cases::input_of(c);
  std::vector<std::uint64_t> all;
  for (int step = 0; step < 3; ++step) {
    const auto y = net.forward(x);
    add(all, y);
    const auto dy = testing::uniform(y.size(), 1, 7);
    net.backward(dy);
    for (const auto& p : net.parameters()) add(all, p.gradients);
    optimizer.step(net);
  }
  net.set_training(false);
  add(all, net.forward(x));
  for (const auto& p : net.parameters()) add(all, p.values);
  for (const auto& p : net.buffers()) add(all, p.values);
  return all;
}

class ReproducibleLayers : public ::testing::TestWithParam<cases::LayerCase> {};

TEST_P(ReproducibleLayers, HaveTheSameBitsOnEveryTargetWithAnyThreads) {
  const auto targets = testing::running_targets();
  const auto want = trained(GetParam(), targets.front(), 1);
  for (const auto target : targets) {
    for (const int threads : {1, 3}) {
      EXPECT_TRUE(trained(GetParam(), target, threads) == want)
          << testing::name_of(target) << ", " << threads << " threads";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, ReproducibleLayers, ::testing::ValuesIn(cases::all()),
                         [](const auto& test) { return test.param.name; });

TEST(Reproducible, TheOrdinaryProductsAreOtherOnes) {
  const auto target = testing::running_targets().front();
  const Case c = {"relu"};
  EXPECT_FALSE(Training({target, 1, false})(c) == Training({target, 1, true})(c));
}

TEST(Reproducible, MayBeAskedForAndTakenBackBetweenPasses) {
  Sequential net{Linear{300, 20}, Relu{}, Linear{20, 10}};
  net.initialize(Init::he_normal, 1);
  const auto x = testing::uniform(kRows * 300, 1, 3);
  const auto logits = [&net, &x] { return testing::bits(net.forward(x)); };
  const auto ordinary = logits();
  net.set_reproducible(true);
  EXPECT_NE(logits(), ordinary);
  net.set_reproducible(false);
  EXPECT_EQ(logits(), ordinary);
}

}  // namespace
}  // namespace actfn::nn
