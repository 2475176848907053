// SPDX-License-Identifier: Apache-2.0
#include "lab/compare.h"

#include "lab/machine.h"
#include "lab/networks.h"
#include "lab/step_time.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <exception>
#include <iterator>
#include <mutex>
#include <thread>

namespace actfn::lab {
namespace {

using Rows = std::vector<EpochResult>;

// Takes trainings from a common list until there are none.
class Runner {
 public:
  Runner(const Plan& plan, const Comparison& made, const Parts& parts, const std::stop_token& stop,
         const Watch& watch)
      : plan_(plan),
        made_(made),
        parts_(parts),
        trainings_(plan.trainings),
        results_(trainings_.size()),
        ended_(trainings_.size()),
        outer_(stop, [this] { stop_.request_stop(); }),
        watch_{[&, this](const EpochResult& row) { record(row, watch.finished); },
               [&, this](const EpochResult& row) { record(row, watch.amended); },
               [&, this](const Training& training, const std::string& weights) {
                 const std::scoped_lock lock(mutex_);
                 watch.saved(training, weights);
               },
               [&, this](std::span<const LayerProbe> probes) {
                 const std::scoped_lock lock(mutex_);
                 probes_.insert(probes_.end(), probes.begin(), probes.end());
                 if (watch.probed) watch.probed(probes);
               }} {}

  // What an earlier run has to its end.
  void know(std::span<const EpochResult> earlier, std::span<const LayerProbe> probes) {
    for (std::size_t i = 0; i < trainings_.size(); ++i) {
      Rows rows;
      for (const EpochResult& row : earlier) {
        if (belongs(row, trainings_[i])) rows.push_back(row);
      }
      std::ranges::sort(rows, {}, &EpochResult::epoch);
      if (ended_[i] != 0 || !is_finished(rows, plan_.settings)) continue;
      std::ranges::copy_if(probes, std::back_inserter(probes_),
                           [&](const LayerProbe& probe) { return belongs(probe, trainings_[i]); });
      results_[i] = std::move(rows);
      ended_[i] = 1;
    }
  }

  void run(std::size_t begin, std::size_t end, std::span<Live> live) {
    next_ = begin;
    end_ = end;
    std::vector<std::jthread> jobs;
    const auto count = std::min(end - begin, live.size());
    try {
      for (std::size_t i = 0; i < count; ++i) {
        jobs.emplace_back([this, &live, i] { work(live[i]); });
      }
    } catch (...) {  // no more threads to be had
      stop_.request_stop();
      throw;
    }
    jobs.clear();
    if (error_) std::rethrow_exception(error_);
  }

  bool stopped() const { return stop_.stop_requested(); }

  // The learning rates that have been found, for the trainings that have none yet.
  void choose_rates() {
    const std::vector<double> rates = chosen_rates(plan_.settings, rows());
    for (Training& t : trainings_) {
      if (std::isnan(t.lr)) t.lr = rates[t.activation];
    }
  }

  // By activation, seed, learning rate, epoch.
  Rows rows() const {
    Rows all;
    for (const Rows& one : results_) all.insert(all.end(), one.begin(), one.end());
    sort_rows(all, plan_.settings);
    return all;
  }

  std::vector<LayerProbe> probes() const {
    std::vector<LayerProbe> all = probes_;
    sort_rows(all, plan_.settings);
    return all;
  }

  bool all_ended() const { return std::ranges::find(ended_, 0) == ended_.end(); }

 private:
  void work(Live& live) {
    for (auto i = next_++; i < end_ && !stopped(); i = next_++) {
      if (ended_[i] != 0) continue;
      live.training.store(static_cast<int>(i));
      try {
        const Training& training = trainings_[i];
        ended_[i] = train(plan_, made_.networks[training.activation], training, parts_, live,
                          stop_.get_token(), watch_)
                        ? 1
                        : 0;
      } catch (...) {
        const std::scoped_lock lock(mutex_);
        if (!error_) error_ = std::current_exception();
        stop_.request_stop();
      }
    }
    live.training.store(-1);
  }

  void record(const EpochResult& row, const std::function<void(const EpochResult&)>& tell) {
    const std::scoped_lock lock(mutex_);
    const auto of = std::ranges::find_if(
        trainings_, [&](const Training& training) { return belongs(row, training); });
    Rows& rows = results_[static_cast<std::size_t>(of - trainings_.begin())];
    const auto old = std::ranges::find(rows, row.epoch, &EpochResult::epoch);
    if (old == rows.end()) {
      rows.push_back(row);
    } else {
      *old = row;
    }
    tell(row);
  }

  const Plan& plan_;
  const Comparison& made_;
  const Parts& parts_;
  std::vector<Training> trainings_;
  std::atomic<std::size_t> next_{0};
  std::size_t end_ = 0;
  std::mutex mutex_;  // guards what follows, and calls of the watch
  std::vector<Rows> results_;
  std::vector<LayerProbe> probes_;
  std::vector<char> ended_;  // of each training; a job writes those of its own
  std::exception_ptr error_;
  std::stop_source stop_;
  std::stop_callback<std::function<void()>> outer_;
  Watch watch_;
};

// All but what the trainings give.
Comparison description(const Plan& plan, const data::Dataset& data, const Parts& parts) {
  require_data(plan.settings, data);
  Comparison c;
  c.settings = plan.settings;
  c.machine = this_machine();
  c.task = data.task;
  c.form = form_of(data);
  c.outputs = data.task == data::Task::classification ? data.classes.size() : 1;
  c.samples = {parts.train.count, parts.validation.count, parts.test.count};
  c.chance = chance_of(parts.train, data.task, data.classes.size());
  c.networks = networks_of(plan.settings, c.form, c.outputs);
  const auto batch = static_cast<std::size_t>(plan.settings.batch);
  const std::size_t evaluated = std::max(parts.test.count, parts.train.count);
  const auto looked_at = static_cast<std::size_t>(plan.settings.samples);
  const std::size_t rows =
      std::max({std::min(batch, parts.train.count), std::min(kEvaluationBatch, evaluated),
                std::min(looked_at, evaluated)});
  c.inits = inits_of(plan.settings);
  for (std::size_t i = 0; i < c.networks.size(); ++i) {
    require_memory(plan.settings.activations[i].name, c.networks[i], rows);
  }
  return c;
}

}  // namespace

Comparison compare(const Plan& plan, const data::Dataset& data, std::span<Live> live,
                   const std::stop_token& stop, const Watch& watch,
                   std::span<const EpochResult> earlier, std::span<const LayerProbe> probes) {
  const Parts parts = parts_of(data, plan.settings.validation);
  Comparison result = description(plan, data, parts);
  const auto begin = std::chrono::steady_clock::now();
  Runner runner(plan, result, parts, stop, watch);
  runner.know(earlier, probes);
  runner.run(0, plan.looking, live);
  if (!runner.stopped()) {
    runner.choose_rates();
    runner.know(earlier, probes);
    runner.run(plan.looking, plan.trainings.size(), live);
  }
  result.epochs = runner.rows();
  result.probes = runner.probes();
  result.interrupted = !runner.all_ended();
  if (!result.interrupted) result.steps = measure_steps(plan, result, parts, stop);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

}  // namespace actfn::lab
