// SPDX-License-Identifier: Apache-2.0
// Verdicts about trained networks: undecided where a run has not trained them far enough.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "lab/experiments/reached.h"

namespace actfn::lab {
namespace {

using experiments::Progress;

constexpr int kSeeds = 3;

Experiment judged_yes() {
  Experiment e;
  e.judge = [](const Readings&, const Scope&) {
    return Outcome{{.holds = Holds::yes, .finding = "It is 1"}, {}};
  };
  return e;
}

TEST(Reached, AVerdictIsUndecidedWhereSomethingIsMissing) {
  const Readings none({"x"}, {});
  Experiment e = judged_yes();
  EXPECT_EQ(outcome_of(e, none, {}).verdict.holds, Holds::yes);
  e.missing = [](const Readings&, const Scope& scope) {
    return std::string(scope.seeds < 9 ? "9 seeds are needed" : "");
  };
  const Verdict quick = outcome_of(e, none, {.seeds = 2, .quick = true}).verdict;
  EXPECT_EQ(quick.holds, Holds::undecided);
  EXPECT_EQ(quick.finding, "The quick run trains too short to judge: 9 seeds are needed. It is 1");
  const Verdict full = outcome_of(e, none, {.seeds = 2}).verdict;
  EXPECT_EQ(full.holds, Holds::undecided);
  EXPECT_EQ(full.finding, "The run trains too short to judge: 9 seeds are needed. It is 1");
  const Verdict enough = outcome_of(e, none, {.seeds = 9}).verdict;
  EXPECT_EQ(enough.holds, Holds::yes);
  EXPECT_EQ(enough.finding, "It is 1");
}

TEST(Reached, ANetworkHasLearnedBelowHalfOfGuessing) {
  EXPECT_DOUBLE_EQ(experiments::learned_loss(), std::log(10.0) / 2);
  const std::vector<Progress> some = {{"relu", {1.1, 1.18, 1.0}}, {"elu", {1.2, 1.3, 1.4}}};
  EXPECT_EQ(experiments::unless_all_learned(some),
            "each network's training loss must be below 1.15, half of what guessing has; here: "
            "elu 1.300");
  EXPECT_EQ(experiments::unless_one_learned(some), "");
  const std::vector<Progress> none = {{"relu", {2.3}}, {"elu", {1.2}}};
  EXPECT_EQ(experiments::unless_one_learned(none),
            "one network's training loss must be below 1.15, half of what guessing has; here: "
            "relu 2.300; elu 1.200");
  EXPECT_EQ(experiments::unless_all_learned(some, 100), "");
}

TEST(Reached, NetworksThatDivergeAreNotShortOfTraining) {
  const std::vector<Progress> some = {{"relu", {NAN, 0.4, INFINITY}}, {"elu", {NAN, NAN, NAN}}};
  EXPECT_EQ(experiments::unless_all_learned(some), "");
}

TEST(Reached, AccuraciesMustReachABound) {
  const std::vector<Progress> some = {{"tanh", {0.85, 0.75}}, {"sigmoid", {0.5, 0.6}}};
  EXPECT_EQ(experiments::unless_all_reach(0.8, some),
            "each test accuracy must be 0.8 or more; here: sigmoid 0.550");
  EXPECT_EQ(experiments::unless_one_reaches(0.8, some), "");
  EXPECT_EQ(experiments::unless_one_reaches(0.9, some),
            "one test accuracy must be 0.9 or more; here: tanh 0.800; sigmoid 0.550");
}

TEST(Reached, OverFittingIsSeenInTheMedianOverSeeds) {
  std::vector<Row> rows;
  const std::array<std::array<double, 3>, 3> relu = {{{3, 1, 2}, {3, 1, 2}, {3, 2, 1}}};
  const std::array<std::array<double, 3>, 3> tanh = {{{3, 2, 1}, {3, 1, 2}, {3, 2, 1}}};
  for (int seed = 0; seed < kSeeds; ++seed) {
    for (int epoch = 0; epoch < 3; ++epoch) {
      const auto s = static_cast<std::size_t>(seed);
      const auto e = static_cast<std::size_t>(epoch);
      rows.push_back(row("relu", seed, epoch + 1, relu.at(s).at(e)));
      rows.push_back(row("tanh", seed, epoch + 1, tanh.at(s).at(e)));
    }
  }
  const Readings all({"activation", "seed", "epoch", "test_loss"}, rows);
  EXPECT_EQ(experiments::unless_over_fitted(all, std::array{"relu"}), "");
  EXPECT_EQ(experiments::unless_over_fitted(all, std::array{"relu", "tanh"}),
            "after 3 epochs the test loss still falls with tanh");
}

TEST(Reached, ARunHasAsManyAsNeeded) {
  EXPECT_EQ(experiments::unless_as_many(5, 5, "epochs"), "");
  EXPECT_EQ(experiments::unless_as_many(2, 5, "epochs"),
            "at least 5 epochs are needed, and there are 2");
}

constexpr std::array<std::pair<const char*, double>, 3> kLosses = {
    {{"gelu", 0.6}, {"relu", 0.7}, {"elu", 0.8}}};

// Of networks of gelu's paper, after two epochs.
Readings gelu_paper(double with_dropout) {
  std::vector<Row> rows;
  for (const char* dropout : {"0", "0.5"}) {
    for (const auto& [name, loss] : kLosses) {
      for (int seed = 1; seed <= kSeeds; ++seed) {
        for (int epoch = 1; epoch <= 2; ++epoch) {
          const double base = dropout == std::string_view("0") ? 0 : with_dropout;
          rows.push_back(row(name, dropout, seed, epoch, base + loss + 1e-4 * seed, 0.5, 1, 0.5));
        }
      }
    }
  }
  return {experiment_named("gelu-paper").columns, std::move(rows)};
}

TEST(Reached, LowerLossesAreJudgedOnceOneNetworkHasLearned) {
  const Experiment& e = experiment_named("gelu-paper");
  EXPECT_EQ(outcome_of(e, gelu_paper(0.5), {.seeds = kSeeds}).verdict.holds, Holds::yes);
  const Verdict v = outcome_of(e, gelu_paper(1.4), {.seeds = kSeeds, .quick = true}).verdict;
  EXPECT_EQ(v.holds, Holds::undecided);
  EXPECT_TRUE(v.finding.starts_with(
      "The quick run trains too short to judge: one network's training loss must be below 1.15, "
      "half of what guessing has; here: gelu with dropout 0.5 2.000; relu with dropout 0.5 2.100; "
      "elu with dropout 0.5 2.200. Median training losses "))
      << v.finding;
}

constexpr std::array<std::pair<const char*, const char*>, 3> kForms = {
    {{"hardtanh", "tanh"}, {"hardsigmoid", "sigmoid"}, {"hardswish", "swish"}}};

// Hard forms that are as good as soft ones, or worse by a tenth.
Readings hard_forms(double soft_accuracy, double loss) {
  std::vector<Row> rows;
  for (const auto& [hard, soft] : kForms) {
    for (int seed = 1; seed <= kSeeds; ++seed) {
      rows.push_back(row("accuracy", soft, seed, soft_accuracy + 1e-4 * seed));
      rows.push_back(row("accuracy", hard, seed, soft_accuracy - loss + 2e-4 * seed));
    }
    rows.push_back(row("step", soft, 0, 2.0));
    rows.push_back(row("step", hard, 0, 1.0));
  }
  return {experiment_named("hard-forms").columns, std::move(rows)};
}

TEST(Reached, AccuraciesAreComparedWhereTheyAreThoseOfTrainedNetworks) {
  const auto verdict = [](double accuracy, double loss) {
    return outcome_of(experiment_named("hard-forms"), hard_forms(accuracy, loss), {.seeds = kSeeds})
        .verdict.holds;
  };
  EXPECT_EQ(verdict(0.87, 0), Holds::yes);
  EXPECT_EQ(verdict(0.87, 0.1), Holds::no);
  EXPECT_EQ(verdict(0.6, 0), Holds::undecided);
  EXPECT_EQ(verdict(0.6, 0.1), Holds::undecided);
}

// With relu's lowest test loss in this epoch of three, sigmoid's in the last.
Readings relu_sparsity(int lowest) {
  std::vector<Row> rows;
  for (const char* dropout : {"0", "0.5"}) {
    for (const char* name : {"relu", "sigmoid", "tanh"}) {
      const bool relu = name == std::string_view("relu");
      for (int seed = 1; seed <= kSeeds; ++seed) {
        for (int epoch = 1; epoch <= 3; ++epoch) {
          const double test = 1 + std::abs(epoch - (relu ? lowest : 3));
          rows.push_back(
              row(name, dropout, seed, epoch, 0.5, 0.8, test, 0.8, relu ? 0.6 + 1e-4 * seed : 0.0));
        }
      }
    }
  }
  return {experiment_named("relu-sparsity").columns, std::move(rows)};
}

TEST(Reached, WhoOverFitsSoonerIsJudgedOnceOneDoes) {
  const Experiment& e = experiment_named("relu-sparsity");
  EXPECT_EQ(outcome_of(e, relu_sparsity(2), {.seeds = kSeeds}).verdict.holds, Holds::yes);
  EXPECT_EQ(outcome_of(e, relu_sparsity(3), {.seeds = kSeeds}).verdict.holds, Holds::undecided);
}

}  // namespace
}  // namespace actfn::lab
