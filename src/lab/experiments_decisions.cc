// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/decisions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace actfn::lab::experiments {

Holds is_below(const Interval& interval, double bound) {
  if (interval.high < bound) return Holds::yes;
  return interval.low >= bound ? Holds::no : Holds::undecided;
}

Holds is_above(const Interval& interval, double bound) {
  return is_below({-interval.high, -interval.low}, -bound);
}

Holds inside(const Interval& interval, const Interval& corridor) {
  if (corridor.contains(interval.low) && corridor.contains(interval.high)) return Holds::yes;
  const bool outside = interval.high < corridor.low || interval.low > corridor.high;
  return outside ? Holds::no : Holds::undecided;
}

Holds below_or_above(const Interval& interval, double yes, double no) {
  if (interval.high < yes) return Holds::yes;
  return interval.low > no ? Holds::no : Holds::undecided;
}

Holds opposite(Holds of) {
  if (of == Holds::undecided) return of;
  return of == Holds::yes ? Holds::no : Holds::yes;
}

Holds all_hold(std::span<const Holds> parts) {
  if (std::ranges::find(parts, Holds::no) != parts.end()) return Holds::no;
  const bool open = std::ranges::find(parts, Holds::undecided) != parts.end();
  return open ? Holds::undecided : Holds::yes;
}

PairedDifference difference(std::span<const double> a, std::span<const double> b) {
  std::vector<double> of_a;
  std::vector<double> of_b;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (!std::isfinite(a[i]) || !std::isfinite(b[i])) continue;
    of_a.push_back(a[i]);
    of_b.push_back(b[i]);
  }
  return paired_difference(of_a, of_b);
}

Holds less(std::span<const double> a, std::span<const double> b) {
  return is_below(difference(a, b).interval);
}

std::string with_reach(const PairedDifference& d) {
  return fmt::format("{:.4f} ± {:.4f}", d.mean, d.resolution());
}

}  // namespace actfn::lab::experiments
