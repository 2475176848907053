// SPDX-License-Identifier: Apache-2.0
// What numbers and their intervals say of claims.
#pragma once

#include "lab/experiment.h"
#include "lab/statistics.h"

#include <initializer_list>
#include <span>
#include <string>

namespace actfn::lab::experiments {

inline Holds holds(bool yes) { return yes ? Holds::yes : Holds::no; }

// Whether what an interval is of lies below the bound, or above it: yes where all of it does, no
// where none does. An interval without numbers says nothing.
Holds is_below(const Interval& interval, double bound = 0);
Holds is_above(const Interval& interval, double bound = 0);
// Whether it is in a corridor.
Holds inside(const Interval& interval, const Interval& corridor);
// Whether it is below one bound: yes; or above another, which is higher: no.
Holds below_or_above(const Interval& interval, double yes, double no);

Holds opposite(Holds of);
// yes where all of them hold, no where one does not.
Holds all_hold(std::span<const Holds> parts);
inline Holds all_hold(std::initializer_list<Holds> parts) {
  return all_hold(std::span(parts.begin(), parts.size()));
}

// a - b, where a[i] and b[i] share a seed. Seeds for which one is not finite are left out.
PairedDifference difference(std::span<const double> a, std::span<const double> b);
// Whether a is less than b.
Holds less(std::span<const double> a, std::span<const double> b);

// "0.312 ± 0.004", half of the interval.
std::string with_reach(const PairedDifference& d);

}  // namespace actfn::lab::experiments
