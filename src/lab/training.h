// SPDX-License-Identifier: Apache-2.0
// One training: an activation and a seed.
#pragma once

#include "lab/parts.h"
#include "lab/plan.h"

#include <atomic>
#include <functional>
#include <span>
#include <stop_token>
#include <string>

namespace actfn::lab {

inline constexpr std::size_t kEvaluationBatch = 500;

// What a training is doing, for others to look at while it runs.
struct Live {
  std::atomic<int> training{-1};  // its index in the comparison; -1: none
  std::atomic<int> epoch{0};      // from 1
  std::atomic<int> batches{1};    // of an epoch
  std::atomic<int> batch{0};      // done in this epoch
  std::atomic<double> loss{0};    // mean over the epoch so far
  std::atomic<double> accuracy{0};
};

// Receives rows from any thread, one at a time.
struct Watch {
  std::function<void(const EpochResult&)> finished;  // every finished epoch, from epoch 0 on
  // The best one again, with its test score, before the last one finishes.
  std::function<void(const EpochResult&)> amended;
  // The weights that the test is about, as nn::weights_file() gives them, before the last epoch
  // finishes; where settings.save asks for them.
  std::function<void(const Training&, const std::string&)> saved = {};
  // All hidden layers of an epoch, before it finishes; where settings.probe asks for them, and
  // somebody listens.
  std::function<void(std::span<const LayerProbe>)> probed = {};
};

// Whether the row, or the probe, is of this training.
bool belongs(const auto& row, const Training& training) {
  return row.activation == training.activation && row.seed == training.seed &&
         row.lr == training.lr;
}

// Builds the network, trains and evaluates it epoch by epoch. The test part is used once the
// training has ended: after the last epoch, and with the parameters of the best one; without a test
// part, nothing is tested. Stops within a batch when asked to, and then drops the epoch it is in:
// false.
bool train(const Plan& plan, const nn::Architecture& network, const Training& training,
           const Parts& parts, Live& live, const std::stop_token& stop, const Watch& watch);

}  // namespace actfn::lab
