// SPDX-License-Identifier: Apache-2.0
#include "lab/accuracy.h"

#include <cmath>

#include "lab/accuracy_runs.h"

namespace actfn::lab {

std::vector<MeasuredErrors> measure(const AccuracySettings& settings,
                                    std::atomic<double>& progress) {
  if (settings.type == Type::float64) return measure_exact(settings, progress);
  std::vector<MeasuredErrors> all;
  for (const int order : settings.orders) all.push_back(measure_fast(settings, order, progress));
  return all;
}

double exact_ulps(const Format& format, double got, double want, double rest) {
  if (std::isnan(got) || std::isnan(want))
    return std::isnan(got) == std::isnan(want) ? 0 : INFINITY;
  if (std::isinf(want)) return got == want ? 0 : INFINITY;
  // Overflow counts as the next power of two, which float64 has at a quarter of its size alone.
  const int shift = std::abs(want) > 1 ? 2 : 0;
  const double overflow = std::ldexp(1.0, format.max_exponent + 1 - shift);
  const double g = std::clamp(std::ldexp(got, -shift), -overflow, overflow);
  const double w = std::clamp(std::ldexp(want, -shift), -overflow, overflow);
  const int exponent = want == 0 ? format.min_exponent : std::ilogb(want);
  const int spacing =
      std::clamp(exponent, format.min_exponent, format.max_exponent) - format.digits;
  const double more = format.digits == kFloat64.digits ? rest : 0;  // elsewhere next to nothing
  return std::abs(std::ldexp(g - w, shift - spacing) - more);
}

}  // namespace actfn::lab
