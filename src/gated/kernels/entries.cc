// SPDX-License-Identifier: Apache-2.0
#include "kernels/entries.h"
#include "gated/kernels/definition.h"

template class actfn::ListRef<actfn::Gate>;
