// SPDX-License-Identifier: Apache-2.0
#include "kernels/entries.h"

template class actfn::ListRef<actfn::Activation>;
template class actfn::GradientRef<actfn::Activation>;
