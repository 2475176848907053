// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace actfn {

// User text for an error message, in single quotes: on one line, without control characters, cut
// where it is long.
std::string in_quotes(std::string_view text);

}  // namespace actfn
