// SPDX-License-Identifier: Apache-2.0
// What trainings cost, counted from their operations: the same at each run and on every machine.
#pragma once

#include "lab/choose.h"

namespace actfn::lab {

// The machine that the counts stand for has so many cores, of a usual laptop.
inline constexpr int kCountedCores = 2;

// In seconds of one core.
struct Cost {
  double setup = 0;   // of a training: its first weights, their hashes
  double step = 0;    // on a whole batch
  double sample = 0;  // when it is evaluated
};

Cost cost_of(const nn::Architecture& network, int batch);

// Of one training in a stage, in seconds of one core. Without `tested`, nothing is tested.
double training_seconds(const Cost& cost, const Stage& stage, const SampleCounts& samples,
                        int batch, bool tested);

}  // namespace actfn::lab
