// SPDX-License-Identifier: Apache-2.0
// Functions of rows by their definitions, in long double.
#pragma once

#include <actfn/rows.h>

#include <vector>

namespace actfn::oracle {

using Row = std::vector<long double>;

// Of a finite row that is not empty.
Row row_values(const RowActivation& f, const Row& x);
long double row_value(const RowReduction& f, const Row& x);

// Values may be off by so much where that is more than 2 ulp.
double row_tolerance(const RowActivation& f);

}  // namespace actfn::oracle
