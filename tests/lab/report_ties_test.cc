// SPDX-License-Identifier: Apache-2.0
// Where nothing is ahead, the report names nothing that is.
#include "lab/report.h"

#include <gtest/gtest.h>

namespace actfn::lab {
namespace {

struct Curve {
  Activation activation;
  std::vector<double> loss;
  double accuracy;
};

Comparison comparison_of(const std::vector<Curve>& curves, int seeds = 1) {
  Comparison c;
  c.settings.epochs = static_cast<int>(curves[0].loss.size());
  for (const Curve& curve : curves) {
    for (int seed = 1; seed <= seeds; ++seed) {
      for (std::size_t i = 0; i < curve.loss.size(); ++i) {
        const double loss = curve.loss[i] + 0.001 * seed;
        c.epochs.push_back({c.settings.activations.size(), static_cast<std::uint64_t>(seed),
                            static_cast<int>(i) + 1, loss, curve.accuracy, loss, curve.accuracy,
                            2});
      }
    }
    c.settings.activations.push_back(curve.activation);
  }
  for (int seed = 1; seed <= seeds; ++seed) {
    c.settings.seeds.push_back(static_cast<std::uint64_t>(seed));
  }
  return c;
}

std::string all(const Comparison& c) {
  const Findings found = findings(c);
  std::string text = found.headline + "\n";
  for (const std::string& sentence : found.verdicts) text += sentence + "\n";
  return text;
}

const Curve kRelu = {Relu{}, {0.5, 0.3}, 0.87};
const Curve kGelu = {Gelu{}, {0.5, 0.3}, 0.87};
const Curve kTanh = {Tanh{}, {0.6, 0.4}, 0.86};

TEST(Ties, HaveNoWinner) {
  EXPECT_EQ(all(comparison_of({kRelu, kGelu})),
            "relu and gelu share the lowest training loss\n"
            "relu and gelu share the lowest training loss, 0.3010 after 2 epochs.\n"
            "One seed settles nothing: another could show the order.\n"
            "relu and gelu share the highest test accuracy, 87.00 %.\n"
            "No test loss had clearly begun to rise: there is no sign of over-fitting yet.\n"
            "An epoch took about as long for all: 2.00 s to 2.00 s.\n");
}

TEST(Ties, AreAheadOfOthersTogether) {
  EXPECT_EQ(
      all(comparison_of({kTanh, kRelu, kGelu}, 2)),
      "relu and gelu share the lowest training loss\n"
      "relu and gelu share the lowest training loss, 0.3015 after 2 epochs; tanh is next at "
      "0.4015, 33 % higher (means over 2 seeds).\n"
      "The ranges of relu and gelu over the seeds overlap, so their order is not settled. "
      "Seed by seed, relu was the lower in 0 of 2, and level in 2.\n"
      "tanh started slowest, 20 % above relu; it ended last, at 0.4015, 33 % above the lowest.\n"
      "relu and gelu share the highest test accuracy, 87.00 %.\n"
      "No test loss had clearly begun to rise: there is no sign of over-fitting yet.\n"
      "An epoch took about as long for all: 2.00 s to 2.00 s.\n");
}

TEST(Ties, AreWhatReadsTheSame) {
  Curve near = kGelu;
  near.loss[1] -= 1e-6;
  near.accuracy += 1e-6;
  const std::string text = all(comparison_of({kRelu, near}));
  EXPECT_EQ(text.find("higher"), text.npos) << text;
  EXPECT_EQ(text.find("above"), text.npos) << text;
}

TEST(Ties, ADifferenceThatShowsIsNotZero) {
  Curve near = kGelu;
  near.accuracy += 6e-5 / 2;
  const Curve other = {Relu{}, kRelu.loss, 0.87 + 2e-5};
  near.accuracy = 0.87 + 6e-5;
  const std::string text = all(comparison_of({other, near}));
  EXPECT_NE(text.find("gelu has the highest test accuracy, 87.01 %, less than 0.01 points above "
                      "relu."),
            text.npos)
      << text;
}

TEST(Ties, TheSlowestStartIsOne) {
  Curve slow = kRelu;
  slow.loss = {0.6, 0.2};
  const std::string text = all(comparison_of({slow, kGelu, kTanh}));
  EXPECT_EQ(text.find("started slowest"), text.npos) << text;
}

// 98 % of ln 10 is 2.2565.
TEST(NothingLearned, HasNoWinner) {
  const Curve stuck = {Relu{}, {2.31, 2.27}, 0.1};
  const Curve worse = {Gelu{}, {2.31, 2.3}, 0.1};
  EXPECT_EQ(all(comparison_of({stuck, worse})),
            "relu and gelu did not learn\n"
            "relu and gelu did not learn: training loss ended above 2.2565, 98 % of chance "
            "(ln 10 = 2.3026).\n"
            "An epoch took about as long for all: 2.00 s to 2.00 s.\n");
  EXPECT_EQ(findings(comparison_of({stuck})).headline, "relu did not learn");
  const Curve just = {Relu{}, {2.31, 2.25}, 0.12};
  const std::string text = all(comparison_of({just, worse}));
  EXPECT_NE(text.find("relu ended with the lowest training loss, 2.2510"), text.npos) << text;
  EXPECT_NE(text.find("gelu did not learn: "), text.npos) << text;
}

}  // namespace
}  // namespace actfn::lab
