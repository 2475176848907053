// SPDX-License-Identifier: Apache-2.0
// The curves as SVG that needs no script: lines with bands, labelled at their ends.
#pragma once

#include "lab/report_stats.h"

#include <string>

namespace actfn::lab::report {

// The legend and a chart of each metric.
std::string learning_curves(const Overview& overview);

std::string title_of(Metric metric);

// As the heading of results.csv has it: "train_loss".
std::string column_name(Metric metric);

// A value as its metric is written, a loss or a percentage, for HTML.
std::string metric_text(double value, Metric metric);

// "0.2794 to 0.2829", "87.41 to 87.92 %".
std::string range_text(const Spread& spread, Metric metric);

}  // namespace actfn::lab::report
