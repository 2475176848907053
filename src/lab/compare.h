// SPDX-License-Identifier: Apache-2.0
// Trainings of several activations with several seeds, some at a time.
#pragma once

#include "data/dataset.h"
#include "lab/training.h"

#include <functional>
#include <span>
#include <stop_token>

namespace actfn::lab {

// Runs all of the plan, settings.jobs at a time, each training with the bits that it has alone.
// Trainings that `earlier` has to their end are not run again; `probes` are what the probe measured
// of them. Each place of `live` shows one job. `watch` gets rows from any thread, one at a time.
// When `stop` is requested, the rest is dropped and the result says so.
Comparison compare(const Plan& plan, const data::Dataset& data, std::span<Live> live,
                   const std::stop_token& stop, const Watch& watch,
                   std::span<const EpochResult> earlier = {},
                   std::span<const LayerProbe> probes = {});

}  // namespace actfn::lab
