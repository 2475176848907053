// SPDX-License-Identifier: Apache-2.0
// What scripts for files and for the terminal have in common.
#pragma once

#include "lab/gnuplot.h"

#include <fmt/format.h>

#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace actfn::lab {

template <typename... Args>
void append(std::string& script, fmt::format_string<Args...> text, Args&&... args) {
  fmt::format_to(std::back_inserter(script), text, std::forward<Args>(args)...);
}

// A gnuplot string that means the text and nothing else.
std::string quote(std::string_view text);

// The name of the data of one curve.
std::string block_name(std::size_t panel, std::size_t curve);

// Title, ranges and tics. `labels` numbers find room along x. Left to itself, gnuplot lets long
// ones overlap.
void append_axes(std::string& script, const Figure& figure, const Panel& panel,
                 std::string_view prime, double labels);

}  // namespace actfn::lab
