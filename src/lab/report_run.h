// SPDX-License-Identifier: Apache-2.0
// What was run, and how to run it again.
#pragma once

#include "lab/report_stats.h"

#include <span>
#include <string>
#include <string_view>

namespace actfn::lab {

// The command that repeats the run, quoted for a POSIX shell.
std::string command_line(const CompareSettings& settings);

namespace report {

// "2 activations, 5 seeds, 5 epochs on fashion-mnist"
std::string scope_text(const Comparison& comparison, const Overview& overview);

// The section of the page: settings, machine, command and the files beside the page.
std::string run_section(const Comparison& comparison, const Overview& overview,
                        std::span<const std::string_view> files);
// Its end: the command and the files.
std::string again(std::string_view command, std::span<const std::string_view> files);

}  // namespace report
}  // namespace actfn::lab
