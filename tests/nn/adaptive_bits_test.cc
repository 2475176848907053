// SPDX-License-Identifier: Apache-2.0
// The bits of the adaptive softmax: any number of threads, and any instruction set where that is
// asked for.
#include <actfn/nn/adaptive_log_softmax.h>
#include <actfn/nn/optimizer.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "adaptive_reference.h"
#include "forced_target.h"
#include "nn_reference.h"

namespace actfn::nn {
namespace {

using testing::AdaptiveSizes;
using testing::all_gradients;
using testing::spread;
using testing::Targets;

// Rows lie 1024 numbers apart here, and pieces and tiles have several parts.
struct Results {
  std::vector<float> output, gradients, log_probs;
  Targets predicted;
  double loss;
  bool operator==(const Results&) const = default;
};

Results results_with(int threads, double label_smoothing, bool reproducible = false) {
  const AdaptiveSizes sizes{1024, 5000, {600, 1500}, {.label_smoothing = label_smoothing}};
  auto module = sizes.module();
  module.initialize(1);
  module.set_threads(threads);
  module.set_reproducible(reproducible);
  const Targets targets = spread(300, 5000);
  const auto x = testing::uniform(300 * 1024, 3, 2);
  Results all;
  const auto result = module.forward(x, targets);
  all.output.assign(result.output.begin(), result.output.end());
  all.loss = result.loss;
  all.gradients = all_gradients(module, module.backward());
  all.log_probs.resize(40 * 5000);
  module.log_prob(std::span(x).first(40 * 1024), all.log_probs);
  all.predicted = module.predict(x);
  return all;
}

TEST(AdaptiveLogSoftmax, ThreadsDoNotChangeBits) {
  for (const double e : {0.0, 0.1}) {
    const Results one = results_with(1, e);
    EXPECT_EQ(results_with(2, e), one);
    EXPECT_EQ(results_with(5, e), one);
  }
}

TEST(AdaptiveLogSoftmax, ReproducibleBitsAreTheSameOnEveryTargetWithAnyThreads) {
  for (const double e : {0.0, 0.1}) {
    std::optional<Results> want;
    for (const auto target : testing::running_targets()) {
      const testing::ForcedTarget forced(target);
      for (const int threads : {1, 3}) {
        const Results got = results_with(threads, e, true);
        if (!want) want = got;
        EXPECT_TRUE(got == *want)  // thousands of numbers: unprinted
            << testing::name_of(target) << ", " << threads << " threads";
      }
    }
    EXPECT_FALSE(results_with(1, e) == *want);  // the ordinary products are other ones
  }
}

// Pieces of large clusters, whose gradients are added, and a step of learning from them.
std::vector<float> learned_in_pieces(kernels::Target target, int threads) {
  const testing::ForcedTarget forced(target);
  auto module = AdaptiveSizes{8, 100'000, {10, 20}, {.div_value = 2, .head_bias = true}}.module();
  module.initialize(1);
  module.set_threads(threads);
  module.set_reproducible(true);
  auto parameters = module.parameters();
  Optimizer optimizer(Sgd{.lr = 0.1}, parameters);
  Targets targets = spread(200, 100'000);
  for (std::uint32_t& t : targets) t = std::max(t, 20U);
  module.forward(testing::uniform(200 * 8, 3, 2), targets);
  const auto dx = module.backward();
  std::vector<float> all = all_gradients(module, dx);
  optimizer.step(parameters);
  for (const Parameter& p : parameters) all.insert(all.end(), p.values.begin(), p.values.end());
  return all;
}

TEST(AdaptiveLogSoftmax, ReproducibleBitsAreTheSameInPieces) {
  const auto targets = testing::running_targets();
  const auto want = learned_in_pieces(targets.front(), 1);
  for (const auto target : targets) {
    EXPECT_TRUE(learned_in_pieces(target, 2) == want) << testing::name_of(target);
  }
}

TEST(AdaptiveLogSoftmax, ReproducibleProductsMayBeTakenBack) {
  auto module = AdaptiveSizes{9, 23, {4, 10, 17}, {.div_value = 2}}.module();
  module.initialize(3);
  const auto x = testing::uniform(40 * 9, 2, 5);
  const auto results = [&] {
    const auto output = module.forward(x, spread(40, 23)).output;
    std::vector<float> all(output.begin(), output.end());
    const auto gradients = all_gradients(module, module.backward());
    all.insert(all.end(), gradients.begin(), gradients.end());
    return all;
  };
  const auto ordinary = results();
  module.set_reproducible(true);
  const auto reproducible = results();
  for (std::size_t i = 0; i < ordinary.size(); ++i) EXPECT_NEAR(reproducible[i], ordinary[i], 4e-6);
  module.set_reproducible(false);
  EXPECT_EQ(results(), ordinary);
}

}  // namespace
}  // namespace actfn::nn
