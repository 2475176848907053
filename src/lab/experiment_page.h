// SPDX-License-Identifier: Apache-2.0
// The page of a run of experiments.
#pragma once

#include "lab/experiment_directory.h"

#include <span>
#include <string>

namespace actfn::lab {

// What was claimed, what was seen, a picture, and how to run it again. One page that stands alone:
// it fetches nothing and has no script. It links to the files of each experiment beside it.
std::string experiment_page(std::span<const ExperimentResult> results, const Scope& scope);

}  // namespace actfn::lab
