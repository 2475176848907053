// SPDX-License-Identifier: Apache-2.0
// Parts of a page about trainings, each with its heading. Empty where there is nothing to show.
#pragma once

#include "lab/report_stats.h"

#include <string>

namespace actfn::lab::report {

// The best against each other one.
std::string differences_section(const Overview& overview);
// The table of all activations, and that of all seeds.
std::string results_section(const Comparison& comparison, const Overview& overview);
std::string curves_section(const Overview& overview);
std::string functions_section(const Comparison& comparison, const Overview& overview);

}  // namespace actfn::lab::report
