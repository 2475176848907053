// SPDX-License-Identifier: Apache-2.0
// How a budget becomes rungs and a final.
#pragma once

#include "lab/choose.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace actfn::lab {

// `made` describes the candidates: lab/runner.h. Throws Error where the budget is too little.
ChoosePlan plan_of(const ChooseSettings& settings, const Comparison& made);

// What it takes on a machine of the speed that the settings have, in minutes.
double counted_minutes(const ChoosePlan& plan, double speed);

// "rung 2", "final": of plan.rungs[index], and of the final behind them.
std::string stage_name(const ChoosePlan& plan, std::size_t index);
// For files: "2", "final".
std::string stage_key(const ChoosePlan& plan, std::uint64_t seed);

}  // namespace actfn::lab
