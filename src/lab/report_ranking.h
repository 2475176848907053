// SPDX-License-Identifier: Apache-2.0
// The ranking as a picture.
#pragma once

#include "lab/chart.h"
#include "lab/report_stats.h"

#include <string>

namespace actfn::lab::report {

// The means of the metric that decides, with their intervals, the best at the top. `title` says
// what is seen.
Chart ranking_chart(const Overview& overview, std::string title);

}  // namespace actfn::lab::report
