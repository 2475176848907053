// SPDX-License-Identifier: Apache-2.0
// What a plot shows: the figure that gnuplot draws, of sampled curves or of bars.
#pragma once

#include "lab/gnuplot.h"
#include "lab/plot.h"

#include <string>

namespace actfn::lab {

// Throws Error where the options mean nothing or a function cannot be drawn.
Figure figure_of(const PlotOptions& options);

// Whether the functions are drawn as bars. Throws Error where some are and some are not.
bool has_bars(const PlotOptions& options);

// has_bars(): the figure, and lines of text no wider than `columns`.
Figure bars_of(const PlotOptions& options);
std::string bars_as_text(const PlotOptions& options, int columns);

}  // namespace actfn::lab
