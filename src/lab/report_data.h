// SPDX-License-Identifier: Apache-2.0
// The data of a run inside of its page, for the script.
#pragma once

#include "lab/report_stats.h"

#include <string>
#include <string_view>

namespace actfn::lab::report {

// results.csv as it is, how the page shows each activation, and of results.json (`results`, unless
// that is empty) what the rows do not have.
std::string page_data(const Comparison& comparison, const Overview& overview,
                      std::string_view results);

}  // namespace actfn::lab::report
