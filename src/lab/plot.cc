// SPDX-License-Identifier: Apache-2.0
#include "lab/plot.h"

#include <actfn/error.h>

#include "lab/gnuplot.h"
#include "lab/plot_figure.h"
#include "lab/replace_file.h"
#include "lab/run_program.h"

#include <fmt/format.h>

namespace actfn::lab {
namespace {

// What gnuplot writes to its standard output.
std::string run_gnuplot(const std::string& script) {
  return run_program({.who = "plot",
                      .name = "gnuplot",
                      .arguments = {"-d"},  // without the user's settings
                      .package = "gnuplot-nox"},
                     script);
}

}  // namespace

void plot_to_file(const PlotOptions& options, const std::filesystem::path& file) {
  const std::string ending = file.extension().string();
  if (ending != ".svg" && ending != ".png") {
    throw Error(
        fmt::format("[plot] the file's name must end in .svg or .png, got {}", file.string()));
  }
  const Figure figure = figure_of(options);
  if (ending == ".svg") {
    replace_file("plot", file, finish_svg(figure, run_gnuplot(svg_script(figure))));
  } else {
    replace_file("plot", file, run_gnuplot(png_script(figure)));
  }
}

std::string plot_to_terminal(const PlotOptions& options, int columns, int rows, bool colour) {
  if (columns < min_plot_columns || rows < min_plot_rows) {
    throw Error(fmt::format("[plot] the terminal must be at least {}x{}, got {}x{}",
                            min_plot_columns, min_plot_rows, columns, rows));
  }
  const Figure figure = figure_of(options);
  if (has_bars(options)) return bars_as_text(options, columns);
  return finish_text(run_gnuplot(text_script(figure, columns, rows, colour)));
}

}  // namespace actfn::lab
