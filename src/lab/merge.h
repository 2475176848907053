// SPDX-License-Identifier: Apache-2.0
// Several runs as one comparison.
#pragma once

#include "lab/results_read.h"

#include <span>

namespace actfn::lab {

// The activations and seeds of all runs, in their order; a training that several have is taken from
// the first. Throws std::runtime_error where settings differ, "[report] B: epochs is 20, not 5 as
// in A", and where a run has no results.json.
Comparison merge(std::span<const StoredRun> runs);

}  // namespace actfn::lab
