// SPDX-License-Identifier: Apache-2.0
#include "lab/choose_plan.h"

#include "lab/choose_cost.h"
#include "lab/report_text.h"

#include <actfn/error.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace actfn::lab {
namespace {

constexpr double kUsed = 0.85;         // of the budget: the rest is for what is not counted
constexpr double kSearchShare = 0.45;  // of that, for the rungs
constexpr int kUsualSeeds = 5;         // of the final, unless even the shortest leaves no time
constexpr int kEnoughSeeds = 20;
// Trainings of so many steps are long enough, but for these bounds.
constexpr double kEnoughSteps = 30000;
constexpr int kFewestEpochs = 20;
constexpr int kMostEpochs = 200;
constexpr double kFewestSamples = 2000;  // that a training sees, some of them again and again

// What is fixed, whatever the budget is.
class Planner {
 public:
  Planner(const ChooseSettings& settings, const Comparison& made)
      : made_(made), batch_(settings.training.batch) {
    const std::size_t candidates = settings.training.activations.size();
    finalists_ = std::min(candidates, static_cast<std::size_t>(settings.finalists));
    std::size_t pairs = candidates * settings.training.lr.size();
    for (; pairs > finalists_; pairs = std::max(finalists_, (pairs + 1) / 2)) {
      pairs_.push_back(pairs);
    }
    for (const nn::Architecture& network : made.networks) {
      costs_.push_back(cost_of(network, batch_));
    }
  }

  // How often the trainings of the final go through the samples; the longest first.
  std::vector<double> passes() const {
    const auto samples = static_cast<double>(made_.samples.train);
    const double steps = std::ceil(samples / batch_);
    const int most =
        std::clamp(static_cast<int>(std::ceil(kEnoughSteps / steps)), kFewestEpochs, kMostEpochs);
    std::vector<double> all;
    for (int epochs = most; epochs > 1; --epochs) all.push_back(epochs);
    for (double p = 1; p > 1e-6; p /= 2) all.push_back(p);
    std::erase_if(all, [this](double p) { return p < fewest_passes(); });
    return all;
  }

  ChoosePlan plan(double passes, int seeds) const {
    ChoosePlan plan;
    std::uint64_t seed = 1;
    // Each rung trains twice as long as the one before it, and the last one as long as the final.
    int halvings = static_cast<int>(pairs_.size());
    for (const std::size_t pairs : pairs_) {
      const double p = std::max(fewest_passes(), std::ldexp(passes, -(--halvings)));
      plan.rungs.push_back(stage(pairs, p, seed++, 1));
    }
    plan.final = stage(finalists_, passes, seed, seeds);
    plan.seconds = search_seconds(plan) + seconds(plan.final, true);
    return plan;
  }

  double search_seconds(const ChoosePlan& plan) const {
    double sum = 0;
    for (const Stage& rung : plan.rungs) sum += seconds(rung, false);
    return sum;
  }

 private:
  double fewest_passes() const {
    const double passes = kFewestSamples / static_cast<double>(made_.samples.train);
    return std::min(passes, static_cast<double>(kMostEpochs));
  }

  static Stage stage(std::size_t pairs, double passes, std::uint64_t first_seed, int seeds) {
    Stage s{pairs, std::min(1.0, passes), std::max(1, static_cast<int>(std::lround(passes))),
            std::vector<std::uint64_t>(static_cast<std::size_t>(seeds))};
    std::iota(s.seeds.begin(), s.seeds.end(), first_seed);
    return s;
  }

  // Nobody knows yet which candidates a stage will have: their mean.
  double seconds(const Stage& stage, bool tested) const {
    double sum = 0;
    for (const Cost& cost : costs_) {
      sum += training_seconds(cost, stage, made_.samples, batch_, tested);
    }
    return sum / static_cast<double>(costs_.size()) * static_cast<double>(stage.trainings());
  }

  const Comparison& made_;
  int batch_;
  std::size_t finalists_;
  std::vector<std::size_t> pairs_;  // of each rung
  std::vector<Cost> costs_;         // by candidate
};

// Seconds of a core of the machine that costs are counted for.
double seconds_of(double minutes, double speed) {
  return 60 * minutes * speed * kCountedCores * kUsed;
}

double minutes_of(double seconds, double speed) { return seconds / seconds_of(1, speed); }

// As many seeds as there is time for.
ChoosePlan with_seeds(const Planner& planner, double passes, int fewest, double all) {
  const ChoosePlan short_one = planner.plan(passes, fewest);
  const double search = planner.search_seconds(short_one);
  const double of_a_seed = (short_one.seconds - search) / fewest;
  const double room = std::min((all - search) / of_a_seed, static_cast<double>(kEnoughSeeds));
  return planner.plan(passes, std::max(fewest, static_cast<int>(room)));
}

[[noreturn]] void fail_as_too_little(const ChooseSettings& s, double least) {
  const double minutes = std::ceil(100 * minutes_of(least, s.speed)) / 100;
  throw Error(fmt::format(
      "[choose] --budget {} is too little: {} with {} on these data take at least {} minutes; "
      "name fewer of them",
      s.budget, report::counted(s.training.activations.size(), "activation"),
      report::counted(s.training.lr.size(), "learning rate"), minutes));
}

}  // namespace

ChoosePlan plan_of(const ChooseSettings& settings, const Comparison& made) {
  const Planner planner(settings, made);
  const double all = seconds_of(settings.budget, settings.speed);
  const std::vector<double> passes = planner.passes();
  for (const int usual : {kUsualSeeds, kFewestFinalSeeds}) {
    const int fewest = settings.seeds == 0 ? usual : settings.seeds;
    const double search = usual == kUsualSeeds ? kSearchShare * all : all;
    for (const double p : passes) {
      const ChoosePlan plan = planner.plan(p, fewest);
      if (plan.seconds > all || planner.search_seconds(plan) > search) continue;
      return settings.seeds == 0 ? with_seeds(planner, p, fewest, all) : plan;
    }
  }
  const int seeds = settings.seeds == 0 ? kFewestFinalSeeds : settings.seeds;
  fail_as_too_little(settings, planner.plan(passes.back(), seeds).seconds);
}

double counted_minutes(const ChoosePlan& plan, double speed) {
  return minutes_of(plan.seconds, speed) * kUsed;
}

std::string stage_name(const ChoosePlan& plan, std::size_t index) {
  return index < plan.rungs.size() ? fmt::format("rung {}", index + 1) : "final";
}

std::string stage_key(const ChoosePlan& plan, std::uint64_t seed) {
  for (std::size_t i = 0; i < plan.rungs.size(); ++i) {
    if (plan.rungs[i].seeds.front() == seed) return fmt::format("{}", i + 1);
  }
  return "final";
}

}  // namespace actfn::lab
