// SPDX-License-Identifier: Apache-2.0
// Clipped gradients against PyTorch's formulas in long double.
#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <limits>

#include "forced_target.h"
#include "messages.h"
#include "nn/vector_ops.h"
#include "nn_reference.h"

namespace actfn::nn {
namespace {

using testing::bits;
using testing::message;
using Floats = std::vector<float>;

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr float kMax = std::numeric_limits<float>::max();

// Two parameters: 37 numbers and 3.
struct Two {
  Floats first = testing::uniform(37, 2, 1);
  Floats second = {3, -4, 0.5F};
  Floats values = Floats(37);
  std::vector<Parameter> parameters = {{"first", {37}, values, first},
                                       {"second", {3}, std::span(values).first(3), second}};

  double norm() const {
    long double squares = 0;
    for (const auto* part : {&first, &second}) {
      for (const long double g : *part) squares += g * g;
    }
    return static_cast<double>(std::sqrt(squares));
  }
};

TEST(ClipGradNorm, ScalesAllGradientsByOneFactor) {
  for (const double most : {0.1, 1.0, 5.0}) {
    Two two;
    const Two before;
    const double norm = before.norm();
    ASSERT_GT(norm, most);
    EXPECT_NEAR(clip_grad_norm(two.parameters, most), norm, 1e-14 * norm);
    const double factor = most / (norm + 1e-6);
    for (std::size_t i = 0; i < before.first.size(); ++i) {
      EXPECT_NEAR(two.first[i], factor * before.first[i], 0x1p-22 * factor);
    }
    for (std::size_t i = 0; i < before.second.size(); ++i) {
      EXPECT_NEAR(two.second[i], factor * before.second[i], 0x1p-21 * factor);
    }
    EXPECT_NEAR(two.norm(), most, 2e-6 * most);
  }
}

TEST(ClipGradNorm, LeavesSmallGradientsAlone) {
  const Two before;
  for (const double most : {100.0, 1e30, kInf}) {
    Two two;
    EXPECT_NEAR(clip_grad_norm(two.parameters, most), before.norm(), 1e-13);
    EXPECT_EQ(two.first, before.first);
    EXPECT_EQ(two.second, before.second);
  }
  EXPECT_EQ(clip_grad_norm({}, 1), 0);
}

// In double: the squares of these are no float32.
TEST(ClipGradNorm, NeitherOverflowsNorVanishes) {
  Floats values(2);
  for (const float size : {kMax, 1e30F, 1e-30F, std::numeric_limits<float>::denorm_min()}) {
    Floats gradients = {3 * (size / 4), -size};
    const Parameter p = {"p", {2}, values, gradients};
    const double want = std::hypot(static_cast<double>(gradients[0]), static_cast<double>(size));
    EXPECT_NEAR(clip_grad_norm({&p, 1}, kInf), want, 1e-15 * want);
    clip_grad_norm({&p, 1}, 1);
    EXPECT_NEAR(std::hypot(gradients[0], gradients[1]), size > 1 ? 1 : want, 1e-5);
  }
}

// As PyTorch's: an infinite norm makes 0 of what is finite.
TEST(ClipGradNorm, OfInfinityAndNan) {
  constexpr auto kInfinity = std::numeric_limits<float>::infinity();
  Floats values(3);
  for (const float bad : {kInfinity, -kInfinity, NAN}) {
    Floats gradients = {1, bad, 2};
    const Parameter p = {"p", {3}, values, gradients};
    EXPECT_EQ(message([&] {
                clip_grad_norm({&p, 1}, 1, true);
              }),
              std::string("[clip_grad_norm] the norm of the gradients is ") +
                  (std::isnan(bad) ? "nan" : "inf"));
    EXPECT_EQ(gradients[0], 1);
    const double norm = clip_grad_norm({&p, 1}, 1);
    EXPECT_TRUE(std::isnan(bad) ? std::isnan(norm) : norm == kInf);
    EXPECT_TRUE(std::isnan(gradients[1]));
    for (const std::size_t i : {0U, 2U}) {
      EXPECT_TRUE(std::isnan(bad) ? std::isnan(gradients[i]) : gradients[i] == 0);
    }
  }
}

// Sums in one order: of every length, with the same bits everywhere.
TEST(SumSquares, HasTheSameBitsOnEveryTarget) {
  const auto targets = testing::running_targets();
  for (const std::size_t n : {0U, 1U, 7U, 15U, 16U, 17U, 31U, 32U, 100U, 1000U, 4099U}) {
    const Floats x = testing::uniform(n, 3, static_cast<unsigned>(n));
    long double want = 0;
    for (const long double v : x) want += v * v;
    const auto sum_on = [&](kernels::Target target) {
      const testing::ForcedTarget forced(target);
      return sum_squares(x.data(), n);
    };
    const double first = sum_on(targets.front());
    EXPECT_NEAR(first, static_cast<double>(want), 1e-14 * static_cast<double>(want)) << n;
    for (const auto target : targets) EXPECT_EQ(sum_on(target), first) << n;
  }
}

// The update rules and the loss, too.
TEST(VectorOps, HaveTheSameBitsOnEveryTarget) {
  const auto run = [](kernels::Target target) {
    const testing::ForcedTarget forced(target);
    Sequential net({Linear{3, 19}});
    testing::randomize(net, 3);
    auto parameters = net.parameters();
    for (const UpdateRule& rule :
         {UpdateRule(AdamW{.lr = 0.1}), UpdateRule(Sgd{.momentum = 0.5, .dampening = 0.1}),
          UpdateRule(Sgd{.momentum = 0.5, .weight_decay = 0.1, .nesterov = true})}) {
      Optimizer optimizer(rule, parameters);
      for (unsigned step = 0; step < 5; ++step) {
        for (const Parameter& p : parameters) {
          std::ranges::copy(testing::uniform(p.values.size(), 1, step), p.gradients.begin());
        }
        clip_grad_norm(parameters, 1);
        optimizer.step(parameters);
      }
    }
    const auto weights = testing::parameters(net);
    Floats gradient(19);
    const std::uint32_t label[] = {4};
    cross_entropy(std::span(weights).first(19), label, gradient, 0.1);
    auto all = bits(weights);
    for (const auto b : bits(gradient)) all.push_back(b);
    return all;
  };
  const auto targets = testing::running_targets();
  for (const auto target : targets) EXPECT_EQ(run(target), run(targets.front()));
}

// One sum of them all would be wrong by 1.4e-4.
TEST(SumRows, LosesFewDigitsOfManyRows) {
  constexpr std::size_t kRows = 100'000;
  constexpr std::size_t kColumns = 19;
  const Floats x(kRows * kColumns, 0.1F);
  Floats sums(kColumns);
  for (const auto target : testing::running_targets()) {
    const testing::ForcedTarget forced(target);
    sum_rows(x.data(), kRows, kColumns, sums.data());
    const double want = kRows * static_cast<double>(0.1F);
    for (const float sum : sums) EXPECT_NEAR(sum, want, 1e-5 * want);
  }
}

TEST(ClipGradValue, LimitsEachGradient) {
  Floats values(6);
  Floats gradients = {0.5F, -7, 2, -0.25F, INFINITY, NAN};
  const Parameter p = {"p", {6}, values, gradients};
  clip_grad_value({&p, 1}, 0.75);
  EXPECT_TRUE(std::isnan(gradients.back()));
  gradients.pop_back();
  EXPECT_EQ(gradients, (Floats{0.5F, -0.75F, 0.75F, -0.25F, 0.75F}));
}

TEST(Clip, RefusesLimitsThatAreNotPositive) {
  Two two;
  const Two before;
  for (const auto& [limit, got] :
       {std::pair(0.0, "0"), std::pair(-1.0, "-1"), std::pair(double{NAN}, "nan"),
        std::pair(1e-50, "1e-50 (0 as float32)")}) {
    EXPECT_EQ(message([&, most = limit] { clip_grad_norm(two.parameters, most); }),
              std::string("[clip_grad_norm] max_norm must be positive, got ") + got);
    EXPECT_EQ(message([&, most = limit] { clip_grad_value(two.parameters, most); }),
              std::string("[clip_grad_value] clip_value must be positive, got ") + got);
  }
  EXPECT_EQ(two.first, before.first);
}

}  // namespace
}  // namespace actfn::nn
