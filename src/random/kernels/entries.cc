// SPDX-License-Identifier: Apache-2.0
#include "kernels/entries.h"
#include "random/kernels/table.h"

template class actfn::ListRef<actfn::RandomActivation>;
template class actfn::ListRef<actfn::RandomRow>;
