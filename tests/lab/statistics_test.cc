// SPDX-License-Identifier: Apache-2.0
// Intervals against published values, and how often they cover the truth.
#include "lab/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace actfn::lab {
namespace {

using Values = std::vector<double>;

// Student 1908, Biometrika 6(1), table of the additional hours of sleep by two drugs.
const Values kFirst = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
const Values kSecond = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

// R: t.test(second, first, paired = TRUE).
TEST(PairedDifference, IsThatOfStudentsSleepData) {
  const PairedDifference d = paired_difference(kSecond, kFirst);
  EXPECT_EQ(d.pairs, 10U);
  EXPECT_EQ(d.higher, 9U);
  EXPECT_EQ(d.level, 1U);
  EXPECT_EQ(d.lower(), 0U);
  EXPECT_NEAR(d.mean, 1.58, 1e-12);
  EXPECT_NEAR(d.interval.low, 0.7001142, 1e-7);
  EXPECT_NEAR(d.interval.high, 2.4598858, 1e-7);
  EXPECT_NEAR(d.p, 0.00283289, 1e-8);
  EXPECT_NEAR(d.resolution(), 0.8798858, 1e-7);
}

TEST(PairedDifference, ChangesItsSignWithTheOrder) {
  const PairedDifference d = paired_difference(kFirst, kSecond);
  EXPECT_NEAR(d.mean, -1.58, 1e-12);
  EXPECT_NEAR(d.interval.low, -2.4598858, 1e-7);
  EXPECT_EQ(d.lower(), 9U);
}

TEST(PairedDifference, OfEqualValuesIsZeroWithoutDoubt) {
  const PairedDifference d = paired_difference(kFirst, kFirst);
  EXPECT_EQ(d.level, 10U);
  EXPECT_EQ(d.mean, 0);
  EXPECT_EQ(d.interval.low, 0);
  EXPECT_EQ(d.interval.high, 0);
  EXPECT_EQ(d.p, 1);
}

TEST(PairedDifference, NeedsTwoPairsForAnInterval) {
  const PairedDifference one = paired_difference(Values{3}, Values{2});
  EXPECT_EQ(one.mean, 1);
  EXPECT_TRUE(std::isnan(one.interval.low));
  EXPECT_EQ(one.p, 1);
  const PairedDifference none = paired_difference(Values{}, Values{});
  EXPECT_TRUE(std::isnan(none.mean));
  EXPECT_EQ(none.pairs, 0U);
}

// t(0.975) is 12.706205 with one degree of freedom, 2.093024 with 19.
TEST(MeanInterval, HasStudentsQuantiles) {
  const Interval two = mean_interval(Values{1, 3});
  EXPECT_NEAR(two.high - 2, 12.706205, 1e-6);
  Values twenty;
  for (int i = 0; i < 20; ++i) twenty.push_back(i % 2 == 0 ? 1 : -1);
  const double deviation = std::sqrt(20.0 / 19);
  EXPECT_NEAR(mean_interval(twenty).high, 2.093024 * deviation / std::sqrt(20.0), 1e-6);
  EXPECT_TRUE(mean_interval(twenty).contains(0));
}

// Rounding of the mean is no spread.
TEST(MeanInterval, OfEqualValuesIsAPoint) {
  const Interval same = mean_interval(Values{0.1, 0.1, 0.1});
  EXPECT_EQ(same.low, 0.1);
  EXPECT_EQ(same.high, 0.1);
}

// R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm").
TEST(Holm, AdjustsAsR) {
  const std::vector<double> p = holm(Values{0.01, 0.04, 0.03, 0.005});
  ASSERT_EQ(p.size(), 4U);
  EXPECT_NEAR(p[0], 0.03, 1e-15);
  EXPECT_NEAR(p[1], 0.06, 1e-15);
  EXPECT_NEAR(p[2], 0.06, 1e-15);
  EXPECT_NEAR(p[3], 0.02, 1e-15);
  EXPECT_EQ(holm(Values{0.9, 0.8})[0], 1);
  EXPECT_TRUE(holm({}).empty());
}

// Accuracies of two activations: what a seed does to both, what it does to each, and a true
// difference. How often does the interval cover it?
double coverage(int seeds, double truth, unsigned draw) {
  constexpr int kRepeats = 20000;
  std::mt19937 random(draw);
  std::normal_distribution<double> shared(0.87, 0.005);
  std::normal_distribution<double> own(0, 0.002);
  int covered = 0;
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
    Values a;
    Values b;
    for (int seed = 0; seed < seeds; ++seed) {
      const double common = shared(random);
      a.push_back(common + truth + own(random));
      b.push_back(common + own(random));
    }
    covered += paired_difference(a, b).interval.contains(truth) ? 1 : 0;
  }
  return covered / static_cast<double>(kRepeats);
}

TEST(PairedDifference, IntervalsCoverTheTruthNinetyFiveTimesInAHundred) {
  for (const int seeds : {3, 5, 20}) {
    for (const double truth : {0.0, 0.003}) {
      // By chance it is within 0.005 of 0.95 in 998 of 1000 such tests.
      EXPECT_NEAR(coverage(seeds, truth, 12), 0.95, 0.005) << seeds << " seeds, " << truth;
    }
  }
}

}  // namespace
}  // namespace actfn::lab
