// SPDX-License-Identifier: Apache-2.0
// The definitions of elementwise activations on jets.
#pragma once

#include <actfn/activation.h>

#include "oracle/jet.h"

namespace actfn::oracle {

// Reference of src/activations/NAME.h. Parameters are taken as they are.
Jet reference(const Activation& f, const Jet& x);

}  // namespace actfn::oracle
