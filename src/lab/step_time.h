// SPDX-License-Identifier: Apache-2.0
// What a training step costs, measured so that other load on the machine hits all alike.
#pragma once

#include "lab/training.h"

#include <span>
#include <stop_token>
#include <vector>

namespace actfn::lab {

// Steps of all networks in turn, some of each, over and over; each on this thread alone. Changes
// nothing but the time. Empty where `stop` is requested, or where all networks together would take
// more than 2 GiB.
std::vector<StepTime> measure_steps(const Plan& plan, const Comparison& made, const Parts& parts,
                                    const std::stop_token& stop);

}  // namespace actfn::lab
