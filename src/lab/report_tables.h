// SPDX-License-Identifier: Apache-2.0
// Where each activation ended, as tables that a script makes sortable.
#pragma once

#include "lab/report_stats.h"

#include <string>

namespace actfn::lab::report {

// A row per activation: means with their intervals and a dot for every seed.
std::string results_table(const Comparison& comparison, const Overview& overview);

// A row per training.
std::string seeds_table(const Overview& overview);

}  // namespace actfn::lab::report
