// SPDX-License-Identifier: Apache-2.0
// The adaptive softmax against its definition in double, and against differences of that.
#include <actfn/nn/adaptive_log_softmax.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <ostream>

#include "adaptive_reference.h"
#include "differences.h"
#include "messages.h"
#include "nn_reference.h"

namespace actfn::nn {
namespace {

using testing::AdaptiveReference;
using testing::AdaptiveSizes;
using testing::all_gradients;
using testing::differences;
using testing::Doubles;
using testing::largest;
using testing::message;
using testing::spread;
using testing::Targets;

Doubles doubles(std::span<const float> x) { return {x.begin(), x.end()}; }

struct Setting {
  AdaptiveSizes sizes;
  Targets targets;
};
std::ostream& operator<<(std::ostream& out, const Setting& s) {
  return out << s.sizes.n_classes << " classes, " << s.targets.size() << " targets from "
             << s.targets[0];
}

class Adaptive : public ::testing::TestWithParam<Setting> {
 protected:
  Adaptive() : module_(sizes().module()) {
    module_.initialize(3);
    x_ = testing::uniform(targets().size() * static_cast<std::size_t>(sizes().in_features), 2, 5);
  }
  const AdaptiveSizes& sizes() const { return GetParam().sizes; }
  const Targets& targets() const { return GetParam().targets; }
  Doubles row(std::size_t r) const {
    const auto in = static_cast<std::size_t>(sizes().in_features);
    return doubles(std::span(x_).subspan(r * in, in));
  }

  AdaptiveLogSoftmaxWithLoss module_;
  std::vector<float> x_;
};

TEST_P(Adaptive, LogProbabilitiesAreTheDefinition) {
  const AdaptiveReference reference(sizes(), module_);
  const auto classes = static_cast<std::size_t>(sizes().n_classes);
  const auto result = module_.forward(x_, targets());
  std::vector<float> all(targets().size() * classes);
  module_.log_prob(x_, all);
  const auto predicted = module_.predict(x_);
  for (std::size_t r = 0; r < targets().size(); ++r) {
    const Doubles want = reference.log_probs(row(r));
    for (std::size_t c = 0; c < classes; ++c) EXPECT_NEAR(all[r * classes + c], want[c], 4e-6);
    EXPECT_NEAR(result.output[r], want[targets()[r]], 4e-6);
    const auto best = std::max_element(want.begin(), want.end());
    EXPECT_EQ(predicted[r], best - want.begin()) << r;
  }
  EXPECT_NEAR(result.loss, reference.loss(doubles(x_), targets()), 4e-6);
}

TEST_P(Adaptive, GradientsAreDifferences) {
  constexpr double kStep = 1e-5;
  AdaptiveReference reference(sizes(), module_);
  Doubles x = doubles(x_);
  const auto loss = [&] { return reference.loss(x, targets()); };
  module_.forward(x_, targets());
  const auto dx = module_.backward(2);
  const Doubles want = differences(x, loss, kStep);
  for (std::size_t i = 0; i < x.size(); ++i) ASSERT_NEAR(dx[i], 2 * want[i], 2e-6) << i;
  for (const Parameter& p : module_.parameters()) {
    Doubles& values = reference.parameters.at(p.name);
    const Doubles slopes = differences(values, loss, kStep);
    for (std::size_t i = 0; i < values.size(); ++i) {
      ASSERT_NEAR(p.gradients[i], 2 * slopes[i], 2e-6) << p.name << ' ' << i;
    }
  }
}

// A gradient of -1 / rows by each output is that of the loss without label_smoothing.
TEST_P(Adaptive, GradientByOutputIsThatOfTheLoss) {
  AdaptiveSizes plain = sizes();
  plain.options.label_smoothing = 0;
  auto module = plain.module();
  module.initialize(3);
  module.forward(x_, targets());
  const auto want = module.backward();
  module_.forward(x_, targets());
  const std::vector<float> dy(targets().size(), -1.0F / static_cast<float>(targets().size()));
  const auto got = module_.backward(dy);
  for (std::size_t i = 0; i < want.size(); ++i) EXPECT_NEAR(got[i], want[i], 1e-7);
}

// Log-probabilities are kept for one backward(), and computed again for a second one.
TEST_P(Adaptive, SecondBackwardGivesTheSameBits) {
  module_.forward(x_, targets());
  const auto first = all_gradients(module_, module_.backward());
  EXPECT_EQ(all_gradients(module_, module_.backward()), first);
  module_.forward(x_, targets());
  module_.predict(std::span(x_).first(static_cast<std::size_t>(sizes().in_features)));
  EXPECT_EQ(all_gradients(module_, module_.backward()), first);
}

const AdaptiveSizes kSmall = {9, 23, {4, 10, 17}, {.div_value = 2}};
const AdaptiveSizes kWithBias = {7, 12, {1}, {.div_value = 1.5, .head_bias = true}};
const AdaptiveSizes kSmooth = {8, 15, {3, 9}, {.div_value = 2, .label_smoothing = 0.3}};
const AdaptiveSizes kUniform = {17, 15, {3, 14}, {.head_bias = true, .label_smoothing = 1}};
const AdaptiveSizes kWider = {3, 6, {2, 4}, {.div_value = 0.5}};

INSTANTIATE_TEST_SUITE_P(All, Adaptive,
                         ::testing::Values(Setting{kSmall, spread(21, 23)},
                                           Setting{kSmall, {0, 3, 2, 2}},
                                           Setting{kSmall, {12, 10, 16}}, Setting{kSmall, {22}},
                                           Setting{kWithBias, spread(5, 12)},
                                           Setting{kWithBias, {0}}, Setting{kSmooth, spread(6, 15)},
                                           Setting{kSmooth, {2}}, Setting{kUniform, spread(4, 15)},
                                           Setting{kWider, spread(9, 6)}));

TEST(AdaptiveLogSoftmax, ClusterWithoutTargetHasNoGradient) {
  auto module = kSmall.module();
  module.initialize(1);
  const auto x = testing::uniform(3 * 9, 1, 2);
  for (const Targets& targets : {Targets{22, 20, 18}, Targets{0, 12, 5}}) {
    module.forward(x, targets);
    module.backward();
  }
  for (const Parameter& p : module.parameters()) {
    EXPECT_EQ(largest(p.gradients) == 0, p.name.starts_with("tail.2")) << p.name;
  }
}

// Its softmax is 1 whatever the logit is.
TEST(AdaptiveLogSoftmax, ClusterOfOneClassHasNoGradient) {
  auto module = AdaptiveSizes{9, 12, {11}, {.label_smoothing = 0.1}}.module();
  module.initialize(1);
  const auto x = testing::uniform(2 * 9, 1, 2);
  module.forward(x, Targets{11, 4});
  module.backward();
  for (const Parameter& p : module.parameters()) {
    EXPECT_EQ(largest(p.gradients) == 0, p.name.starts_with("tail")) << p.name;
  }
}

TEST(AdaptiveLogSoftmax, ParametersAreNamedAndShapedAsPytorchs) {
  auto module = AdaptiveSizes{64, 20, {5, 12}, {.head_bias = true}}.module();
  std::string text;
  for (const Parameter& p : module.parameters()) {
    text += p.name;
    for (const std::size_t length : p.shape) text += ' ' + std::to_string(length);
    text += '\n';
    EXPECT_FALSE(p.transposed);
  }
  EXPECT_EQ(text,
            "head.weight 7 64\nhead.bias 7\ntail.0.0.weight 16 64\ntail.0.1.weight 7 16\n"
            "tail.1.0.weight 4 64\ntail.1.1.weight 8 4\n");
}

TEST(AdaptiveLogSoftmax, InitialisesUniformlyByFanIn) {
  auto module = AdaptiveSizes{400, 900, {100}, {.head_bias = true}}.module();
  module.initialize(7);
  for (const Parameter& p : module.parameters()) {
    const double fan_in = p.shape.count() == 2 ? static_cast<double>(p.shape[1]) : 400;
    const Doubles values = doubles(p.values);
    const auto n = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    const double squares = std::inner_product(values.begin(), values.end(), values.begin(), 0.0);
    EXPECT_LE(largest(p.values), 1 / std::sqrt(fan_in)) << p.name;
    EXPECT_NEAR(squares / n * 3 * fan_in, 1, 5 / std::sqrt(n)) << p.name;
    EXPECT_NEAR(mean * std::sqrt(fan_in), 0, 5 / std::sqrt(n)) << p.name;
  }
}

TEST(AdaptiveLogSoftmax, SeedDecides) {
  auto a = kSmall.module();
  auto b = kSmall.module();
  const auto weights = [](AdaptiveLogSoftmaxWithLoss& module, std::uint64_t seed) {
    module.initialize(seed);
    const auto values = module.parameters()[0].values;
    return std::vector<float>(values.begin(), values.end());
  };
  EXPECT_EQ(weights(a, 1), weights(b, 1));
  EXPECT_NE(weights(a, 1), weights(b, 2));
}

// More log-probabilities than are kept at a time.
TEST(AdaptiveLogSoftmax, TakesLargeClustersInPieces) {
  constexpr int kClasses = 100000;
  constexpr std::size_t kRows = 200;
  const AdaptiveSizes sizes{8, kClasses, {10, 20}, {.div_value = 2}};
  auto module = sizes.module();
  module.initialize(1);
  const auto x = testing::uniform(kRows * 8, 3, 2);
  Targets targets = spread(kRows, kClasses);
  for (std::uint32_t& t : targets) t = std::max(t, 20U);
  const auto whole = module.forward(x, targets);
  const std::vector<float> output(whole.output.begin(), whole.output.end());
  const auto dx = module.backward(static_cast<double>(kRows));
  const std::vector<float> gradient(dx.begin(), dx.end());
  Doubles by_weight(module.parameters()[4].values.size());
  const AdaptiveReference reference(sizes, module);
  for (std::size_t r = 0; r < kRows; r += 40) {
    const Doubles want = reference.log_probs(doubles(std::span(x).subspan(r * 8, 8)));
    EXPECT_NEAR(output[r], want[targets[r]], 1e-5);
  }
  const Doubles of_whole = doubles(module.parameters()[4].gradients);
  for (std::size_t r = 0; r < kRows; r += 50) {  // by themselves, rows need no pieces
    module.forward(std::span(x).subspan(r * 8, 400), std::span(targets).subspan(r, 50));
    const auto part = module.backward(50.0);
    for (std::size_t i = 0; i < 400; ++i) EXPECT_NEAR(part[i], gradient[r * 8 + i], 1e-6);
    const auto gradients = module.parameters()[4].gradients;
    for (std::size_t i = 0; i < by_weight.size(); ++i) {
      by_weight[i] += static_cast<double>(gradients[i]);
    }
  }
  for (std::size_t i = 0; i < by_weight.size(); ++i) ASSERT_NEAR(by_weight[i], of_whole[i], 1e-5);
}

TEST(AdaptiveLogSoftmax, NanStaysInItsRow) {
  auto module = kSmall.module();
  module.initialize(1);
  auto x = testing::uniform(2 * 9, 1, 2);
  x[4] = std::numeric_limits<float>::quiet_NaN();
  const auto result = module.forward(x, Targets{1, 12});
  EXPECT_TRUE(std::isnan(result.output[0]));
  EXPECT_FALSE(std::isnan(result.output[1]));
  EXPECT_TRUE(std::isnan(result.loss));
  const auto dx = module.backward();
  EXPECT_TRUE(std::isnan(dx[0]));
  EXPECT_FALSE(std::isnan(dx[9]));
}

TEST(AdaptiveLogSoftmax, MovesWithWhatItKeeps) {
  auto module = kSmall.module();
  module.initialize(1);
  const auto x = testing::uniform(9, 1, 2);
  module.forward(x, Targets{12});
  const auto want = all_gradients(module, module.backward());
  module.forward(x, Targets{12});
  AdaptiveLogSoftmaxWithLoss moved = std::move(module);
  EXPECT_EQ(all_gradients(moved, moved.backward()), want);
}

std::string refusal(int in_features, int n_classes, const std::vector<int>& cutoffs,
                    const AdaptiveLogSoftmaxOptions& options = {}) {
  return message([&] { AdaptiveLogSoftmaxWithLoss(in_features, n_classes, cutoffs, options); });
}

TEST(AdaptiveLogSoftmax, RefusesSizes) {
  const std::string who = "[adaptive_log_softmax] ";
  EXPECT_EQ(refusal(0, 10, {2}), who + "in_features must be positive, got 0");
  EXPECT_EQ(refusal(-3, 10, {2}), who + "in_features must be positive, got -3");
  EXPECT_EQ(refusal(8, 1, {1}), who + "n_classes must be at least 2, got 1");
  EXPECT_EQ(refusal(8, 10, {}), who + "there must be a cutoff");
  EXPECT_EQ(refusal(8, 10, {10}), who + "cutoff 0 is 10, cutoffs are from 1 to 9");
  EXPECT_EQ(refusal(8, 10, {0, 3}), who + "cutoff 0 is 0, cutoffs are from 1 to 9");
  EXPECT_EQ(refusal(8, 10, {5, 3}), who + "cutoff 1 is 3, it must be above cutoff 0, 5");
  EXPECT_EQ(refusal(8, 10, {2, 5, 5}), who + "cutoff 2 is 5, it must be above cutoff 1, 5");
  EXPECT_EQ(refusal(16, 10, {2, 4, 6}),
            who + "cluster 2 has no features: 16 // div_value^3 is 0 with div_value 4");
  EXPECT_EQ(refusal(2, 10, {2, 4}, {.div_value = 1e-5}),
            who + "cluster 1 has too many features: 2 // div_value^2 with div_value 1e-05");
  EXPECT_EQ(refusal(2, 10, {2, 4}, {.div_value = 1e-300}),
            who + "cluster 0 has too many features: 2 // div_value^1 with div_value 1e-300");
  EXPECT_EQ(refusal(1000000, 1000000000, {999999999}), who + "there are more than 2^40 parameters");
}

TEST(AdaptiveLogSoftmax, RefusesOptions) {
  const std::string who = "[adaptive_log_softmax] ";
  const double nan = std::nan("");
  EXPECT_EQ(refusal(8, 10, {2}, {.div_value = 0}),
            who + "div_value must be finite and positive, got 0");
  EXPECT_EQ(refusal(8, 10, {2}, {.div_value = nan}),
            who + "div_value must be finite and positive, got nan");
  EXPECT_EQ(refusal(8, 10, {2}, {.label_smoothing = 1.5}),
            who + "label_smoothing must be from 0 to 1, got 1.5");
  EXPECT_EQ(refusal(8, 10, {2}, {.label_smoothing = nan}),
            who + "label_smoothing must be from 0 to 1, got nan");
}

TEST(AdaptiveLogSoftmax, RefusesCalls) {
  const std::string who = "[adaptive_log_softmax] ";
  auto module = AdaptiveSizes{4, 10, {3}}.module();
  std::vector<float> x(16);
  const Targets good = {1, 2, 3, 4};
  EXPECT_EQ(message([&] { module.backward(); }), who + "there is no forward() before backward()");
  EXPECT_EQ(message([&] { module.backward(x); }), who + "there is no forward() before backward()");
  EXPECT_EQ(message([&] { module.forward(std::span(x).first(10), good); }),
            who + "x has 10 elements, which are no whole rows of 4");
  EXPECT_EQ(message([&] { module.forward({}, {}); }),
            who + "x has 0 elements, which are no whole rows of 4");
  EXPECT_EQ(message([&] {
              module.forward(x, Targets{1, 2, 3});
            }),
            who + "x has 4 rows, targets has 3 elements");
  EXPECT_EQ(message([&] {
              module.forward(x, Targets{1, 2, 3, 12});
            }),
            who + "target 3 is 12, classes are 0 to 9");
  module.forward(x, good);
  EXPECT_EQ(message([&] { module.backward(std::nan("")); }),
            who + "factor must be finite, got nan");
  EXPECT_EQ(message([&] { module.backward(std::span(x).first(3)); }),
            who + "dy has 3 elements, the last forward() gave 4");
  std::vector<float> y(50);
  EXPECT_EQ(message([&] { module.log_prob(x, std::span(y).first(10)); }),
            who + "y has 10 elements, 40 are needed");
  EXPECT_EQ(message([&] { module.log_prob(std::span(y).first(16), std::span(y).first(40)); }),
            who + "y overlaps x");
  EXPECT_EQ(message([&] { module.predict(std::span(x).first(5)); }),
            who + "x has 5 elements, which are no whole rows of 4");
  EXPECT_EQ(message([&] { module.set_threads(0); }), who + "threads must be from 1 to 1024, got 0");
  EXPECT_EQ(message([&] { module.backward(); }), "no error");  // of the forward() that was good
}

}  // namespace
}  // namespace actfn::nn
