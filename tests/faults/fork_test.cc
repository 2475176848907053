// SPDX-License-Identifier: Apache-2.0
// Networks in the child of a process that trains with threads.
#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "nn_reference.h"
#include "processes.h"
#include "sanitizers.h"

namespace actfn::nn {
namespace {

// Wide enough for several blocks, which threads share.
struct Training {
  Sequential net{Linear{600, 300}, Gelu{}, parse_function("prelu"), Linear{300, 10}};
  Optimizer optimizer{Adam{.lr = 0.01}, net};
  std::vector<float> x = testing::uniform(64 * 600, 1, 1);
  std::vector<float> gradient = std::vector<float>(64 * 10);
  std::vector<std::uint32_t> labels = testing::some_labels(64, 10, 2);

  explicit Training(int threads) {
    net.initialize(Init::he_normal, 1);
    net.set_threads(threads);
  }

  double step() {
    const double loss = cross_entropy(net.forward(x), labels, gradient).loss;
    net.backward(gradient, optimizer);
    return loss;
  }
};

class Fork : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!ACTFN_MAY_FORK) GTEST_SKIP() << "sanitizers know no threads of a forked child";
  }
};

TEST_F(Fork, AChildGoesOnWithTraining) {
  Training alone(1);
  for (int i = 0; i < 3; ++i) alone.step();
  const double wanted = alone.step();
  Training training(3);
  training.step();
  const auto go_on = [&] {
    for (int i = 0; i < 2; ++i) training.step();
    return training.step() == wanted ? 0 : 1;
  };
  EXPECT_EQ(testing::result_in_child(go_on), 0);
  EXPECT_EQ(go_on(), 0);
}

TEST_F(Fork, AChildDestroysANetworkWithThreads) {
  auto training = std::make_unique<Training>(3);
  training->step();
  const auto destroy = [&training] {
    training.reset();
    return 0;
  };
  EXPECT_EQ(testing::result_in_child(destroy), 0);
  training->step();
  EXPECT_EQ(destroy(), 0);
}

TEST_F(Fork, AChildChangesTheNumberOfThreads) {
  Training alone(1), training(3);
  alone.step();
  training.step();
  const double wanted = alone.step();
  const auto change = [&training, wanted](int threads) {
    training.net.set_threads(threads);
    return training.step() == wanted ? 0 : 1;
  };
  for (const int threads : {1, 2, 5}) {
    EXPECT_EQ(testing::result_in_child([&] { return change(threads); }), 0);
  }
  EXPECT_EQ(change(2), 0);
}

// A child whose own children train, too.
TEST_F(Fork, AGrandchildTrains) {
  Training alone(1), training(2);
  alone.step();
  training.step();
  const double wanted = alone.step();
  const auto step = [&] { return training.step() == wanted ? 0 : 1; };
  const auto fork_again = [&] {
    const int grandchild = testing::result_in_child(step);
    return grandchild == 0 ? step() : 2;
  };
  EXPECT_EQ(testing::result_in_child(fork_again), 0);
}

}  // namespace
}  // namespace actfn::nn
