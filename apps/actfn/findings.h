// SPDX-License-Identifier: Apache-2.0
// What a comparison found, for the terminal.
#pragma once

#include "lab/report.h"

#include <string>

namespace actfn::app {

// A table, the best first, and the sentences of the report.
std::string findings_text(const lab::Comparison& comparison, const lab::Findings& found);

}  // namespace actfn::app
