// SPDX-License-Identifier: Apache-2.0
// The cross-entropy against float64, where numbers are large, and what it refuses.
#include <actfn/nn/loss.h>
#include <gtest/gtest.h>

#include <limits>
#include <numeric>

#include "messages.h"
#include "nn_reference.h"

namespace actfn::nn {
namespace {

using testing::message;

using Labels = std::vector<std::uint32_t>;

constexpr float kMax = std::numeric_limits<float>::max();

struct Logits {
  std::size_t rows, classes;
  float bound;
};

class CrossEntropy : public ::testing::TestWithParam<Logits> {
 protected:
  std::size_t rows() const { return GetParam().rows; }
  std::size_t classes() const { return GetParam().classes; }
  std::vector<float> logits() const {
    return testing::uniform(rows() * classes(), GetParam().bound, 1);
  }
  Labels labels() const {
    return testing::some_labels(rows(), static_cast<int>(std::min<std::size_t>(classes(), 256)), 2);
  }
};

double probability(std::span<const float> row, std::size_t at) {
  double sum = 0;
  for (const float x : row) sum += std::exp(static_cast<double>(x) - static_cast<double>(row[at]));
  return 1 / sum;
}

// The exponentials and their quotient are good to some 2^-24; their sum rounds once a class, and a
// row's loss twice where it is large.
TEST_P(CrossEntropy, IsTheReference) {
  const auto x = logits();
  const auto y = labels();
  const double want = testing::reference_loss(testing::in_double(x), y);
  const double rounding = 0x1p-24 * static_cast<double>(classes() + 4);
  std::vector<float> gradient(x.size());
  const LossSum with_gradient = cross_entropy(x, y, gradient);
  const LossSum without = cross_entropy(x, y);
  EXPECT_NEAR(with_gradient.loss, want, rounding * (static_cast<double>(rows()) + want));
  EXPECT_NEAR(without.loss, want, rounding * (static_cast<double>(rows()) + want));
  EXPECT_EQ(without.correct, with_gradient.correct);
}

TEST_P(CrossEntropy, GradientIsSoftmaxLessOneHotByRows) {
  const auto x = logits();
  const auto y = labels();
  std::vector<float> gradient(x.size());
  cross_entropy(x, y, gradient);
  const auto n = static_cast<double>(rows());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::size_t r = i / classes();
    const std::size_t c = i % classes();
    const double p = probability(std::span(x).subspan(r * classes(), classes()), c);
    const double want = (p - (c == y[r] ? 1 : 0)) / n;
    const double rounding = 0x1p-24 * (p * static_cast<double>(classes() + 4) + 1);
    EXPECT_NEAR(gradient[i], want, rounding / n) << "row " << r << ", class " << c;
  }
}

// PyTorch's definition. The probabilities round as without smoothing; so do the targets.
TEST_P(CrossEntropy, WithLabelSmoothingIsThatOfTheSmoothTarget) {
  const auto x = logits();
  const auto y = labels();
  const auto n = static_cast<double>(rows());
  const double rounding = 0x1p-24 * static_cast<double>(classes() + 4);
  for (const double smoothing : {0.1, 0.5, 1.0}) {
    std::vector<float> gradient(x.size());
    const LossSum got = cross_entropy(x, y, gradient, smoothing);
    double want = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t r = i / classes();
      const std::size_t c = i % classes();
      const auto row = std::span(x).subspan(r * classes(), classes());
      const double target = (c == y[r] ? 1 - smoothing : 0) + smoothing / double(classes());
      const std::uint32_t as_label[] = {static_cast<std::uint32_t>(c)};
      want += target * testing::reference_loss(testing::in_double(row), as_label);
      EXPECT_NEAR(gradient[i], (probability(row, c) - target) / n, 3 * rounding / n) << i;
    }
    EXPECT_NEAR(got.loss, want, rounding * (n + want));
    EXPECT_EQ(got.loss, cross_entropy(x, y, smoothing).loss);
    EXPECT_EQ(got.correct, cross_entropy(x, y).correct);
  }
}

TEST_P(CrossEntropy, WithoutLabelSmoothingHasTheSameBits) {
  const auto x = logits();
  std::vector<float> plain(x.size());
  std::vector<float> smoothed(x.size());
  EXPECT_EQ(cross_entropy(x, labels(), plain).loss, cross_entropy(x, labels(), smoothed, 0).loss);
  EXPECT_EQ(testing::bits(plain), testing::bits(smoothed));
}

TEST_P(CrossEntropy, GradientSumsToZeroInEveryRow) {
  const auto x = logits();
  std::vector<float> gradient(x.size());
  cross_entropy(x, labels(), gradient);
  const double rounding = 0x1p-24 * static_cast<double>(2 * classes() + 4);
  for (std::size_t r = 0; r < rows(); ++r) {
    const auto row = std::span(gradient).subspan(r * classes(), classes());
    EXPECT_NEAR(std::accumulate(row.begin(), row.end(), 0.0), 0,
                rounding / static_cast<double>(rows()));
  }
}

TEST_P(CrossEntropy, CountsRowsWhoseLabelIsTheLargest) {
  const auto x = logits();
  const auto y = labels();
  std::size_t want = 0;
  for (std::size_t r = 0; r < rows(); ++r) {
    const auto row = std::span(x).subspan(r * classes(), classes());
    want += std::max_element(row.begin(), row.end()) == row.begin() + y[r] ? 1U : 0U;
  }
  EXPECT_EQ(cross_entropy(x, y).correct, want);
}

INSTANTIATE_TEST_SUITE_P(Sizes, CrossEntropy,
                         ::testing::Values(Logits{40, 10, 3}, Logits{40, 10, 30},
                                           Logits{40, 10, 1e4F}, Logits{1, 2, 1},
                                           Logits{7, 3, 1e-3F}, Logits{9, 1, 5}, Logits{5, 17, 2},
                                           Logits{3, 256, 4}, Logits{4, 300, 4},
                                           Logits{2, 1000, 1e4F}));

struct RowResult {
  double loss;
  bool correct;
  std::vector<float> gradient;
};

RowResult one_row(const std::vector<float>& logits, std::uint32_t label) {
  std::vector<float> gradient(logits.size());
  const LossSum sum = cross_entropy(logits, Labels{label}, gradient);
  EXPECT_EQ(cross_entropy(logits, Labels{label}).correct, sum.correct);
  return {sum.loss, sum.correct == 1, gradient};
}

using Floats = std::vector<float>;

TEST(CrossEntropyRow, HugeLogitsNeitherOverflowNorCancel) {
  for (const float most : {1e4F, 1e30F, kMax}) {
    const RowResult right = one_row({-most, most, 0}, 1);
    EXPECT_EQ(right.loss, 0) << most;
    EXPECT_EQ(right.gradient, (Floats{0, 0, 0})) << most;
    const RowResult wrong = one_row({-most, most, 0}, 2);
    EXPECT_EQ(wrong.loss, most);
    EXPECT_EQ(wrong.gradient, (Floats{0, 1, -1})) << most;
  }
  // Further from the largest than float32 reaches.
  const RowResult far = one_row({-kMax, kMax}, 0);
  EXPECT_GT(far.loss, kMax);
  EXPECT_EQ(far.gradient, (Floats{-1, 1}));
}

TEST(CrossEntropyRow, OfEqualLogitsTheFirstCounts) {
  for (const float x : {0.0F, -7.5F, 1e4F, kMax, -kMax}) {
    const RowResult first = one_row({x, x, x, x}, 0);
    EXPECT_TRUE(first.correct);
    EXPECT_NEAR(first.loss, std::log(4.0), 1e-6);
    EXPECT_EQ(first.gradient, (Floats{-0.75F, 0.25F, 0.25F, 0.25F}));
    EXPECT_FALSE(one_row({x, x, x, x}, 1).correct);
  }
  EXPECT_TRUE(one_row({1, 2, 2}, 1).correct);
  EXPECT_FALSE(one_row({1, 2, 2}, 2).correct);
}

TEST(CrossEntropyRow, OneClassIsCertain) {
  const RowResult row = one_row({-123}, 0);
  EXPECT_EQ(row.loss, 0);
  EXPECT_TRUE(row.correct);
  EXPECT_EQ(row.gradient, Floats{0});
}

// A class that is ruled out costs nothing unless the target has a share of it.
TEST(CrossEntropyRow, AnImpossibleClassCostsInfinityWithLabelSmoothing) {
  const Floats x = {1, 1, -std::numeric_limits<float>::infinity()};
  EXPECT_NEAR(cross_entropy(x, Labels{0}).loss, std::log(2.0), 1e-6);
  EXPECT_EQ(cross_entropy(x, Labels{0}, 0.1).loss, std::numeric_limits<double>::infinity());
  Floats gradient(3);
  cross_entropy(x, Labels{0}, gradient, 0.3);
  EXPECT_NEAR(gradient[0], 0.5 - 0.8, 1e-6);
  EXPECT_NEAR(gradient[1], 0.5 - 0.1, 1e-6);
  EXPECT_NEAR(gradient[2], -0.1, 1e-6);
}

// A network that has diverged must show it.
TEST(CrossEntropyRow, NanGivesNan) {
  for (const std::size_t at : {0U, 1U, 2U}) {
    Floats logits = {1, 2, 3};
    logits[at] = NAN;
    const RowResult row = one_row(logits, 1);
    EXPECT_TRUE(std::isnan(row.loss));
    EXPECT_TRUE(std::isnan(cross_entropy(logits, Labels{1}, 0.1).loss));
    for (const float g : row.gradient) EXPECT_TRUE(std::isnan(g));
  }
}

std::string refusal(std::size_t logits, const Labels& labels) {
  const Floats x(logits);
  return message([&] { cross_entropy(x, labels); });
}

TEST(SquaredError, IsTheSumOfSquaresAndTheGradientThatOfTheMean) {
  const std::vector<float> y = {1, -2, 0.5F, 1e20F};
  const std::vector<float> targets = {0.5F, 1, 0.5F, 1e20F};
  std::vector<float> gradient(4);
  const LossSum loss = squared_error(y, targets, gradient);
  EXPECT_EQ(loss.loss, 0.25 + 9);
  EXPECT_EQ(loss.correct, 0U);
  EXPECT_EQ(squared_error(y, targets).loss, loss.loss);
  EXPECT_EQ(gradient, (std::vector<float>{0.25F, -1.5F, 0, 0}));
  std::vector<float> in_place = y;
  squared_error(in_place, targets, in_place);
  EXPECT_EQ(in_place, gradient);
}

// In double: (2e30)^2 is no float.
TEST(SquaredError, DoesNotOverflowEarly) {
  const std::vector<float> y = {1e30F};
  const std::vector<float> targets = {-1e30F};
  EXPECT_NEAR(squared_error(y, targets).loss / 4e60, 1, 1e-6);
}

TEST(SquaredErrorErrors, SayWhatDoesNotFit) {
  std::vector<float> four(4);
  std::vector<float> three(3);
  EXPECT_EQ(testing::message([&] { squared_error(four, three); }),
            "[squared_error] y has 4 elements, targets has 3");
  EXPECT_EQ(testing::message([&] { squared_error(four, four, three); }),
            "[squared_error] gradient has 3 elements, y has 4");
}

TEST(CrossEntropyErrors, SayWhatDoesNotFit) {
  EXPECT_EQ(refusal(7, {0, 1}), "[cross_entropy] 7 logits are no whole rows for 2 labels");
  EXPECT_EQ(refusal(0, {0, 1}), "[cross_entropy] 0 logits are no whole rows for 2 labels");
  EXPECT_EQ(refusal(6, {}), "[cross_entropy] 6 logits are no whole rows for 0 labels");
  EXPECT_EQ(refusal(6, {0, 3}),
            "[cross_entropy] label 3 of row 1 is not below the number of classes, 3");
}

TEST(CrossEntropyErrors, LeaveTheGradientAlone) {
  const Floats x(6);
  Floats gradient(6, 5);
  for (const auto& [smoothing, got] :
       {std::pair(2.0, "2"), std::pair(-0.1, "-0.1"), std::pair(double{NAN}, "nan")}) {
    EXPECT_EQ(message([&, e = smoothing] {
                cross_entropy(x, Labels{0, 1}, gradient, e);
              }),
              std::string("[cross_entropy] label_smoothing must be in [0, 1], got ") + got);
  }
  EXPECT_EQ(message([&] {
              cross_entropy(x, Labels{0, 3}, gradient);
            }),
            "[cross_entropy] label 3 of row 1 is not below the number of classes, 3");
  EXPECT_EQ(message([&] {
              cross_entropy(x, Labels{0, 1}, std::span(gradient).first(5));
            }),
            "[cross_entropy] gradient has 5 elements, logits has 6");
  EXPECT_EQ(gradient, Floats(6, 5));
}

TEST(CrossEntropy, TheGradientMayTakeTheLogitsPlace) {
  std::vector<float> logits = {0.5F, -1.0F, 2.0F, 0.0F, 3.0F, 1.0F};
  const std::vector<std::uint32_t> labels = {1, 0};
  std::vector<float> gradient(logits.size());
  const auto apart = cross_entropy(logits, labels, gradient);
  const auto in_place = cross_entropy(logits, labels, logits);
  EXPECT_EQ(in_place.loss, apart.loss);
  EXPECT_EQ(logits, gradient);
}

TEST(CrossEntropy, TheGradientMayTakeTheLogitsPlaceWithLabelSmoothing) {
  std::vector<float> logits = {0.5F, -1.0F, 2.0F, 0.0F, 3.0F, 1.0F};
  const std::vector<std::uint32_t> labels = {1, 0};
  std::vector<float> gradient(logits.size());
  const auto apart = cross_entropy(logits, labels, gradient, 0.1);
  EXPECT_EQ(cross_entropy(logits, labels, logits, 0.1).loss, apart.loss);
  EXPECT_EQ(logits, gradient);
}

}  // namespace
}  // namespace actfn::nn
