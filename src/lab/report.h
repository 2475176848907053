// SPDX-License-Identifier: Apache-2.0
// The HTML report of a comparison, and what its curves say in plain English.
#pragma once

#include "lab/chart.h"
#include "lab/report_run.h"
#include "lab/report_stats.h"

#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab {

// What the rows say, for the page and for the terminal.
struct Findings {
  report::Overview overview;
  // Sentences computed from the data, the most important first: never empty, and never claiming
  // more than seeds, epochs and finite losses carry.
  std::vector<std::string> verdicts;
  // The verdict in a handful of words: "gelu ended with the lowest training loss".
  std::string headline;
};
Findings findings(const Comparison& comparison);

// The ranking, as a picture that stands alone. Empty where nothing can be ranked.
std::vector<Chart> report_figures(const Findings& found);

// One page that stands alone: it fetches nothing, and works from file://, on paper, and without
// JavaScript. It links to results.csv and results.json beside it; a script writes both from the
// page itself, results.json if its text is given.
std::string report_html(const Comparison& comparison, const Findings& found,
                        std::string_view results_json = "");

}  // namespace actfn::lab
