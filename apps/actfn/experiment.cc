// SPDX-License-Identifier: Apache-2.0
#include <actfn/error.h>
#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "arguments.h"
#include "commands.h"
#include "lab/experiment_page.h"
#include "lab/experiment_run.h"
#include "output.h"
#include "signals.h"

namespace actfn::app {
namespace {

constexpr int kMostSeeds = 1000;
constexpr const char* kUsualDirectory = "experiments";

struct ExperimentArguments {
  std::vector<std::string> names;
  lab::Scope scope;
  int jobs = 0;  // 0: one for each core
  std::string out = kUsualDirectory;
  bool resume = false;
};

void print_list() {
  Table table({"name", "kind", "claim"});
  for (const lab::Experiment& e : lab::all_experiments()) {
    table.add({e.name, std::string(lab::in_words(e.method)), e.claim});
  }
  print(table.text(3));
}

std::vector<const lab::Experiment*> chosen(const std::vector<std::string>& names) {
  std::vector<const lab::Experiment*> all;
  const auto add = [&](const lab::Experiment& e) {
    if (std::ranges::find(all, &e) == all.end()) all.push_back(&e);
  };
  for (const std::string& name : names) {
    if (name == "all") {
      for (const lab::Experiment& e : lab::all_experiments()) add(e);
    } else {
      add(lab::experiment_named(name));
    }
  }
  return all;
}

void require_seeds(int seeds) {
  if (seeds >= 1 && seeds <= kMostSeeds) return;
  throw Error(fmt::format("[experiment] --seeds must be from 1 to {}, got {}", kMostSeeds, seeds));
}

// On standard error: a line for each verdict; on a terminal also how far it is.
class Lines {
 public:
  void began(std::size_t all, std::size_t earlier) {
    all_ = all;
    done_ = earlier;
    if (earlier > 0) note(fmt::format("{} of {} trials were finished before\n", earlier, all));
  }
  void finished(const lab::Experiment& e) {
    ++done_;
    const Terminal t = drawing_terminal();  // it may have been resized
    if (!t.is_terminal) return;
    note("\r\x1b[K" + cut(fmt::format("{} of {} trials, {}", done_, all_, e.name),
                          static_cast<std::size_t>(t.columns)));
  }
  static void judged(const lab::ExperimentResult& r) {
    if (drawing_terminal().is_terminal) note("\r\x1b[K");
    note(fmt::format("{:<22} {:<10} {}\n", r.experiment->name,
                     lab::to_string(r.outcome.verdict.holds), r.outcome.verdict.finding));
  }

 private:
  std::size_t all_ = 0;
  std::size_t done_ = 0;
};

using Chosen = std::vector<const lab::Experiment*>;

std::vector<lab::ExperimentResult> run(const ExperimentArguments& a, const Chosen& experiments,
                                       lab::ExperimentDirectory& directory) {
  Lines lines;
  std::stop_source stop;
  const lab::ExperimentWatch watch{
      [&](std::size_t all, std::size_t earlier) { lines.began(all, earlier); },
      [&](const lab::Experiment& e, const lab::Trial&) { lines.finished(e); },
      [&](const lab::ExperimentResult& r) { Lines::judged(r); }};
  return wait_for(
      std::async(std::launch::async,
                 [&] {
                   return lab::run_experiments(experiments, a.scope, or_cores(a.jobs), directory,
                                               stop.get_token(), watch);
                 }),
      stop, [] {}, [] { note("\nStopping. Finished trials are kept: go on with --resume.\n"); });
}

int experiment(const ExperimentArguments& a) {
  if (a.names == std::vector<std::string>{"list"}) {
    print_list();
    return 0;
  }
  if (a.names.empty()) throw Error("[experiment] name experiments, all, or list");
  require_seeds(a.scope.seeds);
  require_count("experiment", "--jobs", a.jobs);
  if (a.out.empty()) throw Error("[experiment] --out must be a directory, got ''");
  const auto experiments = chosen(a.names);
  lab::ExperimentDirectory directory(a.out, a.scope, a.resume);
  listen_to_signals();
  const auto results = run(a, experiments, directory);
  stop_listening();
  directory.write_page(lab::experiment_page(results, a.scope));
  print(fmt::format("Page: {}\n", directory.page().string()));
  return results.size() == experiments.size() ? 0 : kSignalled + received_signal();
}

}  // namespace

void add_experiment(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand(
      "experiment",
      "Measures what is said of activations\n\n"
      "Each experiment has a claim, a source and an expected figure. It writes data.csv, figures\n"
      "and verdict.json into a folder of its name, and index.html has all of them. A killed run\n"
      "goes on with --resume; finished trials are not run again.\n\n"
      "Examples:\n"
      "  actfn experiment list\n"
      "  actfn experiment sigmoid-slope vanishing-gradient\n"
      "  actfn experiment all --quick --out quick\n");
  auto a = std::make_shared<ExperimentArguments>();
  command->add_option("NAME", a->names, "Experiments; all; or list, which prints them");
  add(*command, "--seeds", a->scope.seeds, "How many networks of each kind are trained", "N")
      ->capture_default_str();
  command->add_flag("--quick", a->scope.quick, "Fewer and smaller trials");
  add(*command, "--jobs", a->jobs, "Trials at the same time; 0: one per core", "N")
      ->capture_default_str();
  add(*command, "--out", a->out, "The directory of the results", "DIR")->capture_default_str();
  command->add_flag("--resume", a->resume, "Goes on with what the directory has");
  command->callback([a, &exit_code] { exit_code = experiment(*a); });
}

}  // namespace actfn::app
