// SPDX-License-Identifier: Apache-2.0
#include "lab/experiment_run.h"

#include "oracle/oracle.h"

#include <actfn/error.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

namespace actfn::lab {
namespace {

// An experiment with its trials.
struct Running {
  const Experiment* experiment;
  std::vector<Trial> trials;
  std::vector<FinishedTrial> done;  // by trial; without a name where it is not finished
  std::size_t left = 0;
  std::vector<FinishedTrial> others;  // that earlier runs had and this one does not ask for
  std::optional<ExperimentResult> result;
  bool resumed = false;  // some of its trials are those of an earlier run
};

struct Place {
  std::size_t running, trial;
};

Running begin(const Experiment& experiment, const Scope& scope, const ExperimentDirectory& from) {
  Running r{&experiment, experiment.trials(scope), {}, 0, {}, {}, false};
  auto finished = from.finished(experiment);
  for (const Trial& trial : r.trials) {
    auto found = finished.extract(trial.name);
    r.done.push_back(found ? std::move(found.mapped()) : FinishedTrial{});
    if (found) {
      r.resumed = true;
    } else {
      ++r.left;
    }
  }
  for (auto& [name, trial] : finished) r.others.push_back(std::move(trial));
  return r;
}

Readings readings_of(const Running& r) {
  std::vector<Row> rows;
  for (const FinishedTrial& trial : r.done) {
    rows.insert(rows.end(), trial.rows.begin(), trial.rows.end());
  }
  return {r.experiment->columns, std::move(rows)};
}

ExperimentResult judge(const Running& r, const Scope& scope) {
  ExperimentResult result{r.experiment, outcome_of(*r.experiment, readings_of(r), scope),
                          r.trials.size(), 0};
  for (const FinishedTrial& trial : r.done) result.seconds += trial.seconds;
  return result;
}

class TrialRunner {
 public:
  TrialRunner(std::vector<Running>& all, const Scope& scope, ExperimentDirectory& directory,
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
      try {
        for (std::size_t i = 0; i < count; ++i) threads.emplace_back([this] { work(); });
      } catch (...) {  // no more threads to be had
        stop_.request_stop();
        throw;
      }
    }
    if (error_) std::rethrow_exception(error_);
  }

  void conclude(Running& r) {
    ExperimentResult result = judge_or_explain(r);
    std::vector<FinishedTrial> all = r.done;
    all.insert(all.end(), r.others.begin(), r.others.end());
    directory_.finish(result, scope_, all);
    const std::scoped_lock lock(mutex_);
    r.result = std::move(result);
    watch_.judged(*r.result);
  }

 private:
  // Somebody may have changed the rows of an earlier run.
  ExperimentResult judge_or_explain(const Running& r) const {
    try {
      return judge(r, scope_);
    } catch (const std::logic_error& e) {
      if (!r.resumed) throw;
      throw Error(
          fmt::format("[experiment] {} is not what the experiment has written ({}): delete it, and "
                      "its trials are measured again",
                      directory_.folder(*r.experiment).string(), e.what()));
    }
  }

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
    FinishedTrial done{trial.name, trial.measure(Materials(stop_.get_token())), 0};
    done.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    directory_.keep(*r.experiment, done);
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

std::vector<Place> open_places(const std::vector<Running>& all, bool alone) {
  std::vector<Place> places;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t t = 0; t < all[i].trials.size(); ++t) {
      if (all[i].trials[t].alone == alone && all[i].done[t].name.empty()) places.push_back({i, t});
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
  TrialRunner runner(all, scope, directory, stop, watch);
  for (Running& r : all) {
    if (r.left == 0) runner.conclude(r);
  }
  // Trials may ask the oracle.
  runner.run(open_places(all, false), oracle::thread_safe() ? jobs : 1);
  if (!stop.stop_requested()) runner.run(open_places(all, true), 1);
  std::vector<ExperimentResult> results;
  for (Running& r : all) {
    if (r.result) results.push_back(std::move(*r.result));
  }
  return results;
}

}  // namespace actfn::lab
