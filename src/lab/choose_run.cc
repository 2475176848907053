// SPDX-License-Identifier: Apache-2.0
#include "lab/choose_run.h"

#include "lab/parts.h"
#include "lab/runner.h"
#include "lab/step_time.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace actfn::lab {
namespace {

using Clock = std::chrono::steady_clock;
using Rows = std::vector<EpochResult>;
using Key = std::tuple<std::size_t, std::uint64_t, double>;  // activation, seed, learning rate

// The settings for the trainings of a stage.
CompareSettings settings_for(const ChooseSettings& settings, const Stage& stage) {
  CompareSettings s = settings.training;
  s.epochs = stage.epochs;
  s.seeds = stage.seeds;
  s.jobs = s.threads = 1;
  s.patience = 0;
  s.probe = s.save = s.tensorboard = false;
  return s;
}

// The lowest validation loss after an epoch.
double lowest_loss(const Rows& rows) {
  double lowest = std::numeric_limits<double>::infinity();
  for (const EpochResult& row : rows) {
    if (row.epoch == 0 || !row.validation) continue;
    if (improves(row.validation->loss, lowest)) lowest = row.validation->loss;
  }
  return lowest;
}

// The finalists alone, with their learning rates.
CompareSettings finalists_of(const Choice& choice) {
  CompareSettings s = settings_for(choice.settings, choice.plan.final);
  s.activations.clear();
  std::set<double> rates;
  for (const Standing& one : choice.finalists) {
    s.activations.push_back(choice.settings.training.activations[one.activation]);
    rates.insert(one.lr);
  }
  s.lr.assign(rates.begin(), rates.end());
  return s;
}

class Tournament {
 public:
  Tournament(Choice& choice, const data::Dataset& data, int jobs, const std::stop_token& stop,
             const ChooseWatch& watch)
      : choice_(choice),
        data_(data),
        all_(parts_of(data, choice.settings.training.validation)),
        test_(std::exchange(all_.test, {})),
        live_(static_cast<std::size_t>(jobs)),
        stop_(stop),
        watch_(watch) {}

  void know(std::span<const EpochResult> earlier) {
    for (const EpochResult& row : earlier) {
      known_[{row.activation, row.seed, row.lr}].push_back(row);
    }
  }

  void run() {
    std::vector<Standing> pairs = all_pairs();
    const std::vector<Stage>& rungs = choice_.plan.rungs;
    for (std::size_t i = 0; i < rungs.size(); ++i) {
      if (!run_rung(i, pairs)) return;
      const std::size_t left = i + 1 < rungs.size() ? rungs[i + 1].pairs : finalists();
      pairs = survivors(choice_.rungs.back(), left, finalists());
    }
    choice_.finalists = std::move(pairs);
    run_final();
  }

  // By stage, activation, learning rate, epoch: the seeds are those of the stages, in their order.
  Rows rows() const {
    Rows all;
    for (const auto& [key, rows] : known_) all.insert(all.end(), rows.begin(), rows.end());
    std::ranges::sort(all, {}, [](const EpochResult& r) {
      return std::tuple(r.seed, r.activation, r.lr, r.epoch);
    });
    return all;
  }

 private:
  std::size_t finalists() const { return choice_.plan.final.pairs; }

  // What a stage trains with. Valid until the next call.
  const Parts& parts_for(const Stage& stage) {
    if (stage.share >= 1) return all_;
    some_ = {data::split_off(all_.train, stage.share, data_.classes.size()), all_.validation,
             all_.test};
    return some_;
  }

  // In the order in which they are trained.
  std::vector<Standing> all_pairs() const {
    std::vector<Standing> pairs;
    for (std::size_t a = 0; a < choice_.settings.training.activations.size(); ++a) {
      for (const double lr : choice_.settings.training.lr) pairs.push_back({a, lr, 0});
    }
    return pairs;
  }

  bool run_rung(std::size_t index, std::vector<Standing> pairs) {
    const Stage& stage = choice_.plan.rungs[index];
    Plan plan(settings_for(choice_.settings, stage));
    plan.looking = 0;
    plan.trainings.clear();
    for (const Standing& p : pairs) plan.trainings.push_back({p.activation, stage.seeds[0], p.lr});
    const Parts& parts = parts_for(stage);
    const Comparison made = description_of(plan, data_, parts);
    if (!train(index, stage, plan, made, parts, pairs)) return false;
    for (Standing& p : pairs) {
      p.loss = lowest_loss(known_.at({p.activation, stage.seeds[0], p.lr}));
    }
    std::ranges::stable_sort(pairs, {}, &Standing::loss);
    choice_.rungs.push_back(std::move(pairs));
    return true;
  }

  void run_final() {
    const Stage& stage = choice_.plan.final;
    Plan plan(finalists_of(choice_));
    plan.looking = 0;
    plan.trainings.clear();
    for (const std::uint64_t seed : stage.seeds) {
      for (std::size_t i = 0; i < choice_.finalists.size(); ++i) {
        plan.trainings.push_back({i, seed, choice_.finalists[i].lr});
      }
    }
    all_.test = std::exchange(test_, {});
    const Parts& parts = parts_for(stage);
    choice_.final = description_of(plan, data_, parts);
    const auto begin = Clock::now();
    if (!train(choice_.plan.rungs.size(), stage, plan, choice_.final, parts, choice_.finalists)) {
      return;
    }
    gather(choice_.final, plan);
    choice_.final.steps = measure_steps(plan, choice_.final, parts, stop_);
    choice_.final.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    choice_.interrupted = stop_.stop_requested() && choice_.final.steps.empty();
  }

  // The rows of the final, with its own indices.
  void gather(Comparison& c, const Plan& plan) const {
    for (std::size_t i = 0; i < choice_.finalists.size(); ++i) {
      for (const std::uint64_t seed : plan.settings.seeds) {
        const Standing& one = choice_.finalists[i];
        for (EpochResult row : known_.at({one.activation, seed, one.lr})) {
          row.activation = i;
          c.epochs.push_back(std::move(row));
        }
      }
    }
    sort_rows(c.epochs, c.settings);
  }

  // The plan's trainings that are not known yet. A training's activation is that of the plan;
  // `pairs` say which candidate it is. False: stopped.
  bool train(std::size_t index, const Stage& stage, Plan& plan, const Comparison& made,
             const Parts& parts, const std::vector<Standing>& pairs) {
    const bool is_final = index == choice_.plan.rungs.size();
    const auto candidate = [&](std::size_t a) { return is_final ? pairs[a].activation : a; };
    const std::size_t all = plan.trainings.size();
    std::erase_if(plan.trainings, [&](const Training& t) {
      const auto found = known_.find({candidate(t.activation), t.seed, t.lr});
      return found != known_.end() && is_whole(found->second, stage, is_final);
    });
    watch_.began(index, all - plan.trainings.size(), parts.train.count);
    std::map<Key, Rows> running;
    const auto add = [&](EpochResult row) {
      row.activation = candidate(row.activation);
      Rows& rows = running[{row.activation, row.seed, row.lr}];
      std::erase_if(rows, [&](const EpochResult& r) { return r.epoch == row.epoch; });
      rows.push_back(std::move(row));
      std::ranges::sort(rows, {}, &EpochResult::epoch);
      if (is_whole(rows, stage, is_final)) finish(index, rows);
    };
    const Watch rows{add, add};
    Runner runner(plan, made, parts, stop_, rows);
    runner.run(0, plan.trainings.size(), live_);
    return !runner.stopped() || runner.all_ended();
  }

  void finish(std::size_t index, const Rows& rows) {
    known_[{rows[0].activation, rows[0].seed, rows[0].lr}] = rows;
    watch_.finished(index, rows);
  }

  Choice& choice_;
  const data::Dataset& data_;
  Parts all_;           // without a test part until the final
  data::Samples test_;  // until then
  Parts some_;          // of a stage that trains with a share of the samples
  std::vector<Live> live_;
  const std::stop_token& stop_;
  const ChooseWatch& watch_;
  std::map<Key, Rows> known_;
};

}  // namespace

bool is_whole(std::span<const EpochResult> rows, const Stage& stage, bool tested) {
  if (rows.size() != static_cast<std::size_t>(stage.epochs) + 1) return false;
  return rows.back().epoch == stage.epochs && (!tested || rows.back().test);
}

std::vector<Standing> survivors(std::span<const Standing> rung, std::size_t pairs,
                                std::size_t activations) {
  std::vector<char> kept(rung.size());
  std::set<std::size_t> seen;
  std::size_t count = 0;
  for (std::size_t i = 0; i < rung.size() && seen.size() < activations; ++i) {
    if (!seen.insert(rung[i].activation).second) continue;
    kept[i] = 1;
    ++count;
  }
  for (std::size_t i = 0; i < rung.size() && count < pairs; ++i) {
    if (kept[i] == 0) ++count;
    kept[i] = 1;
  }
  std::vector<Standing> left;
  for (std::size_t i = 0; i < rung.size(); ++i) {
    if (kept[i] != 0) left.push_back(rung[i]);
  }
  return left;
}

Comparison describe_candidates(const ChooseSettings& settings, const data::Dataset& data) {
  const Plan plan(settings.training);
  return description_of(plan, data, parts_of(data, settings.training.validation));
}

Choice choose(const ChooseSettings& settings, const ChoosePlan& plan, const data::Dataset& data,
              int jobs, const std::stop_token& stop, const ChooseWatch& watch,
              std::span<const EpochResult> earlier) {
  const auto begin = Clock::now();
  Choice choice{settings, plan, {}, {}, {}, {}, 0, true};
  Tournament tournament(choice, data, jobs, stop, watch);
  tournament.know(earlier);
  tournament.run();
  choice.rows = tournament.rows();
  choice.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  return choice;
}

}  // namespace actfn::lab
