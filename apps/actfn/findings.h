// SPDX-License-Identifier: Apache-2.0
// What a comparison found, for the terminal.
#pragma once

#include "lab/report.h"
#include "lab/report_judgement.h"

#include <string>

namespace actfn::app {

// Cells of tables. The mean, and what its 95 % interval reaches to either side where there are
// seeds enough; by how much the best is better; the time of a step in microseconds; a metric in
// capitals.
std::string mean_text(const lab::report::Spread& spread, lab::report::Metric metric);
std::string behind_text(const lab::report::Judgement& judgement, const lab::report::Series& series);
std::string step_text(const lab::Comparison& comparison, const lab::report::Series& series);
std::string heading(lab::report::Metric metric);

// A table, the best first, and the sentences of the report.
std::string findings_text(const lab::Comparison& comparison, const lab::Findings& found);

}  // namespace actfn::app
