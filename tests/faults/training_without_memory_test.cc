// SPDX-License-Identifier: Apache-2.0
// Networks that get no memory: std::bad_alloc, and the network is what it was: when there is memory
// again, it trains with the bits of one that never lacked any.
#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "failing_memory.h"
#include "nn_reference.h"
#include "no_free_blocks.h"

namespace actfn::nn {
namespace {

using testing::Extent;
using testing::fail_each;

constexpr std::size_t kRows = 20;
constexpr int kClasses = 10;

// A layer of every kind of function.
std::vector<Layer> layers() {
  std::vector<Layer> all = {Linear{30, 24}, Mish{}, Gelu{}};
  const std::string functions =
      "swiglu+prelu+dropout+gumbel_softmax+learnable(swish)+crelu+maxout+softmax";
  for (const Layer& layer : parse_layers(functions)) all.push_back(layer);
  all.insert(all.end(), {Linear{12, 40}, Tanh{}, Linear{40, kClasses}});
  return all;
}

// With samples of as many numbers.
Sequential attention() {
  const SelfAttention layer = {.embed_dim = 6, .num_heads = 2, .dropout = 0.1, .sinks = true};
  const SelfAttention sparse = {.embed_dim = 6, .num_heads = 2, .activation = Entmax{}};
  return {{5, 6}, Residual{LayerNorm{{6}}, layer}, sparse, Flatten{}, Linear{30, kClasses}};
}

using MakeNetwork = Sequential (*)();

Sequential functions() { return Sequential(layers()); }

// What training changes, and what it is fed.
struct Training {
  Sequential net;
  Optimizer optimizer{Adam{.lr = 0.01}, net};
  std::vector<float> x = testing::uniform(kRows * 30, 1, 1);
  std::vector<float> gradient = std::vector<float>(kRows * kClasses);
  std::vector<std::uint32_t> labels = testing::some_labels(kRows, kClasses, 2);
  bool has_gradient = false;

  explicit Training(int threads, MakeNetwork make = functions) : net(make()) {
    net.initialize(Init::he_normal, 1);
    net.set_threads(threads);
  }

  // Goes on where it failed.
  void step(bool in_one) {
    if (!has_gradient) cross_entropy(net.forward(x), labels, gradient);
    has_gradient = true;
    if (in_one) {
      net.backward(gradient, optimizer);
    } else {
      net.backward(gradient);
      optimizer.step(net);
    }
    has_gradient = false;
  }
};

// After two steps.
std::vector<float> trained(bool in_one, MakeNetwork make = functions) {
  Training training(1, make);
  for (int i = 0; i < 2; ++i) training.step(in_one);
  return testing::parameters(training.net);
}

void expect_to_go_on(MakeNetwork make, bool in_one, int threads, Extent extent) {
  const std::vector<float> wanted = trained(in_one, make);
  std::optional<Training> training(std::in_place, threads, make);
  std::optional<testing::NoFreeBlocks> none(std::in_place);
  const std::vector<float> before = testing::parameters(training->net);
  const auto attempt = [&] { training->step(in_one); };
  const auto check = [&](bool threw) {
    if (threw) {
      EXPECT_EQ(testing::parameters(training->net), before);
      training->step(in_one);
    }
    training->step(in_one);
    EXPECT_EQ(testing::parameters(training->net), wanted);
    training.emplace(threads, make);
    none.emplace();
  };
  EXPECT_GT(fail_each(extent, attempt, check), 10);
  training->step(in_one);
  EXPECT_EQ(testing::parameters(training->net), wanted);
}

TEST(TrainingWithoutMemory, GoesOnWhereItWas) {
  for (const MakeNetwork make : {functions, attention}) {
    for (const bool in_one : {true, false}) {
      for (const int threads : {1, 2}) {
        for (const Extent extent : {Extent::one, Extent::all_after}) {
          expect_to_go_on(make, in_one, threads, extent);
        }
      }
    }
  }
}

// A pass with more rows fails: the last one may still be there, or the network says that it is not.
TEST(TrainingWithoutMemory, GivesNoWrongGradients) {
  Training training(1);
  const auto few = std::span<const float>(training.x).first(30 * 3);
  const std::vector<float> dy(3 * kClasses, 1.0F);
  const auto gradients = [&] {
    training.net.backward(dy);
    const auto last = training.net.linears().back().weight_gradient;
    return std::vector<float>(last.begin(), last.end());
  };
  training.net.set_training(false);
  training.net.forward(few);
  const std::vector<float> wanted = gradients();
  const auto check = [&](bool threw) {
    EXPECT_TRUE(threw);
    try {
      EXPECT_EQ(gradients(), wanted);
    } catch (const Error&) {
    }
    training.net.forward(few);
    EXPECT_EQ(gradients(), wanted);
  };
  const auto grow = [&] { training.net.forward(training.x); };
  EXPECT_GT(fail_each(Extent::one, grow, check), 5);
}

TEST(TrainingWithoutMemory, BuildsNoNetwork) {
  const std::vector<Layer> all = layers();
  std::optional<Sequential> net;
  std::optional<Optimizer> optimizer;
  const auto build = [&] {
    optimizer.reset();
    net.reset();
    net.emplace(all);
    net->set_threads(2);
    optimizer.emplace(Adam{}, *net);
  };
  EXPECT_GT(fail_each(Extent::one, build, [](bool threw) { EXPECT_TRUE(threw); }), 10);
  EXPECT_EQ(net->out_features(), kClasses);
}

TEST(TrainingWithoutMemory, KeepsTheThreadsThatItHad) {
  for (const int before : {1, 3}) {
    Training training(before);
    const std::vector<float> wanted = trained(true);
    training.step(true);
    const auto set = [&] { training.net.set_threads(4); };
    EXPECT_GT(fail_each(Extent::one, set, [](bool threw) { EXPECT_TRUE(threw); }), 1);
    training.step(true);
    EXPECT_EQ(testing::parameters(training.net), wanted);
  }
}

}  // namespace
}  // namespace actfn::nn
