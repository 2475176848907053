// SPDX-License-Identifier: Apache-2.0
#include "lab/plot.h"

#include <unistd.h>

#include <algorithm>
#include <optional>

#include "arguments.h"
#include "commands.h"
#include "numbers.h"
#include "output.h"

namespace actfn::app {
namespace {

struct PlotArguments {
  std::vector<std::string> specs;
  std::optional<std::string> orders;
  std::optional<std::string> range;
  std::optional<std::string> y;
  std::optional<std::string> row;
  std::optional<std::string> file;
};

void draw_in_terminal(const lab::PlotOptions& options) {
  const Terminal t = terminal(STDOUT_FILENO);
  // A line less than the terminal has: the prompt needs one.
  print(lab::plot_to_terminal(options, std::max(t.columns, lab::min_plot_columns),
                              std::max(t.rows - 1, lab::min_plot_rows), t.colour));
}

void plot(const PlotArguments& arguments) {
  lab::PlotOptions options;
  require_names("plot", arguments.specs);
  options.functions = parse_functions(arguments.specs);
  if (arguments.orders) options.orders = parse_integers("order", *arguments.orders);
  if (arguments.range) options.range = lab::parse_range(*arguments.range);
  if (arguments.y) options.y = lab::parse_range(*arguments.y, "y");
  if (arguments.row) options.row = parse_row(*arguments.row);
  if (arguments.file) {
    lab::plot_to_file(options, *arguments.file);
  } else {
    draw_in_terminal(options);
  }
}

}  // namespace

void add_plot(CLI::App& program) {
  auto* command = program.add_subcommand(
      "plot",
      "Draws functions and their derivatives\n\n"
      "Draws in the terminal, or with gnuplot to a file: random functions as in evaluation,\n"
      "learned functions with their parameters before training, gates over one operand with the\n"
      "other at 1, and functions of a row as bars.\n\n"
      "Examples:\n"
      "  actfn plot relu gelu mish\n"
      "  actfn plot 'elu(alpha=0.5)' selu --order 1 --range=-3:3 -o elu.svg\n"
      "  actfn plot exp softplus --order 0,1,2 --y 0:4\n"
      "  actfn plot softmax sparsemax --row 3,1,0.5\n");
  auto a = std::make_shared<PlotArguments>();
  command->add_option("SPEC", a->specs, "Functions")->required();
  add(*command, "--order", a->orders,
      "0: the value; 1, 2: a derivative. One panel\nfor each; by default 0,1, for bars 0",
      "0|1|2|0,1,…");
  add(*command, "--range", a->range, "The values of x, for curves; by default -5:5", "A:B");
  add(*command, "--y", a->y, "The values of y; by default all", "A:B");
  add(*command, "--row", a->row, "The row for functions of a row; by default\n3,1,0.5,0,-1", "X,…");
  command->add_option("-o,--output", a->file, "Writes a picture instead of drawing in the terminal")
      ->type_name("FILE.svg|FILE.png");
  command->callback([a] { plot(*a); });
}

}  // namespace actfn::app
