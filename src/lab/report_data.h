// SPDX-License-Identifier: Apache-2.0
// The data of a run inside of its page, for the script.
#pragma once

#include "lab/report_stats.h"

#include <string>

namespace actfn::lab::report {

// results.csv as it is, results.json without its epochs, and how the page shows each activation.
std::string page_data(const Comparison& comparison, const Overview& overview);

}  // namespace actfn::lab::report
