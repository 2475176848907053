// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/report_inside_means.h"

#include <string>

namespace actfn::lab::report {

// The pre-activations of a layer as a small picture: a line for the first look, filled for the last
// one. `caption` is HTML. Empty where no number is finite.
std::string histogram(const InsideLayer& layer, const std::string& caption);

}  // namespace actfn::lab::report
