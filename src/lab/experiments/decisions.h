// SPDX-License-Identifier: Apache-2.0
// What intervals say of claims.
#pragma once

#include "lab/experiment.h"

#include <initializer_list>

namespace actfn::lab::experiments {

// Whether a value exceeds the bound; undecided where its interval has both, or is NaN.
inline Holds above(const Interval& interval, double bound) {
  if (interval.low > bound) return Holds::yes;
  return interval.high <= bound ? Holds::no : Holds::undecided;
}
inline Holds below(const Interval& interval, double bound) {
  if (interval.high < bound) return Holds::yes;
  return interval.low >= bound ? Holds::no : Holds::undecided;
}

// A claim of several parts holds where all of them do, and fails where one does.
inline Holds all_of(std::initializer_list<Holds> parts) {
  Holds all = Holds::yes;
  for (const Holds part : parts) {
    if (part == Holds::no) return Holds::no;
    if (part == Holds::undecided) all = Holds::undecided;
  }
  return all;
}

}  // namespace actfn::lab::experiments
