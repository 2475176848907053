// SPDX-License-Identifier: Apache-2.0
// The properties of a function of one number in words.
#pragma once

#include "lab/function_facts.h"

#include <string>
#include <vector>

namespace actfn::lab {

std::vector<Fact> curve_facts(const Activation& f, const Properties& p,
                              std::optional<double> pytorch_gain);

// "[−0.16997, ∞)".
std::string range_text(const Properties& p);

}  // namespace actfn::lab
