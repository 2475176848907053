// SPDX-License-Identifier: Apache-2.0
// What the instruments of inspect have cost.
#pragma once

#include "lab/results.h"

#include <span>
#include <string>

namespace actfn::lab::report {

// "The instruments took 2.1 % of the time of training." Of processor time; without a training in
// seconds.
std::string cost_sentence(std::span<const LayerProbe> probes);
// A row for each instrument.
std::string cost_table(std::span<const LayerProbe> probes);

}  // namespace actfn::lab::report
