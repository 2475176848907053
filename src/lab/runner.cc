// SPDX-License-Identifier: Apache-2.0
#include "lab/runner.h"

#include "lab/machine.h"
#include "lab/networks.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <thread>

namespace actfn::lab {

Comparison description_of(const Plan& plan, const data::Dataset& data, const Parts& parts) {
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

Runner::Runner(const Plan& plan, const Comparison& made, const Parts& parts,
               const std::stop_token& stop, const Watch& watch)
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

void Runner::know(std::span<const EpochResult> earlier, std::span<const LayerProbe> probes) {
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

void Runner::run(std::size_t begin, std::size_t end, std::span<Live> live) {
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

void Runner::choose_rates() {
  const std::vector<double> rates = chosen_rates(plan_.settings, rows());
  for (Training& t : trainings_) {
    if (std::isnan(t.lr)) t.lr = rates[t.activation];
  }
}

std::vector<EpochResult> Runner::rows() const {
  Rows all;
  for (const Rows& one : results_) all.insert(all.end(), one.begin(), one.end());
  sort_rows(all, plan_.settings);
  return all;
}

std::vector<LayerProbe> Runner::probes() const {
  std::vector<LayerProbe> all = probes_;
  sort_rows(all, plan_.settings);
  return all;
}

bool Runner::all_ended() const { return std::ranges::find(ended_, 0) == ended_.end(); }

void Runner::work(Live& live) {
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

void Runner::record(const EpochResult& row, const std::function<void(const EpochResult&)>& tell) {
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

}  // namespace actfn::lab
