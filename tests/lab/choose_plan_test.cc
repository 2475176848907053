// SPDX-License-Identifier: Apache-2.0
// How a budget becomes rungs and a final: by counting, the same at each call.
#include <actfn/error.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "lab/choose_cost.h"
#include "lab/choose_plan.h"
#include "lab/choose_run.h"
#include "lab/networks.h"
#include "lab/networks/network.h"
#include "messages.h"

namespace actfn::lab {
namespace {

using actfn::testing::message;

ChooseSettings settings(double budget = 20) {
  ChooseSettings s;
  s.training.activations = all_candidates(s.training);
  s.training.lr = {0.0003, 0.001, 0.003, 0.01};
  s.training.init = "auto";
  s.training.match = "parameters";
  s.training.validation = 0.2;
  s.budget = budget;
  return s;
}

// Data of which only the size counts.
Comparison described(const ChooseSettings& s, std::size_t train, const SampleForm& form = {},
                     std::size_t outputs = 10) {
  Comparison made;
  made.settings = s.training;
  made.samples = {train, train / 4, train / 5};
  made.networks = networks_of(s.training, form, outputs);
  return made;
}

ChoosePlan plan(const ChooseSettings& s, std::size_t train = 48'000) {
  return plan_of(s, described(s, train));
}

double counted(const ChooseSettings& s, const ChoosePlan& p) { return counted_minutes(p, s.speed); }

TEST(ChoosePlan, HalvesThePairsAndDoublesTheTraining) {
  const ChooseSettings s = settings();
  const ChoosePlan p = plan(s);
  ASSERT_GE(p.rungs.size(), 3);
  EXPECT_EQ(p.rungs[0].pairs, s.training.activations.size() * 4);
  for (std::size_t i = 1; i < p.rungs.size(); ++i) {
    EXPECT_EQ(p.rungs[i].pairs, (p.rungs[i - 1].pairs + 1) / 2);
    const double before = p.rungs[i - 1].share * p.rungs[i - 1].epochs;
    const double now = p.rungs[i].share * p.rungs[i].epochs;
    EXPECT_NEAR(now / before, 2, 1.01) << i;  // epochs are whole
  }
  EXPECT_EQ(p.final.pairs, 24);
  EXPECT_EQ(p.final.epochs, p.rungs.back().epochs);
  EXPECT_GE(p.final.seeds.size(), 5);
}

TEST(ChoosePlan, NoSeedIsInTwoStages) {
  const ChoosePlan p = plan(settings());
  std::vector<std::uint64_t> seeds = p.final.seeds;
  for (const Stage& rung : p.rungs) {
    ASSERT_EQ(rung.seeds.size(), 1);
    seeds.push_back(rung.seeds[0]);
  }
  EXPECT_EQ(std::set(seeds.begin(), seeds.end()).size(), seeds.size());
}

TEST(ChoosePlan, FitsIntoTheBudgetAndTakesMoreOfALargerOne) {
  double before = 0;
  for (const double budget : {1.0, 2.0, 5.0, 20.0, 60.0}) {
    const ChooseSettings s = settings(budget);
    const ChoosePlan p = plan(s);
    EXPECT_LE(counted(s, p), budget);
    EXPECT_GT(counted(s, p), before);
    before = counted(s, p);
  }
}

TEST(ChoosePlan, FollowsFromItsSettingsAlone) {
  for (const double budget : {2.0, 20.0}) EXPECT_EQ(plan(settings(budget)), plan(settings(budget)));
}

TEST(ChoosePlan, AFasterMachineTrainsMoreInTheSameTime) {
  ChooseSettings fast = settings(10);
  fast.speed = 2;
  EXPECT_EQ(plan(fast), plan(settings(20)));
  EXPECT_LE(counted(fast, plan(fast)), 10);
}

TEST(ChoosePlan, SmallTablesTrainLongAndNotForever) {
  ChooseSettings s = settings(2);
  const Comparison made = described(s, 96, SampleForm(4), 3);
  const ChoosePlan p = plan_of(s, made);
  EXPECT_EQ(p.final.epochs, 200);
  EXPECT_EQ(p.final.seeds.size(), 20);
  EXPECT_EQ(p.final.share, 1);
  EXPECT_LE(counted(s, p), 2);
}

TEST(ChoosePlan, LargeDataTrainWithAShareOfTheSamplesAtFirst) {
  ChooseSettings s = settings(20);
  s.training.network = "cnn";
  s.training.hidden = {};
  s.training.batch = 64;
  const ChoosePlan p = plan_of(s, described(s, 48'000, network_named("cnn").usual));
  EXPECT_LT(p.rungs[0].share, 1);
  EXPECT_GE(p.rungs[0].share * 48'000, 2000);
  EXPECT_EQ(p.rungs[0].epochs, 1);
  EXPECT_LE(counted(s, p), 20);
}

TEST(ChoosePlan, FewPairsGoStraightToTheFinal) {
  ChooseSettings s = settings(5);
  s.training.activations = {Relu{}, Gelu{}, Mish{}};
  s.training.lr = {0.001};
  s.seeds = 7;
  const ChoosePlan p = plan(s);
  EXPECT_TRUE(p.rungs.empty());
  EXPECT_EQ(p.final.pairs, 3);
  EXPECT_EQ(p.final.seeds.size(), 7);
}

TEST(ChoosePlan, SaysHowMuchTheLeastTakes) {
  const std::string what = message([] { plan(settings(0.01)); });
  EXPECT_TRUE(what.starts_with("[choose] --budget 0.01 is too little: ")) << what;
  EXPECT_NE(what.find(" activations with 4 learning rates on these data take at least "),
            std::string::npos)
      << what;
  // With what it says, it goes.
  const std::size_t at = what.find("at least ") + 9;
  EXPECT_NO_THROW(plan(settings(std::stod(what.substr(at)))));
}

TEST(ChoosePlan, RefusesSettingsThatAreOutOfRange) {
  const auto refused = [](const auto& change) {
    ChooseSettings s = settings();
    change(s);
    return message([&] { require_settings(s); });
  };
  EXPECT_EQ(refused([](auto& s) { s.budget = 0; }),
            "[choose] --budget must be a number of minutes above 0 and at most 10080, got 0");
  EXPECT_EQ(refused([](auto& s) { s.budget = NAN; }),
            "[choose] --budget must be a number of minutes above 0 and at most 10080, got nan");
  EXPECT_EQ(refused([](auto& s) { s.speed = 0; }),
            "[choose] --speed must be from 0.01 to 100, got 0");
  EXPECT_EQ(refused([](auto& s) { s.training.activations.resize(1, Relu{}); }),
            "[choose] --activations must name at least 2 functions, got 1");
  EXPECT_EQ(refused([](auto& s) { s.finalists = 1; }),
            "[choose] --finalists must be at least 2, got 1");
  EXPECT_EQ(refused([](auto& s) { s.seeds = 2; }),
            "[choose] --seeds must be from 3 to 100, or 0 for what the budget has room for, got 2");
  EXPECT_EQ(refused([](auto& s) { s.training.validation = 0; }),
            "[choose] --validation must be above 0: activations are chosen by it, got 0");
}

TEST(ChooseSettings, HoldOutAFifthButNotMoreThanHelps) {
  EXPECT_EQ(usual_validation(150), 0.2);
  EXPECT_EQ(usual_validation(60'000), 0.1);
}

// By hand: 784-128-10 and a batch of 32.
TEST(ChooseCost, CountsProductsElementsParametersAndLayers) {
  CompareSettings s;
  s.activations = {Relu{}};
  const Cost cost = cost_of(networks_of(s, {}, 10)[0], 32);
  const double products = 784 * 128 + 128 * 10;
  const double elements = 128 + 128 + 10;
  const double parameters = products + 138;
  const double step = 32 * (784e-9 + (3 * products - 784 * 128) * 0.027e-9 + elements * 3e-9) +
                      parameters * 0.4e-9 + 3 * 1.5e-6;
  EXPECT_NEAR(cost.step, step, 1e-12);
  EXPECT_NEAR(cost.sample, 784e-9 + products * 0.027e-9 + elements * 1e-9, 1e-15);
}

// A weight of a convolution is used at each place of the image.
TEST(ChooseCost, CountsThePlacesOfAConvolution) {
  CompareSettings s;
  s.network = "cnn";
  s.hidden = {};
  s.activations = {Relu{}};
  const Cost cost = cost_of(networks_of(s, network_named("cnn").usual, 10)[0], 64);
  const double products = 28 * 28 * 6 * (25 + 1) + 10 * 10 * 16 * (150 + 1);
  EXPECT_GT(cost.sample, products * 0.027e-9);
  EXPECT_LT(cost.sample, 2 * products * 0.027e-9 + 20'000e-9);
}

TEST(ChooseCost, ATrainingCostsItsEpochsAndWhatItIsMeasuredOn) {
  const Cost cost{.setup = 1, .step = 10, .sample = 0.1};
  const Stage stage{.pairs = 1, .share = 0.5, .epochs = 3, .seeds = {1}};
  const SampleCounts samples{100, 20, 40};
  // Two batches of 32 from 50 samples.
  EXPECT_DOUBLE_EQ(training_seconds(cost, stage, samples, 32, false), 1 + 3 * (20 + 2) + 4);
  EXPECT_DOUBLE_EQ(training_seconds(cost, stage, samples, 32, true), 1 + 3 * (20 + 2) + 12);
}

std::vector<std::size_t> activations_of(const std::vector<Standing>& all) {
  std::vector<std::size_t> found;
  for (const Standing& one : all) found.push_back(one.activation);
  return found;
}

TEST(ChooseSurvivors, KeepTheBestAndOfEachOfTheFirstActivationsOne) {
  const std::vector<Standing> rung = {{0, 0.1, 1}, {0, 0.2, 2}, {0, 0.3, 3}, {1, 0.1, 4},
                                      {1, 0.2, 5}, {2, 0.1, 6}, {3, 0.1, 7}, {3, 0.2, 8}};
  EXPECT_EQ(activations_of(survivors(rung, 4, 2)), (std::vector<std::size_t>{0, 0, 0, 1}));
  EXPECT_EQ(activations_of(survivors(rung, 4, 3)), (std::vector<std::size_t>{0, 0, 1, 2}));
  EXPECT_EQ(activations_of(survivors(rung, 4, 4)), (std::vector<std::size_t>{0, 1, 2, 3}));
  EXPECT_EQ(survivors(rung, 8, 2), rung);
}

TEST(ChooseCandidates, AreAllThatMayStandBehindAHiddenLayer) {
  std::vector<std::string> names;
  for (const Nonlinearity& n : all_candidates({})) names.push_back(n.name);
  for (const char* name : {"relu", "gelu", "swiglu", "prelu", "crelu", "maxout", "rrelu"}) {
    EXPECT_EQ(std::ranges::count(names, name), 1) << name;
  }
  for (const char* name : {"dropout", "alpha_dropout", "gumbel_softmax", "softmax", "softcap"}) {
    EXPECT_EQ(std::ranges::count(names, name), 0) << name;
  }
  EXPECT_GE(names.size(), 60);
}

TEST(ChooseCandidates, LeaveOutWhatDoesNotFitTheWidths) {
  CompareSettings s;
  s.hidden = {7};  // crelu gives two features for each
  const auto all = all_candidates(s);
  EXPECT_EQ(std::ranges::count(all, "crelu", &Nonlinearity::name), 0);
  EXPECT_EQ(std::ranges::count(all, "relu", &Nonlinearity::name), 1);
}

}  // namespace
}  // namespace actfn::lab
