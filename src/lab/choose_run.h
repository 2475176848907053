// SPDX-License-Identifier: Apache-2.0
// Runs the rungs and the final of a plan.
#pragma once

#include "data/dataset.h"
#include "lab/choose.h"

#include <cstddef>
#include <functional>
#include <span>
#include <stop_token>

namespace actfn::lab {

// Calls come one at a time, from any thread.
struct ChooseWatch {
  // A stage: which one, how many of its trainings an earlier run has finished, and with how many
  // samples they train.
  std::function<void(std::size_t stage, std::size_t earlier, std::size_t samples)> began;
  // All rows of a finished training, by epoch.
  std::function<void(std::size_t stage, std::span<const EpochResult> rows)> finished;
};

// Describes the candidates and the data, for plan_of(). Throws Error where they do not fit.
Comparison describe_candidates(const ChooseSettings& settings, const data::Dataset& data);

// Trains what `earlier` does not have, `jobs` trainings at a time; the results are the same for any
// number. Rungs never see the test part: only the trainings of the final are tested, and nothing
// is chosen any more when they are. When `stop` is requested, the rest is dropped and the result
// says so.
Choice choose(const ChooseSettings& settings, const ChoosePlan& plan, const data::Dataset& data,
              int jobs, const std::stop_token& stop, const ChooseWatch& watch,
              std::span<const EpochResult> earlier = {});

// The first `pairs` of a rung, the best first, but of each of the first `activations` activations
// at least one.
std::vector<Standing> survivors(std::span<const Standing> rung, std::size_t pairs,
                                std::size_t activations);

// Whether the rows, by epoch, are all that a training of the stage has.
bool is_whole(std::span<const EpochResult> rows, const Stage& stage, bool tested);

}  // namespace actfn::lab
