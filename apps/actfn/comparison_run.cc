// SPDX-License-Identifier: Apache-2.0
#include "comparison_run.h"

#include <actfn/error.h>
#include <actfn/target.h>
#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <optional>
#include <span>
#include <string_view>

#include "arguments.h"
#include "commands.h"
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

std::string_view command_of(const lab::CompareSettings& settings) {
  return settings.inspect ? "inspect" : "compare";
}

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

void require_same_command(const ResultsDirectory& results, const CompareArguments& arguments,
                          const Job& job) {
  if (job.settings.inspect == arguments.settings.inspect) return;
  throw Error(fmt::format("[compare] {} has what actfn {} has written: go on with that",
                          results.directory().string(), command_of(job.settings)));
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

}  // namespace

int run_comparison(const CompareArguments& arguments, const Keep& keep) {
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
  ResultsDirectory results(
      arguments.out ? fs::path(*arguments.out) : dated_directory(command_of(arguments.settings)),
      !arguments.out ? Start::fresh
      : goes_on      ? Start::any
                     : Start::empty);
  const Job job = job_of(results, arguments, fresh);
  require_same_command(results, arguments, job);
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

}  // namespace actfn::app
