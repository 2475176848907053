// SPDX-License-Identifier: Apache-2.0
// What the report calls a difference, what it leaves open, and where it names nothing that is
// ahead.
#include "comparisons.h"
#include "lab/report.h"

#include <gtest/gtest.h>

namespace actfn::lab {
namespace {

using testing::comparison_of;
using testing::Curve;

std::string all(const Comparison& c) {
  const Findings found = findings(c);
  std::string text = found.headline + "\n";
  for (const std::string& sentence : found.verdicts) text += sentence + "\n";
  return text;
}

::testing::AssertionResult says(const Comparison& c, std::string_view part) {
  const std::string text = all(c);
  if (text.find(part) != text.npos) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << '"' << part << "\" is not in:\n" << text;
}

const Curve kRelu = {Relu{}, {0.5, 0.3}};
const Curve kGelu = {Gelu{}, {0.5, 0.3}};
const Curve kTanh = {Tanh{}, {0.6, 0.4}, {}, 0.86};

TEST(Ties, HaveNoWinner) {
  for (const int seeds : {1, 2, 20}) {
    const Comparison c = comparison_of({kRelu, kGelu}, seeds);
    EXPECT_EQ(findings(c).headline, "relu and gelu give the same results");
    EXPECT_TRUE(says(c, "relu and gelu share the highest test accuracy"));
    EXPECT_EQ(all(c).find("above"), std::string::npos) << all(c);
  }
}

TEST(Ties, AreAheadOfOthersTogether) {
  const Comparison c = comparison_of({kTanh, kRelu, kGelu}, 5);
  EXPECT_EQ(findings(c).headline, "relu and gelu share the highest test accuracy");
  EXPECT_TRUE(says(c,
                   "relu and gelu share the highest test accuracy, 85.00 %: their results are "
                   "equal in every seed."));
  EXPECT_TRUE(says(c,
                   "relu is 1.00 points above tanh (95 % interval 1.00 to 1.00; better in 5 of "
                   "5 seeds)."));
}

// Better in each of five seeds, by 0.2 to 0.4 points: t(0.975, 4) 0.1 / sqrt(10 / 4) ... by hand:
// the deviation is 0.0790569, the interval 0.3 ± 2.776445 * 0.0790569 / sqrt(5) = 0.0981622.
TEST(Verdict, ADifferenceHasItsInterval) {
  Curve better = kGelu;
  better.wins = {0.002, 0.0025, 0.003, 0.0035, 0.004};
  const Comparison c = comparison_of({kRelu, better}, 5);
  EXPECT_EQ(findings(c).headline, "gelu has the highest test accuracy, 0.30 points above relu");
  EXPECT_TRUE(says(c,
                   "gelu is 0.30 points above relu (95 % interval 0.20 to 0.40; better in 5 of "
                   "5 seeds)."));
}

// Differences of -0.4 to 0.6 points: 0.1 ± 2.776445 * 0.3807887 / sqrt(5) = 0.4728150.
TEST(Verdict, AnIntervalAroundZeroIsOpen) {
  Curve near = kGelu;
  near.wins = {0.006, 0.002, 0.001, 0, -0.004};
  const Comparison c = comparison_of({kRelu, near}, 5);
  EXPECT_EQ(findings(c).headline, "gelu and relu are too close to call");
  EXPECT_TRUE(
      says(c, "The run shows no difference from relu: it would have seen one of 0.45 points."));
  EXPECT_TRUE(says(c, "better in 3 of 5 seeds, equal in 1"));
}

TEST(Verdict, OthersMayBeBehindThoseThatAreClose) {
  Curve near = kGelu;
  near.wins = {0.006, 0.002, 0.001, 0, -0.004};
  const Comparison c = comparison_of({kRelu, near, kTanh}, 5);
  EXPECT_EQ(findings(c).headline, "gelu and relu are too close to call, and ahead of tanh");
}

// With others that differ by chance, an interval that misses zero is no finding yet.
TEST(Verdict, ManyComparisonsNeedMoreEvidence) {
  Curve better = kGelu;
  better.wins = {0.001, 0.003, 0.0005, 0.004, 0.002};  // p is 0.03
  EXPECT_TRUE(says(comparison_of({kRelu, better}, 5), "gelu has the highest test accuracy, 0.21"));
  std::vector<Curve> many = {kRelu, better};
  for (const double slope : {0.1, 0.2}) {
    many.push_back(
        {LeakyRelu{slope}, kRelu.loss, {}, 0.87, {0.0002, 0.003, -0.001, 0.004, 0.0017}});
  }
  EXPECT_TRUE(says(comparison_of(many, 5), "too close to call"));
  EXPECT_TRUE(says(comparison_of(many, 5), "), which can be chance among 3 comparisons."));
}

TEST(Verdict, FewSeedsSettleNothing) {
  Curve better = kGelu;
  better.wins = {0.01, 0.01};
  const Comparison one = comparison_of({kRelu, better});
  EXPECT_EQ(findings(one).headline, "gelu has the highest test accuracy, on 1 seed");
  EXPECT_TRUE(says(one,
                   "gelu has the highest test accuracy, 88.00 %, 1.00 points above relu. One "
                   "seed settles nothing: others could reverse the order."));
  EXPECT_TRUE(says(comparison_of({kRelu, better}, 2), "Two seeds settle nothing"));
}

TEST(Verdict, OneActivationIsComparedWithNothing) {
  const Comparison c = comparison_of({kRelu}, 5);
  EXPECT_EQ(findings(c).headline, "relu reached a test accuracy of 85.00 %");
  EXPECT_TRUE(says(c,
                   "relu reached a test accuracy of 85.00 %, the mean of 5 seeds (95 % interval "
                   "83.04 to 86.96)."));
}

// Test accuracy decides, not training loss.
TEST(Verdict, IsAboutWhatWasHeldOut) {
  const Curve low = {Swish{}, {0.4, 0.2}, {0.5, 0.6}, 0.85};
  const Comparison c = comparison_of({low, kRelu}, 5);
  EXPECT_EQ(findings(c).headline, "relu has the highest test accuracy, 2.00 points above swish");
  EXPECT_TRUE(says(c, "swish has the lowest training loss"));
}

TEST(Verdict, TheTestIsThatOfTheBestEpoch) {
  const Comparison c = comparison_of({{Relu{}, {0.5, 0.4, 0.3}, {0.4, 0.35, 0.6}, 0.8}}, 3);
  const report::Overview overview = report::summarize(c);
  EXPECT_EQ(overview.series[0].runs[0].best_epoch(), 2);
  EXPECT_DOUBLE_EQ(overview.series[0].end(report::Metric::test_loss).mean, 0.351);
  EXPECT_DOUBLE_EQ(overview.series[0].last(report::Metric::test_loss).mean, 0.601);
}

// Without a validation part nothing is chosen: the last epoch counts.
TEST(Verdict, WithoutValidationTheLastEpochCounts) {
  Comparison c = comparison_of({{Relu{}, {0.5, 0.4, 0.3}, {0.4, 0.35, 0.6}, 0.8}}, 3);
  c.settings.validation = 0;
  for (EpochResult& row : c.epochs) {
    row.test = row.validation;
    row.validation.reset();
  }
  const report::Overview overview = report::summarize(c);
  EXPECT_DOUBLE_EQ(overview.series[0].end(report::Metric::test_loss).mean, 0.601);
}

TEST(NothingLearned, HasNoWinner) {
  const Curve stuck = {Relu{}, {2.31, 2.27}, {}, 0.1};
  const Curve worse = {Gelu{}, {2.31, 2.3}, {}, 0.1};
  const Comparison c = comparison_of({stuck, worse});
  EXPECT_EQ(all(c),
            "relu and gelu did not learn\n"
            "relu and gelu did not learn: the best training loss ended at 2.2700, and guessing by "
            "the frequencies of the classes costs 2.3026 and is correct for 10.00 %.\n"
            "A training step takes about as long for all: 100 µs to 100 µs.\n");
  EXPECT_EQ(findings(comparison_of({stuck})).headline, "relu did not learn");
}

// A loss beyond that of guessing, with many answers right: it learned, and is too sure of itself.
TEST(NothingLearned, IsNotSaidOfAHighLossWithManyCorrect) {
  const Curve wild = {Identity{}, {4000, 4058}, {}, 0.75};
  const Comparison c = comparison_of({wild, kRelu}, 3);
  EXPECT_EQ(all(c).find("did not learn"), std::string::npos) << all(c);
}

TEST(Times, AreNamedWhereTheyDiffer) {
  Comparison c = comparison_of({kRelu, kGelu});
  c.steps[1].median = 2e-4;
  EXPECT_TRUE(says(c, "A training step takes from 100 µs (relu) to 200 µs (gelu)."));
  c.steps.clear();
  EXPECT_EQ(all(c).find("training step"), std::string::npos) << all(c);
}

}  // namespace
}  // namespace actfn::lab
