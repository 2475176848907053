// A training step allocates nothing: neither we nor, through operator new, oneDNN. (What oneDNN
// takes from malloc for its products is its own.)
#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include "allocations.h"
#include "nn_reference.h"

namespace actfn::nn {
namespace {

struct Step {
  std::vector<float> x, gradient;
  std::vector<std::uint8_t> labels;
};

Step make_step(const Sequential& net, std::size_t rows) {
  return {testing::uniform(rows * static_cast<std::size_t>(net.in_features()), 1, 1),
          std::vector<float>(rows * static_cast<std::size_t>(net.out_features())),
          testing::some_labels(rows, net.out_features(), 2)};
}

void take(Sequential& net, Optimizer& optimizer, Step& step) {
  cross_entropy(net.forward(step.x), step.labels, step.gradient);
  net.backward(step.gradient, optimizer);
}

void take_apart(Sequential& net, Optimizer& optimizer, Step& step) {
  cross_entropy(net.forward(step.x), step.labels);
  net.backward(step.gradient);
  optimizer.step(net);
}

long allocations_after_warm_up(const std::variant<Adam, Sgd>& rule, int threads) {
  Sequential net{Linear{300, 200}, Mish{}, Gelu{}, Linear{200, 300}, Tanh{}, Linear{300, 10}};
  net.initialize(Init::he_normal, 1);
  net.set_threads(threads);
  Optimizer optimizer(rule, net);
  Step full = make_step(net, 33);
  Step rest = make_step(net, 5);
  const auto both = [&] {
    for (Step* step : {&full, &rest}) {
      take(net, optimizer, *step);
      take_apart(net, optimizer, *step);
    }
  };
  both();
  const long before = testing::allocation_count();
  for (int i = 0; i < 3; ++i) both();
  return testing::allocation_count() - before;
}

TEST(Allocations, AreCounted) {
  const long before = testing::allocation_count();
  const std::vector<float> ours(100);
  EXPECT_EQ(testing::allocation_count() - before, 1);
}

TEST(Allocations, AreNoneInAStep) {
  for (const int threads : {1, 2}) {
    EXPECT_EQ(allocations_after_warm_up(Adam{}, threads), 0) << threads;
    EXPECT_EQ(allocations_after_warm_up(Sgd{.momentum = 0.9}, threads), 0) << threads;
  }
}

}  // namespace
}  // namespace actfn::nn
