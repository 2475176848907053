// SPDX-License-Identifier: Apache-2.0
// The numbers that count, a block for each activation.
#pragma once

#include "lab/report_stats.h"

#include <string>

namespace actfn::lab::report {

// More than these are better read in a table.
inline constexpr std::size_t kMostBlocks = 8;

// The best first. Empty where nothing can be ranked, or where there are too many.
std::string number_blocks(const Comparison& comparison, const Overview& overview);

}  // namespace actfn::lab::report
