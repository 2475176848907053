// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include "commands.h"
#include "compare_arguments.h"
#include "comparison_run.h"
#include "findings.h"
#include "lab/report.h"
#include "lab/results_directory.h"
#include "lab/results_io.h"
#include "output.h"

namespace actfn::app {
namespace {

void keep_report(const lab::Comparison& comparison, lab::ResultsDirectory& results) {
  const lab::Findings found = lab::findings(comparison);
  results.finish(comparison, lab::report_html(comparison, found, lab::json(comparison)),
                 lab::report_figures(found));
  print(findings_text(comparison, found) +
        fmt::format("\n{:.1f} s. Report: {}\n", comparison.seconds, results.report().string()));
  const lab::CompareSettings& s = comparison.settings;
  if (s.save) {
    print(fmt::format("Weights of each training's {} epoch: {}\n",
                      s.validation > 0 ? "best" : "last", results.weights().string()));
  }
  if (s.tensorboard) print(fmt::format("TensorBoard: {}\n", results.tensorboard().string()));
}

}  // namespace

void add_compare(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand(
      "compare",
      "Trains a network with each function on Fashion-MNIST, or on data of your own\n\n"
      "Writes results.csv, results.json, probes.csv, report.html and figures. Until it ends, the\n"
      "rows of finished epochs are in unfinished, and results of an earlier run stay as they are.\n"
      "docs/compare.md describes the files.\n\n"
      "Examples:\n"
      "  actfn compare\n"
      "  actfn compare --activations 'relu,elu(alpha=0.5),selu' --seeds 5 --out elu\n"
      "  actfn compare --out elu --add --activations mish --seeds 10\n"
      "  actfn compare --data iris.csv --label species --hidden 32 --epochs 50\n"
      "  actfn compare --activations 'prelu,rrelu,swiglu' --match parameters\n"
      "  actfn compare --network cnn --activations relu,gelu,mish\n"
      "  actfn compare --network transformer --data recall --activations relu,gelu,swiglu\n"
      "  actfn compare --hidden 256,64 --init auto --lr 0.0003,0.001,0.003 --seeds 10\n");
  auto arguments = std::make_shared<CompareArguments>();
  add_compare_options(*command, *arguments);
  command->callback([command, arguments, &exit_code] {
    for (const CLI::Option* option : command->get_options()) {
      if (option->count() > 0) arguments->given.push_back(option->get_name());
    }
    exit_code = run_comparison(*arguments, keep_report);
  });
}

}  // namespace actfn::app
