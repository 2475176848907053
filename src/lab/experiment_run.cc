// SPDX-License-Identifier: Apache-2.0
#include "lab/experiment_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace actfn::lab {
namespace {

// An experiment with its trials.
struct Running {
  const Experiment* experiment;
  std::vector<Trial> trials;
  std::vector<std::optional<FinishedTrial>> done;
  std::size_t left = 0;
  std::optional<ExperimentResult> result;
};

struct Place {
  std::size_t running, trial;
};

Running begin(const Experiment& experiment, const Scope& scope, const ExperimentDirectory& from) {
  Running r{&experiment, experiment.trials(scope), {}, 0, {}};
  auto finished = from.finished(experiment);
  for (const Trial& trial : r.trials) {
    const auto found = finished.find(trial.name);
    r.done.push_back(found == finished.end() ? std::nullopt
                                             : std::optional(std::move(found->second)));
  }
  r.left = static_cast<std::size_t>(
      std::ranges::count_if(r.done, [](const auto& done) { return !done.has_value(); }));
  return r;
}

std::string data_csv(const Running& r) {
  std::vector<std::string> columns = {"trial", "seconds"};
  columns.insert(columns.end(), r.experiment->columns.begin(), r.experiment->columns.end());
  std::vector<Row> rows;
  for (std::size_t i = 0; i < r.trials.size(); ++i) {
    for (const Row& row : r.done[i]->rows) {
      rows.push_back({r.trials[i].name, fmt::format("{:.3f}", r.done[i]->seconds)});
      rows.back().insert(rows.back().end(), row.begin(), row.end());
    }
  }
  return to_csv({std::move(columns), std::move(rows)});
}

Readings readings_of(const Running& r) {
  std::vector<Row> rows;
  for (const auto& trial : r.done) {
    rows.insert(rows.end(), trial->rows.begin(), trial->rows.end());
  }
  return {r.experiment->columns, std::move(rows)};
}

ExperimentResult judge(const Running& r, const Scope& scope) {
  ExperimentResult result{r.experiment, r.experiment->judge(readings_of(r), scope), r.trials.size(),
                          0};
  for (const auto& trial : r.done) result.seconds += trial->seconds;
  return result;
}

class Runner {
 public:
  Runner(std::vector<Running>& all, const Scope& scope, ExperimentDirectory& directory,
         const std::stop_token& stop, const ExperimentWatch& watch)
      : all_(all),
        scope_(scope),
        directory_(directory),
        outer_(stop, [this] { stop_.request_stop(); }),
        watch_(watch) {}

  void run(std::vector<Place> places, int jobs) {
    places_ = std::move(places);
    next_ = 0;
    {
      std::vector<std::jthread> threads;
      const auto count = std::min(places_.size(), static_cast<std::size_t>(jobs));
      for (std::size_t i = 0; i < count; ++i) threads.emplace_back([this] { work(); });
    }
    if (error_) std::rethrow_exception(error_);
  }

  void conclude(Running& r) {
    ExperimentResult result = judge(r, scope_);
    directory_.finish(result, scope_, data_csv(r));
    const std::scoped_lock lock(mutex_);
    r.result = std::move(result);
    watch_.judged(*r.result);
  }

 private:
  void work() {
    try {
      for (std::size_t i = next_++; i < places_.size() && !stop_.stop_requested(); i = next_++) {
        one(places_[i]);
      }
    } catch (const Interrupted&) {
      return;
    } catch (...) {
      const std::scoped_lock lock(mutex_);
      if (!error_) error_ = std::current_exception();
      stop_.request_stop();
    }
  }

  void one(const Place& place) {
    using Clock = std::chrono::steady_clock;
    Running& r = all_[place.running];
    const Trial& trial = r.trials[place.trial];
    const auto start = Clock::now();
    FinishedTrial done{trial.measure(Materials(stop_.get_token())), 0};
    done.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    directory_.keep(*r.experiment, trial.name, done);
    bool last = false;
    {
      const std::scoped_lock lock(mutex_);
      r.done[place.trial] = std::move(done);
      last = --r.left == 0;
      watch_.finished(*r.experiment, trial);
    }
    if (last) conclude(r);
  }

  std::vector<Running>& all_;
  const Scope& scope_;
  ExperimentDirectory& directory_;
  std::stop_source stop_;
  std::stop_callback<std::function<void()>> outer_;
  const ExperimentWatch& watch_;
  std::vector<Place> places_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;  // guards what follows, what is finished, and calls of the watch
  std::exception_ptr error_;
};

std::vector<Place> open_places(const std::vector<Running>& all, bool timed) {
  std::vector<Place> places;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if ((all[i].experiment->method == Method::timed) != timed) continue;
    for (std::size_t t = 0; t < all[i].trials.size(); ++t) {
      if (!all[i].done[t]) places.push_back({i, t});
    }
  }
  return places;
}

}  // namespace

std::vector<ExperimentResult> run_experiments(std::span<const Experiment* const> chosen,
                                              const Scope& scope, int jobs,
                                              ExperimentDirectory& directory,
                                              const std::stop_token& stop,
                                              const ExperimentWatch& watch) {
  std::vector<Running> all;
  for (const Experiment* experiment : chosen) all.push_back(begin(*experiment, scope, directory));
  std::size_t trials = 0;
  std::size_t left = 0;
  for (const Running& r : all) {
    trials += r.trials.size();
    left += r.left;
  }
  watch.began(trials, trials - left);
  Runner runner(all, scope, directory, stop, watch);
  for (Running& r : all) {
    if (r.left == 0) runner.conclude(r);
  }
  runner.run(open_places(all, false), jobs);
  if (!stop.stop_requested()) runner.run(open_places(all, true), 1);
  std::vector<ExperimentResult> results;
  for (Running& r : all) {
    if (r.result) results.push_back(std::move(*r.result));
  }
  return results;
}

}  // namespace actfn::lab
