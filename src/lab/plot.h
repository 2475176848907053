// Pictures of activations: the value and the first derivative, to a file or to the terminal.
// Both are drawn by gnuplot, which must be on the PATH. actfn::Error: the request is wrong;
// std::runtime_error: it is right, and gnuplot or the file system failed.
#pragma once

#include <actfn/activation.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab {

struct PlotRange {
  double lo = -5;
  double hi = 5;
};

// Reads "A:B": two finite float32 numbers, A < B.
PlotRange parse_range(std::string_view text);

struct PlotOptions {
  std::vector<Activation> activations;
  std::vector<int> orders = {0, 1};  // 0: f, 1: f′; a panel each, in this order
  PlotRange range;
};

// Writes an SVG or a PNG, as the ending of the name says. The file appears whole or not at all.
void plot_to_file(const PlotOptions& options, const std::filesystem::path& file);

// The least that plot_to_terminal() draws in.
inline constexpr int min_plot_columns = 40;
inline constexpr int min_plot_rows = 10;

// Lines of text, none wider than `columns` and no more than `rows`, the last one ended too.
// `colour` adds ANSI sequences of 256 colours; each curve has a character of its own either way.
std::string plot_to_terminal(const PlotOptions& options, int columns, int rows, bool colour);

}  // namespace actfn::lab
