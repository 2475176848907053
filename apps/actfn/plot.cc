#include "lab/plot.h"

#include <unistd.h>

#include <algorithm>

#include "arguments.h"
#include "commands.h"
#include "output.h"

namespace actfn::app {
namespace {

struct PlotArguments {
  std::vector<std::string> specs;
  std::string orders = "0,1";
  std::string range = "-5:5";
  std::string file;
};

void draw_in_terminal(const lab::PlotOptions& options) {
  const Terminal t = terminal(STDOUT_FILENO);
  // A line less than the terminal has: the prompt needs one.
  print(lab::plot_to_terminal(options, std::max(t.columns, lab::min_plot_columns),
                              std::max(t.rows - 1, lab::min_plot_rows), t.colour));
}

void plot(const PlotArguments& arguments) {
  lab::PlotOptions options;
  options.activations = parse_activations(arguments.specs);
  options.orders = parse_integers("order", arguments.orders);
  options.range = lab::parse_range(arguments.range);
  if (arguments.file.empty()) {
    draw_in_terminal(options);
  } else {
    lab::plot_to_file(options, arguments.file);
  }
}

}  // namespace

void add_plot(CLI::App& program) {
  auto* command = program.add_subcommand(
      "plot",
      "Draws activations and their derivatives\n\n"
      "In the terminal, or to a file; through gnuplot.\n\n"
      "Examples:\n"
      "  actfn plot relu gelu mish\n"
      "  actfn plot 'elu(alpha=0.5)' selu --order 1 --range=-3:3 -o elu.svg\n");
  auto arguments = std::make_shared<PlotArguments>();
  command->add_option("SPEC", arguments->specs, "Activations")->required();
  command->add_option("--order", arguments->orders, "0: the value, 1: the first derivative")
      ->type_name("0|1|0,1")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->capture_default_str();
  command->add_option("--range", arguments->range, "The inputs drawn")
      ->type_name("A:B")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->capture_default_str();
  command->add_option("-o,--output", arguments->file, "To a picture, not to the terminal")
      ->type_name("FILE.svg|FILE.png");
  command->callback([arguments] { plot(*arguments); });
}

}  // namespace actfn::app
