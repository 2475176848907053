// SPDX-License-Identifier: Apache-2.0
// Sentences about the course of the trainings, and about what is missing. An empty one: nothing to
// say.
#pragma once

#include "lab/report_stats.h"

#include <string>
#include <vector>

namespace actfn::lab::report {

// "relu, gelu and 2 others".
std::string names_of(const std::vector<const Series*>& all);

// Whether its loss came clearly below that of guessing (Comparison::chance), or its errors below
// half of those.
bool learned(const Comparison& comparison, const Series& s);

std::string chance_level(const Comparison& comparison, const Overview& overview);
std::string slow_starter(const std::vector<const Series*>& ranking);
std::string over_fitting(const Overview& overview);
std::string time_taken(const Comparison& comparison);
std::string divergence(const Series& s);
std::vector<std::string> absences(const Overview& overview);

}  // namespace actfn::lab::report
