// SPDX-License-Identifier: Apache-2.0
// The trainings of compare and inspect: a new run, or one that goes on.
#pragma once

#include "compare_arguments.h"
#include "lab/compare.h"
#include "lab/results_directory.h"

#include <functional>

namespace actfn::app {

// What is done with the results of a run that has finished an epoch.
using Keep = std::function<void(const lab::Comparison&, lab::ResultsDirectory&)>;

// The exit code. Throws Error for settings that are wrong, before anything is written.
int run_comparison(const CompareArguments& arguments, const Keep& keep);

}  // namespace actfn::app
