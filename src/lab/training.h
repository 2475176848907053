// SPDX-License-Identifier: Apache-2.0
// One training: an activation and a seed.
#pragma once

#include "data/dataset.h"
#include "lab/plan.h"

#include <atomic>
#include <functional>
#include <optional>
#include <stop_token>

namespace actfn::lab {

inline constexpr std::size_t kEvaluationBatch = 500;

// What a training is doing, for others to look at while it runs.
struct Live {
  std::atomic<int> training{-1};  // its index in the comparison; -1: none
  std::atomic<int> epoch{0};      // from 1
  std::atomic<int> batch{0};      // done in this epoch
  std::atomic<double> loss{0};    // mean over the epoch so far
  std::atomic<double> accuracy{0};
};

// Builds the network, trains and evaluates it epoch by epoch; `done` gets each finished epoch.
// Stops within a batch when asked to, and then drops the epoch it is in and gives no hashes.
std::optional<TrainingHashes> train(const Plan& plan, const nn::Architecture& network,
                                    const Training& training, const data::Dataset& data, Live& live,
                                    const std::stop_token& stop,
                                    const std::function<void(const EpochResult&)>& done);

}  // namespace actfn::lab
