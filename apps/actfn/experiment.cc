// SPDX-License-Identifier: Apache-2.0
#include <actfn/error.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <future>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "catalogue/error.h"
#include "catalogue/quote.h"
#include "commands.h"
#include "lab/experiment_page.h"
#include "lab/experiment_run.h"
#include "output.h"

namespace actfn::app {
namespace {

constexpr int kMostSeeds = 1000;
constexpr int kMostJobs = 1024;
constexpr const char* kUsualDirectory = "experiments";

volatile std::sig_atomic_t g_signal = 0;
void remember_signal(int signal) { g_signal = signal; }

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
    const std::string kind = e.method == lab::Method::exact      ? "exact"
                             : e.method == lab::Method::networks ? "networks"
                                                                 : "timed";
    table.add({e.name, kind, e.claim});
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

void require_range(const char* option, int value, int most) {
  if (value >= 1 && value <= most) return;
  throw Error(fmt::format("[experiment] {} must be from 1 to {}, got {}", option, most, value));
}

int jobs_of(const ExperimentArguments& a) {
  if (a.jobs > 0) return a.jobs;
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
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
    if (!terminal_.is_terminal) return;
    note("\r\x1b[K" + cut(fmt::format("{} of {} trials, {}", done_, all_, e.name),
                          static_cast<std::size_t>(terminal_.columns)));
  }
  void judged(const lab::ExperimentResult& r) {
    if (terminal_.is_terminal) note("\r\x1b[K");
    note(fmt::format("{:<22} {:<10} {}\n", r.experiment->name,
                     lab::to_string(r.outcome.verdict.holds), r.outcome.verdict.finding));
  }

 private:
  Terminal terminal_ = terminal(2);
  std::size_t all_ = 0;
  std::size_t done_ = 0;
};

std::vector<lab::ExperimentResult> run(const ExperimentArguments& a,
                                       lab::ExperimentDirectory& directory) {
  const auto experiments = chosen(a.names);
  Lines lines;
  std::stop_source stop;
  const lab::ExperimentWatch watch{
      [&](std::size_t all, std::size_t earlier) { lines.began(all, earlier); },
      [&](const lab::Experiment& e, const lab::Trial&) { lines.finished(e); },
      [&](const lab::ExperimentResult& r) { lines.judged(r); }};
  auto results = std::async(std::launch::async, [&] {
    return lab::run_experiments(experiments, a.scope, jobs_of(a), directory, stop.get_token(),
                                watch);
  });
  while (results.wait_for(std::chrono::milliseconds(100)) != std::future_status::ready) {
    if (g_signal == 0 || stop.stop_requested()) continue;
    stop.request_stop();
    note("\nStopping. Finished trials are kept: go on with --resume.\n");
  }
  return results.get();
}

int experiment(const ExperimentArguments& a) {
  if (a.names == std::vector<std::string>{"list"}) {
    print_list();
    return 0;
  }
  if (a.names.empty()) throw Error("[experiment] name experiments, all, or list");
  require_range("--seeds", a.scope.seeds, kMostSeeds);
  if (a.jobs != 0) require_range("--jobs", a.jobs, kMostJobs);
  if (a.out.empty()) throw Error("[experiment] --out must be a directory, got ''");
  chosen(a.names);  // wrong names show before anything is made
  lab::ExperimentDirectory directory(a.out, a.scope, a.resume);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, remember_signal);
  const auto results = run(a, directory);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, SIG_DFL);
  directory.write_page(lab::experiment_page(results, a.scope));
  print(fmt::format("Page: {}\n", directory.page().string()));
  return g_signal == 0 ? 0 : kSignalled + g_signal;
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
  add(*command, "--jobs", a->jobs, "Trials that run at the same time; by default\none per core",
      "N");
  add(*command, "--out", a->out, "The directory of the results", "DIR")->capture_default_str();
  command->add_flag("--resume", a->resume, "Goes on with what the directory has");
  command->callback([a, &exit_code] { exit_code = experiment(*a); });
}

}  // namespace actfn::app
