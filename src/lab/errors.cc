// SPDX-License-Identifier: Apache-2.0
#include "lab/errors.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lab/errors.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <bit>
#include <cmath>
#include <cstdint>

#include "kernels/table.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
using lab::ErrorSum;
using lab::Format;

// Plain loops, which compilers turn into vectors.
HWY_INLINE double PowerOfTwo(std::int64_t exponent) {
  return std::bit_cast<double>((exponent + 1023) << 52);
}

HWY_INLINE double Limit(double x, double most) { return x > most ? most : x < -most ? -most : x; }

// A format's numbers as doubles.
struct Spacings {
  double least, most, overflow;
  std::int64_t digits;
};

HWY_INLINE double Ulps(const Spacings& s, double got, double want) {
  const double g = Limit(got, s.overflow);
  const double w = Limit(want, s.overflow);
  constexpr std::int64_t kExponentBits = std::int64_t{0x7FF} << 52;
  double binade = std::bit_cast<double>(std::bit_cast<std::int64_t>(w) & kExponentBits);
  binade = binade > s.least ? binade : s.least;
  binade = binade < s.most ? binade : s.most;
  // 2^digits / binade
  const std::int64_t inverse = ((s.digits + 2046) << 52) - std::bit_cast<std::int64_t>(binade);
  const double ulps = std::abs(g - w) * std::bit_cast<double>(inverse);
  const double of_nan = (got != got) == (want != want) ? 0 : HUGE_VAL;
  return got != got || want != want ? of_nan : ulps;
}

ErrorSum Errors(const Format& format, const float* got, const double* want, std::size_t n,
                double* ulps) {
  const Spacings s = {PowerOfTwo(format.min_exponent), PowerOfTwo(format.max_exponent),
                      PowerOfTwo(format.max_exponent + 1), format.digits};
  for (std::size_t i = 0; i < n; ++i) {
    ulps[i] = Ulps(s, static_cast<double>(got[i]), want[i]);
  }
  constexpr std::size_t kLanes = 16;  // a fixed number: the order of a sum decides its bits
  double sum[kLanes] = {};
  double max[kLanes] = {};
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (std::size_t k = 0; k < kLanes; ++k) {
      sum[k] += ulps[i + k];
      max[k] = ulps[i + k] > max[k] ? ulps[i + k] : max[k];
    }
  }
  ErrorSum all;
  for (std::size_t k = 0; k < kLanes; ++k) {
    all.sum += sum[k];
    all.max = max[k] > all.max ? max[k] : all.max;
  }
  for (; i < n; ++i) {
    all.sum += ulps[i];
    all.max = ulps[i] > all.max ? ulps[i] : all.max;
  }
  return all;
}

std::size_t CountFalls(const float* y, std::size_t n) {
  std::uint32_t count = 0;
  for (std::size_t i = 1; i < n; ++i) count += y[i] < y[i - 1] ? 1U : 0U;
  return count;
}

}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace actfn::lab {

ErrorSum errors(const Format& format, const float* got, const double* want, std::size_t n,
                double* ulps) {
  static constexpr kernels::PerTarget<decltype(errors)> kAll = ACTFN_PER_TARGET(Errors);
  return kAll.of(kernels::active_target())(format, got, want, n, ulps);
}

std::size_t count_falls(const float* y, std::size_t n) {
  static constexpr kernels::PerTarget<decltype(count_falls)> kAll = ACTFN_PER_TARGET(CountFalls);
  return kAll.of(kernels::active_target())(y, n);
}

}  // namespace actfn::lab
#endif
