// SPDX-License-Identifier: Apache-2.0
// What the probe saw inside the networks: gradients, dead and saturated units, pre-activations.
#pragma once

#include "lab/report_stats.h"

#include <string>
#include <vector>

namespace actfn::lab::report {

// A sentence for each thing to know: "3 of 128 units of relu are dead after 5 epochs."
std::vector<std::string> inside_findings(const Comparison& comparison, const Overview& overview);

// The section of the page; empty where nothing was probed.
std::string inside_networks(const Comparison& comparison, const Overview& overview);

}  // namespace actfn::lab::report
