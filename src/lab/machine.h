// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/results.h"

namespace actfn::lab {

// This machine, now.
Machine this_machine();

}  // namespace actfn::lab
