// SPDX-License-Identifier: Apache-2.0
// The page of inspect: a section for each instrument, with a small picture for each network and
// what it shows in a sentence.
#pragma once

#include "lab/chart.h"
#include "lab/inspection.h"
#include "lab/report_stats.h"

#include <string>
#include <vector>

namespace actfn::lab {

// Stands alone, and links to the files beside it.
std::string inspect_page(const Comparison& comparison);
std::string inspect_page(const Inspection& inspection);

// Its small pictures, each to stand alone: INSTRUMENT-ACTIVATION.
std::vector<Chart> inspect_figures(const Comparison& comparison);
std::vector<Chart> inspect_figures(const Inspection& inspection);

// For the terminal: what is to be known of each network, and what measuring cost.
std::vector<std::string> inspect_findings(const Comparison& comparison);
std::vector<std::string> inspect_findings(const Inspection& inspection);

}  // namespace actfn::lab
