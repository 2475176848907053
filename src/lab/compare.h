// SPDX-License-Identifier: Apache-2.0
// Trainings of several activations with several seeds, side by side.
#pragma once

#include "data/dataset.h"
#include "lab/training.h"

#include <functional>
#include <span>
#include <stop_token>

namespace actfn::lab {

// Runs all of the plan, settings.jobs at a time, each training with the bits that it has alone.
// Each place of `live` shows one job. `done` gets every finished epoch, one at a time, from any
// thread. When `stop` is requested, the rest is dropped and the result says so.
Comparison compare(const Plan& plan, const data::Dataset& data, std::span<Live> live,
                   const std::stop_token& stop,
                   const std::function<void(const EpochResult&)>& done);

}  // namespace actfn::lab
