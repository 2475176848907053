// SPDX-License-Identifier: Apache-2.0
#include "lab/compare.h"

#include "lab/runner.h"
#include "lab/step_time.h"

#include <chrono>

namespace actfn::lab {

Comparison compare(const Plan& plan, const data::Dataset& data, std::span<Live> live,
                   const std::stop_token& stop, const Watch& watch,
                   std::span<const EpochResult> earlier, std::span<const LayerProbe> probes) {
  const Parts parts = parts_of(data, plan.settings.validation);
  Comparison result = description_of(plan, data, parts);
  const auto begin = std::chrono::steady_clock::now();
  Runner runner(plan, result, parts, stop, watch);
  runner.know(earlier, probes);
  runner.run(0, plan.looking, live);
  if (!runner.stopped()) {
    runner.choose_rates();
    runner.know(earlier, probes);
    runner.run(plan.looking, plan.trainings.size(), live);
  }
  result.epochs = runner.rows();
  result.probes = runner.probes();
  result.interrupted = !runner.all_ended();
  if (!result.interrupted) result.steps = measure_steps(plan, result, parts, stop);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

}  // namespace actfn::lab
