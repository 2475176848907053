// SPDX-License-Identifier: Apache-2.0
#include "lab/report.h"

#include <actfn/error.h>
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "commands.h"
#include "findings.h"
#include "lab/merge.h"
#include "lab/results_directory.h"
#include "lab/results_io.h"
#include "lab/results_read.h"
#include "output.h"

namespace actfn::app {
namespace {

namespace fs = std::filesystem;

struct ReportArguments {
  std::vector<std::string> directories;
  std::optional<std::string> out;
};

lab::StoredRun read(const std::string& directory) {
  auto run = lab::read_run(directory);
  if (run) return std::move(*run);
  throw std::runtime_error(
      fmt::format("[report] {} has no results.csv and results.json of a comparison", directory));
}

void report(const ReportArguments& arguments) {
  std::vector<lab::StoredRun> runs;
  for (const std::string& directory : arguments.directories) runs.push_back(read(directory));
  const lab::Comparison merged = lab::merge(runs);
  using Start = lab::ResultsDirectory::Start;
  lab::ResultsDirectory results(arguments.out.value_or("actfn-report"),
                                arguments.out ? Start::empty : Start::fresh);
  results.begin(merged.settings);
  const lab::Findings found = lab::findings(merged);
  results.finish(merged, lab::report_html(merged, found, lab::json(merged)),
                 lab::report_figures(found));
  print(findings_text(merged, found) + fmt::format("\nReport: {}\n", results.report().string()));
}

}  // namespace

void add_report(CLI::App& program) {
  auto* command = program.add_subcommand(
      "report",
      "Puts comparisons with the same settings together on one page\n\n"
      "Activations and seeds may differ. Writes results.csv, results.json, probes.csv,\n"
      "report.html and figures.\n\n"
      "Examples:\n"
      "  actfn report monday tuesday --out both\n");
  auto arguments = std::make_shared<ReportArguments>();
  command->add_option("DIR", arguments->directories, "Directories of comparisons")
      ->type_name(" ")
      ->required();
  add(*command, "--out", arguments->out,
      "Directory of the results, which must have none\nyet; by default actfn-report", "DIR");
  command->callback([arguments] { report(*arguments); });
}

}  // namespace actfn::app
