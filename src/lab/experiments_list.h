// SPDX-License-Identifier: Apache-2.0
// The list of experiments, which the build makes from the files of lab/experiments/.
#pragma once

#include "lab/experiment.h"

#include <vector>

namespace actfn::lab::experiments {

std::vector<Experiment> all();

}  // namespace actfn::lab::experiments
