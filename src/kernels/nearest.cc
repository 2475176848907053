// SPDX-License-Identifier: Apache-2.0
#include "kernels/nearest.h"

#include "kernels/type.h"

#include <algorithm>
#include <cmath>

namespace actfn::kernels {
namespace {

constexpr std::size_t kAtOnce = 64;

// f(x) from y, its value in float64.
float rounded(const Deciding& by, const void* f, double x, double y) {
  for (const Exception& e : by.exceptions) {
    if (static_cast<double>(e.x) == x && by.is_default(f)) return e.y;
  }
  return rounded_once(y, by.side == nullptr ? 0 : by.side(f, x));
}

}  // namespace

void nearest_by_pairs(const Deciding& by, const void* f, const float* x, float* y, std::size_t n) {
  double wide[kAtOnce], values[kAtOnce];
  for (std::size_t i = 0; i < n; i += kAtOnce) {
    const std::size_t count = std::min(kAtOnce, n - i);
    for (std::size_t k = 0; k < count; ++k) wide[k] = static_cast<double>(x[i + k]);
    by.of_doubles(f, wide, values, count);
    for (std::size_t k = 0; k < count; ++k) {
      y[i + k] = std::isnan(values[k]) ? canonical(static_cast<float>(values[k]))
                                       : rounded(by, f, wide[k], values[k]);
    }
  }
}

void decide(const Deciding& by, const void* f, const double* x, const double* below, double* y,
            std::size_t n) {
  double arguments[kAtOnce], values[kAtOnce];
  std::size_t places[kAtOnce];
  std::size_t count = 0;
  const auto finish = [&] {
    by.of_doubles(f, arguments, values, count);
    for (std::size_t k = 0; k < count; ++k) {
      y[places[k]] = static_cast<double>(rounded(by, f, arguments[k], values[k]));
    }
    count = 0;
  };
  for (std::size_t i = 0; i < n; ++i) {
    if (static_cast<float>(y[i]) == static_cast<float>(below[i]) || std::isnan(x[i])) continue;
    arguments[count] = x[i];
    places[count++] = i;
    if (count == kAtOnce) finish();
  }
  if (count != 0) finish();
}

}  // namespace actfn::kernels
