// SPDX-License-Identifier: Apache-2.0
// What results of 16 bits are held to.
#pragma once

#include "elements.h"

#include <algorithm>
#include <cmath>

namespace actfn::testing {

constexpr double kMaxUlps = 0.51;  // 0.5 would be the nearest number

// Infinity counts as the number that would follow the largest.
template <class T>
double finite(double x) {
  const double end = std::ldexp(1.0, 2 - kLeastExponent<T>);
  return std::clamp(x, -end, end);
}

// Whether `got` is the nearest number to `want`, or almost; `slack` is absolute.
template <class T>
bool agrees(T got, double want, double slack = 0) {
  const auto y = static_cast<double>(float{got});
  if (std::isnan(y) || std::isnan(want)) return std::isnan(y) == std::isnan(want);
  const double unit = spacing<T>(std::min(std::abs(want), largest<T>()));
  return std::abs(finite<T>(y) - finite<T>(want)) <= kMaxUlps * unit + slack;
}

}  // namespace actfn::testing
