// SPDX-License-Identifier: Apache-2.0
// The first picture: each activation against the best, seed by seed.
#pragma once

#include "lab/report_judgement.h"

#include <string>

namespace actfn::lab::report {

// A row for each contest: the mean difference as a dot, its 95 % interval as a line, every seed as
// a small mark, around a line at 0. Empty where there is no contest over kFewestSeeds seeds.
std::string difference_chart(const Judgement& judgement);

}  // namespace actfn::lab::report
