// SPDX-License-Identifier: Apache-2.0
// Pictures of functions, to a file or to the terminal: curves with derivatives, and functions of a
// row as bars. gnuplot draws all but bars in a terminal and must be on the PATH.
//
// Curves: elementwise functions; random ones as they are in evaluation, learned ones before
// training, gates over one operand while the other is 1. The labels say so. Rows: what gives one
// number for each of a row. The other functions are refused.
//
// actfn::Error: the request is wrong; std::runtime_error: it is right, and gnuplot or the file
// system failed.
#pragma once

#include <actfn/catalogue.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab {

struct PlotRange {
  double lo = -5;
  double hi = 5;
};

// Reads "A:B": two finite float32 numbers, A < B. `name` is for the message.
PlotRange parse_range(std::string_view text, std::string_view name = "range");

struct PlotOptions {
  std::vector<Function> functions;
  // Of derivatives, a panel each, in this order; empty: 0 and 1, of bars 0.
  std::vector<int> orders;
  std::optional<PlotRange> range;  // of x, for curves; none: -5 to 5
  std::optional<PlotRange> y;      // what is seen of y; none: all of it
  std::vector<float> row;          // of functions of a row; empty: 3, 1, 0.5, 0, -1
};

// Writes an SVG or a PNG, as the ending of the name says. The file appears whole or not at all.
void plot_to_file(const PlotOptions& options, const std::filesystem::path& file);

// The least that plot_to_terminal() draws in.
inline constexpr int min_plot_columns = 40;
inline constexpr int min_plot_rows = 10;

// Lines of text, none wider than `columns` and, of curves, no more than `rows`, the last one ended
// too. `colour` adds ANSI sequences of 256 colours; each curve has a character of its own either
// way.
std::string plot_to_terminal(const PlotOptions& options, int columns, int rows, bool colour);

}  // namespace actfn::lab
