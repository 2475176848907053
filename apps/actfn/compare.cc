// SPDX-License-Identifier: Apache-2.0
#include "lab/compare.h"

#include <actfn/error.h>
#include <actfn/target.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <future>
#include <optional>
#include <span>

#include "arguments.h"
#include "commands.h"
#include "compare_arguments.h"
#include "findings.h"
#include "lab/report.h"
#include "lab/results_directory.h"
#include "lab/results_io.h"
#include "lab/results_read.h"
#include "lab/training_name.h"
#include "output.h"
#include "progress.h"
#include "run_arguments.h"
#include "signals.h"

namespace actfn::app {
namespace {

namespace fs = std::filesystem;
using lab::ResultsDirectory;

// What is to be run, and what of it an earlier run has.
struct Job {
  lab::CompareSettings settings;
  std::vector<lab::EpochResult> earlier;
  std::vector<lab::LayerProbe> probes;  // of what is earlier
  std::vector<fs::path> continued;
};

// All runs in the directory with the settings of the one that began last.
Job continued_job(const ResultsDirectory& results) {
  Job job;
  std::vector<fs::path> directories = results.earlier_runs();
  std::ranges::reverse(directories);
  for (const fs::path& directory : directories) {
    const auto run = lab::read_run(directory);
    if (!run) continue;
    const lab::CompareSettings& settings = run->comparison.settings;
    if (job.continued.empty()) job.settings = settings;
    if (!lab::difference(job.settings, settings).empty()) continue;
    lab::widen(job.settings, settings);
    lab::unite(job.earlier, lab::rows_for(job.settings, *run));
    lab::unite(job.probes, lab::probes_for(job.settings, *run));
    job.continued.push_back(directory);
  }
  if (!job.continued.empty()) return job;
  throw std::runtime_error(
      fmt::format("[compare] there is no run to go on with in {}", results.directory().string()));
}

Job widened_job(const ResultsDirectory& results, const CompareArguments& arguments) {
  Job job = continued_job(results);
  lab::CompareSettings more;
  for (const std::string& name : arguments.given) {
    if (name == "--activations") more.activations = parse_nonlinearities(arguments.activations);
    if (name == "--seeds") more.seeds = parse_seeds(arguments.seeds);
  }
  lab::widen(job.settings, more);
  return job;
}

Job job_of(const ResultsDirectory& results, const CompareArguments& arguments,
           const std::optional<lab::CompareSettings>& fresh) {
  Job job;
  if (fresh) {
    job.settings = *fresh;
  } else {
    job = arguments.add ? widened_job(results, arguments) : continued_job(results);
  }
  share_cores(arguments, job.settings);
  return job;
}

lab::Watch watch_of(const lab::Plan& plan, ResultsDirectory& results, Progress& progress) {
  return {[&](const lab::EpochResult& epoch) {
            results.add(epoch);
            progress.epoch_done(epoch);
          },
          [&](const lab::EpochResult& epoch) { results.add(epoch); },
          [&](const lab::Training& t, const std::string& weights) {
            results.save(lab::training_name(plan.settings, t.activation, t.seed, t.lr), weights);
          },
          [&](std::span<const lab::LayerProbe> probes) { results.add(probes); }};
}

// Runs the trainings in the background and draws until they are done.
lab::Comparison run(const lab::Plan& plan, const Job& job, const data::Dataset& data,
                    ResultsDirectory& results) {
  const lab::CompareSettings& s = plan.settings;
  std::vector<lab::Live> live(static_cast<std::size_t>(s.jobs));
  Progress progress(plan, live);
  std::stop_source stop;
  const lab::Watch watch = watch_of(plan, results, progress);
  auto result = std::async(std::launch::async, [&] {
    return lab::compare(plan, data, live, stop.get_token(), watch, job.earlier, job.probes);
  });
  lab::Comparison comparison = wait_for(
      std::move(result), stop, [&] { progress.redraw(); },
      [&] {
        progress.say("Stopping. Finished epochs are kept; press Ctrl-C again to end at once.");
      });
  progress.finish();
  return comparison;
}

void keep(const lab::Comparison& comparison, ResultsDirectory& results) {
  const lab::Findings found = lab::findings(comparison);
  results.finish(comparison, lab::report_html(comparison, found, lab::json(comparison)));
  print(findings_text(comparison, found) +
        fmt::format("\n{:.1f} s. Report: {}\n", comparison.seconds, results.report().string()));
  const lab::CompareSettings& s = comparison.settings;
  if (s.save) {
    print(fmt::format("Weights of each training's {} epoch: {}\n",
                      s.validation > 0 ? "best" : "last", results.weights().string()));
  }
  if (s.tensorboard) print(fmt::format("TensorBoard: {}\n", results.tensorboard().string()));
}

int compare(const CompareArguments& arguments) {
  if (arguments.out == "") throw Error("[compare] --out must be a directory, got ''");
  const bool goes_on = arguments.resume || arguments.add;
  std::optional<lab::CompareSettings> fresh;
  if (goes_on) {
    require_few_options(arguments);
  } else {
    fresh = settings_of(arguments);
    lab::Plan{*fresh};  // wrong settings show before anything is done
  }
  target();  // a wrong ACTFN_TARGET, too
  std::optional<data::Dataset> data;
  if (fresh) {
    data = read_data(*fresh);
    lab::require_data(*fresh, *data);
  }
  using Start = ResultsDirectory::Start;
  ResultsDirectory results(arguments.out ? fs::path(*arguments.out) : dated_directory("compare"),
                           !arguments.out ? Start::fresh
                           : goes_on      ? Start::any
                                          : Start::empty);
  const Job job = job_of(results, arguments, fresh);
  const lab::Plan plan(job.settings);
  if (!data) data = read_data(job.settings);
  results.begin(plan.settings, job.continued);
  listen_to_signals();
  const lab::Comparison result = run(plan, job, *data, results);
  stop_listening();
  if (!result.epochs.empty()) {
    keep(result, results);
  } else {
    note("actfn: stopped before the first epoch was finished; nothing is kept\n");
  }
  return result.interrupted ? kSignalled + received_signal() : 0;
}

}  // namespace

void add_compare(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand(
      "compare",
      "Trains a network with each function on Fashion-MNIST, or on data of your own\n\n"
      "Writes results.csv, results.json, probes.csv and report.html. Until it ends, the rows of\n"
      "finished epochs are in unfinished, and results of an earlier run stay as they are.\n"
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
    exit_code = compare(*arguments);
  });
}

}  // namespace actfn::app
