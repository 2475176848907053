// SPDX-License-Identifier: Apache-2.0
// Arguments at the ends of their ranges, and calls in an order that nobody needs: errors, before
// memory is taken, or what the header says.
#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "messages.h"

namespace actfn::nn {
namespace {

using testing::message;

constexpr int kMost = std::numeric_limits<int>::max();

std::vector<float> gradients_of(Sequential& network) {
  std::vector<float> all;
  for (const Parameter& p : network.parameters()) {
    all.insert(all.end(), p.gradients.begin(), p.gradients.end());
  }
  return all;
}

// backward() belongs to the forward() before it.
TEST(Limits, BackwardIsOfTheLastForwardWhateverWasSetSince) {
  const std::vector<float> x(64, 1), dy(32, 1);
  const auto gradients = [&](auto&& between) {
    Sequential network(Shape{8}, Linear{8, 8}, Dropout{.p = 0.5}, BatchNorm1d{8}, Linear{8, 4});
    network.initialize(Init::he_normal, 3);
    network.forward(x);
    between(network);
    network.backward(dy);
    return gradients_of(network);
  };
  const auto want = gradients([](Sequential&) {});
  EXPECT_EQ(gradients([](Sequential& n) { n.set_training(false); }), want);
  const auto evaluated = [&](bool back) {
    Sequential network(Shape{8}, Linear{8, 8}, Dropout{.p = 0.5}, Linear{8, 4});
    network.initialize(Init::he_normal, 3);
    network.set_training(false);
    network.forward(x);
    network.set_training(back);
    network.backward(dy);
    return gradients_of(network);
  };
  EXPECT_EQ(evaluated(true), evaluated(false));
}

// The result of a call is overwritten while the next one reads its x.
TEST(Limits, AResultIsNoInputOfTheNextCall) {
  Sequential network(Shape{4}, Linear{4, 4}, Tanh{});
  network.initialize(Init::he_normal, 3);
  const std::vector<float> x(8, 1);
  const auto y = network.forward(x);
  const std::vector<float> copy(y.begin(), y.end());
  const std::string error = "[sequential] x overlaps the result of the last forward()";
  EXPECT_EQ(message([&] { network.forward(y); }), error);
  EXPECT_EQ(message([&] { network.forward(y.last(4)); }), error);
  EXPECT_TRUE(std::ranges::equal(y, copy));
  EXPECT_EQ(network.forward(copy).size(), 8U);
}

TEST(Limits, LayersInsideOfOthersMayNotGiveMoreThanAnIntHolds) {
  EXPECT_EQ(message([] {
              (void)Sequential(Shape{1 << 20},
                               Residual{Embedding{2, 4096}, Flatten{}, Linear{1, 1 << 20}});
            }),
            "[sequential] embedding(num_embeddings=2,embedding_dim=4096) gives more than "
            "2147483647 numbers for a sample");
}

// Products of rows and features are ints in the passes, in layers inside of others, too.
TEST(Limits, ABatchMustFitTheWidestLayerInside) {
  const std::vector<float> x(2048);
  for (const Layer& layer :
       {Layer(Residual{Linear{1, 1 << 20}, Linear{1 << 20, 1}}),
        Layer(Parallel{std::vector<Layer>{Linear{1, 1 << 20}, Linear{1 << 20, 1}},
                       Layer(Linear{1, 1})})}) {
    Sequential network(Shape{1}, std::vector<Layer>{layer});
    EXPECT_EQ(message([&] { network.forward(x); }), "[sequential] x has 2048 rows, more than 1023");
  }
}

TEST(Limits, PoolsTakeNoMemoryForWhatIsTooLarge) {
  EXPECT_EQ(message([] {
              (void)Sequential(Shape{1, 4, 4}, AdaptiveAvgPool2d{kMost});
            }),
            "[sequential] adaptive_avg_pool2d(output_size=2147483647) gives more than 2147483647 "
            "numbers for a sample");
}

TEST(Limits, AdaptiveSoftmaxHasAnEnd) {
  EXPECT_EQ(message([] { (void)AdaptiveLogSoftmaxWithLoss(1, kMost, {1}, {.div_value = 1}); }),
            "[adaptive_log_softmax] in_features and n_classes must be at most 2^30 - 1, got "
            "2147483647");
  EXPECT_EQ(message([] { (void)AdaptiveLogSoftmaxWithLoss(kMost, 2, {1}); }),
            "[adaptive_log_softmax] in_features and n_classes must be at most 2^30 - 1, got "
            "2147483647");
}

}  // namespace
}  // namespace actfn::nn
