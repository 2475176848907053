// SPDX-License-Identifier: Apache-2.0
// How a run was made, as its page says it.
#pragma once

#include "lab/report_stats.h"

#include <string>
#include <string_view>

namespace actfn::lab::report {

// The data, the network, the settings and the machine, as a list of HTML.
std::string facts_list(const Comparison& comparison, const Overview& overview);

// The heading, and a command in a box.
std::string run_it_again(std::string_view command);

// "fashion-mnist": the last part of the path.
std::string data_name(const std::string& path);

}  // namespace actfn::lab::report
