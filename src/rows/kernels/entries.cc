// SPDX-License-Identifier: Apache-2.0
#include "kernels/entries.h"
#include "rows/kernels/table.h"

template class actfn::ListRef<actfn::RowActivation>;
template class actfn::GradientRef<actfn::RowActivation>;
template class actfn::ListRef<actfn::RowReduction>;
template class actfn::GradientRef<actfn::RowReduction>;
