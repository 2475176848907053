// SPDX-License-Identifier: Apache-2.0
// What inspect has measured, in sentences for people who never heard of it. Figures and
// consequences are computed from the data of the last look.
#pragma once

#include "lab/report_inside_means.h"

#include <optional>
#include <span>
#include <string>

namespace actfn::lab::report {

// The hidden layers of one activation's networks, from the first on; there is at least one.
using Depth = std::span<const InsideLayer>;

std::string gradient_sentence(Depth layers);
std::string ratio_sentence(Depth layers);
std::string change_sentence(Depth layers);
std::string dead_sentence(Depth layers);
std::string saturated_sentence(Depth layers);
std::string mean_sentence(Depth layers);
std::string variance_sentence(Depth layers);
std::string rank_sentence(Depth layers);
std::string pre_activation_sentence(Depth layers);

// What is wrong with the network, in a few words: "layer 1 learns nothing". Nothing: it looks well.
std::optional<std::string> ailment(Depth layers);
// The sentences to begin with: that on gradients, and what else is wrong.
std::vector<std::string> diagnosis(Depth layers);

// "3e-9", "0.25"
std::string rough_number(double value);

}  // namespace actfn::lab::report
