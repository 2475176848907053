// SPDX-License-Identifier: Apache-2.0
#include "lab/near_root.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace actfn::lab {

bool has_root_between(double left, double right, double want) {
  const double beside = std::max(std::abs(left), std::abs(right));
  const bool crosses = (left < 0) != (right < 0) && beside > 4 * std::abs(want);
  return crosses || std::min(std::abs(left), std::abs(right)) > 2 * std::abs(want);
}

bool Roots::excuses(double x, double want, double error) const {
  if (order_ == kernels::Order::value || !std::isfinite(x) || !std::isfinite(error)) return false;
  constexpr std::size_t kSteps = 17;
  std::array<double, 2 * kSteps> around;
  constexpr double kMost = std::numeric_limits<double>::max();
  double about = std::abs(x) / 8;  // a root's neighbourhood is as wide as the root is large
  for (auto* at = around.begin(); at != around.end(); about /= 8) {
    *at++ = std::max(x - about, -kMost);
    *at++ = std::min(x + about, kMost);
  }
  kernels_.map(order_, around.data(), around.data(), around.size());
  for (auto* at = around.begin(); at != around.end(); at += 2) {
    const double left = at[0];
    const double right = at[1];
    const double beside = std::max(std::abs(left), std::abs(right));
    const double size = std::max(1.0, beside);
    if (has_root_between(left, right, want) && error <= bound_ * size) return true;
  }
  return false;
}

}  // namespace actfn::lab
