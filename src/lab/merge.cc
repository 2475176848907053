// SPDX-License-Identifier: Apache-2.0
#include "lab/merge.h"

#include "lab/networks.h"
#include "lab/report_stats.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <tuple>

namespace actfn::lab {
namespace {

void require_alike(const StoredRun& first, const StoredRun& run) {
  const auto refuse = [&](const std::string& why) {
    throw std::runtime_error(fmt::format("[report] {}: {}", run.directory.string(), why));
  };
  if (!run.described) refuse("has no results.json: the run was killed; go on with it first");
  const std::string other = difference(first.comparison.settings, run.comparison.settings);
  if (!other.empty()) refuse(fmt::format("{} as in {}", other, first.directory.string()));
  const SampleCounts& a = first.comparison.samples;
  const SampleCounts& b = run.comparison.samples;
  const bool same_form = first.comparison.form == run.comparison.form;
  if (same_form &&
      std::tie(a.train, a.validation, a.test) == std::tie(b.train, b.validation, b.test))
    return;
  refuse(fmt::format("was made from other data than {}", first.directory.string()));
}

// Times of several runs can be compared only where one run took them.
void take_steps(Comparison& merged, const StoredRun& run) {
  if (run.comparison.steps.size() < merged.settings.activations.size()) return;
  if (!merged.steps.empty()) return;
  for (StepTime step : run.comparison.steps) {
    const std::string& name = run.comparison.settings.activations[step.activation].name;
    const auto& all = merged.settings.activations;
    step.activation =
        static_cast<std::size_t>(std::ranges::find(all, name, &Nonlinearity::name) - all.begin());
    merged.steps.push_back(step);
  }
}

bool is_complete(const Comparison& c) {
  const report::Overview overview = report::summarize(c);
  return overview.finished == overview.planned;
}

}  // namespace

Comparison merge(std::span<const StoredRun> runs) {
  Comparison merged = runs.front().comparison;
  for (const StoredRun& run : runs) {
    require_alike(runs.front(), run);
    widen(merged.settings, run.comparison.settings);
  }
  merged.settings.save = false;  // weights stay where they are
  merged.settings.inspect = false;
  merged.settings.tensorboard = std::ranges::any_of(
      runs, [](const StoredRun& run) { return run.comparison.settings.tensorboard; });
  merged.epochs.clear();
  merged.probes.clear();
  merged.steps.clear();
  merged.seconds = 0;
  for (const StoredRun& run : runs) {
    unite(merged.epochs, rows_for(merged.settings, run));
    unite(merged.probes, probes_for(merged.settings, run));
    take_steps(merged, run);
    merged.seconds += run.comparison.seconds;
  }
  sort_rows(merged.epochs, merged.settings);
  for (LayerProbe& probe : merged.probes) probe.more = std::nullopt;  // inspect has a page for it
  sort_rows(merged.probes, merged.settings);
  merged.networks = networks_of(merged.settings, merged.form, merged.outputs);
  merged.inits = inits_of(merged.settings);
  merged.interrupted = !is_complete(merged);
  return merged;
}

}  // namespace actfn::lab
