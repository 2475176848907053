// SPDX-License-Identifier: Apache-2.0
// Runs experiments: their trials, several at a time, and their verdicts.
#pragma once

#include "lab/experiment_directory.h"

#include <cstddef>
#include <functional>
#include <span>
#include <stop_token>
#include <vector>

namespace actfn::lab {

// Calls come one at a time, from any thread.
struct ExperimentWatch {
  // How many trials there are, and how many of them an earlier run has finished.
  std::function<void(std::size_t all, std::size_t earlier)> began;
  std::function<void(const Experiment& experiment, const Trial& trial)> finished;
  std::function<void(const ExperimentResult& result)> judged;
};

// Runs what the directory does not have yet, `jobs` trials at a time; those that run alone
// come last. Gives the results of experiments all of whose trials are finished, in the order of
// `chosen`: the same for any `jobs`. Their files are written as soon as the last trial is finished.
// Throws what a trial has thrown.
std::vector<ExperimentResult> run_experiments(std::span<const Experiment* const> chosen,
                                              const Scope& scope, int jobs,
                                              ExperimentDirectory& directory,
                                              const std::stop_token& stop,
                                              const ExperimentWatch& watch);

}  // namespace actfn::lab
