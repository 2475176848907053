// SPDX-License-Identifier: Apache-2.0
// Eigenvalues and the effective rank: against values worked out by hand, and what must not change
// them.
#include "lab/effective_rank.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "lab/eigenvalues.h"

namespace actfn::lab {
namespace {

std::vector<double> sorted_eigenvalues(std::vector<double> matrix, std::size_t n) {
  std::vector<double> all = eigenvalues(std::move(matrix), n);
  std::ranges::sort(all);
  return all;
}

void expect_near(const std::vector<double>& got, const std::vector<double>& want) {
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], want[i], 1e-14) << i;
}

TEST(Eigenvalues, OfSmallMatrices) {
  expect_near(sorted_eigenvalues({7}, 1), {7});
  expect_near(sorted_eigenvalues({2, 1, 1, 2}, 2), {1, 3});
  expect_near(sorted_eigenvalues({2, 1, 0, 1, 2, 1, 0, 1, 2}, 3),
              {2 - std::sqrt(2), 2, 2 + std::sqrt(2)});
  expect_near(sorted_eigenvalues({0, 0, 0, 0}, 2), {0, 0});
  expect_near(sorted_eigenvalues({3, 0, 0, 0, -1, 0, 0, 0, 2}, 3), {-1, 2, 3});
  expect_near(sorted_eigenvalues(std::vector<double>(16, 1), 4), {0, 0, 0, 4});
}

// 2 in the diagonal and -1 beside it: 2 - 2 cos(k pi / (n + 1)).
TEST(Eigenvalues, OfAKnownChain) {
  constexpr std::size_t kN = 40;
  std::vector<double> a(kN * kN);
  std::vector<double> want;
  for (std::size_t i = 0; i < kN; ++i) {
    a[i * kN + i] = 2;
    if (i > 0) a[i * kN + i - 1] = a[(i - 1) * kN + i] = -1;
    want.push_back(2 - 2 * std::cos(static_cast<double>(i + 1) * M_PI / (kN + 1)));
  }
  expect_near(sorted_eigenvalues(a, kN), want);
}

// H D H with a reflection H has the eigenvalues D, whatever their sizes.
TEST(Eigenvalues, AreThoseThatAMatrixWasMadeOf) {
  constexpr std::size_t kN = 25;
  std::mt19937 random(1);
  std::vector<double> v(kN);
  double square = 0;
  for (double& x : v) {
    x = static_cast<double>(random()) / 4294967296.0 - 0.5;
    square += x * x;
  }
  std::vector<double> a(kN * kN);
  std::vector<double> want;
  for (std::size_t k = 0; k < kN; ++k) want.push_back(k % 3 == 0 ? 1 : static_cast<double>(k));
  const auto h = [&](std::size_t i, std::size_t j) {
    return (i == j ? 1.0 : 0.0) - 2 * v[i] * v[j] / square;
  };
  for (std::size_t i = 0; i < kN; ++i) {
    for (std::size_t j = 0; j < kN; ++j) {
      for (std::size_t k = 0; k < kN; ++k) a[i * kN + j] += h(i, k) * want[k] * h(k, j);
    }
  }
  std::ranges::sort(want);
  const std::vector<double> got = sorted_eigenvalues(a, kN);
  for (std::size_t k = 0; k < kN; ++k) EXPECT_NEAR(got[k], want[k], 1e-12);
}

// Units that are alike, or constant: what is left off the diagonal is rounding beside two
// eigenvalues of 0.
TEST(Eigenvalues, OfOneDirectionAreZeroButForThat) {
  std::mt19937 random(1);
  for (std::size_t i = 0; i < 20000; ++i) {
    const std::size_t n = 2 + random() % 30;
    std::vector<double> v(n, static_cast<double>(random()));
    for (std::size_t k = 1 + random() % n; k < n; ++k)
      v[k] = static_cast<double>(random() % 3) * v[0];
    double trace = 0;
    for (const double x : v) trace += x * x;
    std::vector<double> a(n * n);
    for (std::size_t k = 0; k < n * n; ++k) a[k] = v[k / n] * v[k % n] / trace;
    std::vector<double> want(n);
    want.back() = 1;
    expect_near(sorted_eigenvalues(a, n), want);
  }
}

TEST(EffectiveRank, OfEquallyStrongDirectionsIsTheirNumber) {
  for (const std::size_t n : {1U, 2U, 10U, 33U}) {
    std::vector<float> identity(n * n);
    for (std::size_t i = 0; i < n; ++i) identity[i * n + i] = 3;
    EXPECT_NEAR(effective_rank({identity, n}), static_cast<double>(n),
                1e-12 * static_cast<double>(n));
  }
}

// Singular values 2 and 1: p = 2/3 and 1/3, exp(-sum p log p) = 3 / 4^(1/3).
TEST(EffectiveRank, OfTwoSingularValues) {
  EXPECT_NEAR(effective_rank({std::vector<float>{2, 0, 0, 1}, 2}), 3 / std::cbrt(4), 1e-14);
  EXPECT_NEAR(effective_rank({std::vector<float>{0, 2, 0, 1, 0, 0}, 3}), 3 / std::cbrt(4), 1e-14);
}

TEST(EffectiveRank, WhereAllSamplesAreMultiplesOfOneIsOne) {
  EXPECT_NEAR(effective_rank({std::vector<float>(60, 0.5F), 6}), 1, 1e-7);
  EXPECT_NEAR(effective_rank({std::vector<float>{1, 2, 3, -2, -4, -6}, 3}), 1, 1e-7);
}

TEST(EffectiveRank, OfNothingAndOfWhatIsNotFinite) {
  EXPECT_EQ(effective_rank({std::vector<float>(12), 3}), 0);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isnan(effective_rank({std::vector<float>{1, nan, 0, 1}, 2})));
  const float inf = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(std::isnan(effective_rank({std::vector<float>{1, inf, 0, 1}, 2})));
}

std::vector<float> random_numbers(std::size_t n) {
  std::mt19937 random(7);
  std::vector<float> all(n);
  for (float& x : all) x = static_cast<float>(random()) / 4294967296.0F - 0.3F;
  return all;
}

std::vector<float> transposed(const std::vector<float>& a, std::size_t rows, std::size_t columns) {
  std::vector<float> t(a.size());
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) t[c * rows + r] = a[r * columns + c];
  }
  return t;
}

TEST(EffectiveRank, AMatrixAndItsTransposeHaveTheSame) {
  const std::vector<float> a = random_numbers(9 * 31);
  const double tall = effective_rank({a, 9});
  EXPECT_GT(tall, 1);
  EXPECT_LT(tall, 9);
  EXPECT_NEAR(effective_rank({transposed(a, 31, 9), 31}), tall, 1e-10);
}

// Each place of an image is a row.
TEST(EffectiveRank, OfImagesIsThatOfTheirPlaces) {
  constexpr std::size_t kUnits = 5;
  constexpr std::size_t kPlaces = 12;
  const std::vector<float> images = random_numbers(3 * kUnits * kPlaces);
  std::vector<float> rows;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto begin = images.begin() + static_cast<std::ptrdiff_t>(i * kUnits * kPlaces);
    const std::vector<float> image(begin, begin + kUnits * kPlaces);
    const std::vector<float> places = transposed(image, kUnits, kPlaces);
    rows.insert(rows.end(), places.begin(), places.end());
  }
  EXPECT_NEAR(effective_rank({images, kUnits, kPlaces}), effective_rank({rows, kUnits}), 1e-10);
}

// Tiny and huge numbers: only ratios count.
TEST(EffectiveRank, DoesNotDependOnTheUnit) {
  std::vector<float> a = random_numbers(80);
  const double rank = effective_rank({a, 8});
  for (const float by : {0x1p-60F, 0x1p60F}) {
    std::vector<float> scaled = a;
    for (float& x : scaled) x *= by;
    EXPECT_NEAR(effective_rank({scaled, 8}), rank, 1e-12);
  }
}

}  // namespace
}  // namespace actfn::lab
