#include "lab/near_root.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace actfn::lab {

bool Roots::excuses(double x, double want, double error) const {
  if (order_ == kernels::Order::value || !std::isfinite(x) || !std::isfinite(error)) return false;
  constexpr std::size_t kSteps = 8;
  std::array<double, 2 * kSteps> around;
  double about = std::min(std::max(0.2, std::abs(x) * 0x1p-50), std::abs(x) / 2);
  for (auto* at = around.begin(); at != around.end(); about /= 8) {
    *at++ = x - about;
    *at++ = x + about;
  }
  kernels_.map(order_, around.data(), around.data(), around.size());
  for (auto* at = around.begin(); at != around.end(); at += 2) {
    const double left = at[0];
    const double right = at[1];
    const bool crosses = left * right < 0;
    const bool touches = std::min(std::abs(left), std::abs(right)) > 2 * std::abs(want);
    const double size = std::max({1.0, std::abs(left), std::abs(right)});
    if ((crosses || touches) && error <= bound_ * size) return true;
  }
  return false;
}

}  // namespace actfn::lab
