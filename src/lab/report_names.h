// SPDX-License-Identifier: Apache-2.0
// Names of activations in sentences, and words in commands.
#pragma once

#include "lab/report_stats.h"

#include <string>
#include <string_view>

namespace actfn::lab::report {

// The text as HTML, with the names of the overview's activations set as code.
std::string with_names_set(std::string_view text, const Overview& overview);

// For a POSIX shell; without quotes where it needs none.
std::string shell_quoted(std::string_view word);

}  // namespace actfn::lab::report
