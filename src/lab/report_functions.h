// SPDX-License-Identifier: Apache-2.0
// Each activation drawn with its derivative, all on the same axes.
#pragma once

#include "lab/report_stats.h"

#include <string>

namespace actfn::lab::report {

std::string function_plots(const Comparison& comparison, const Overview& overview);

}  // namespace actfn::lab::report
