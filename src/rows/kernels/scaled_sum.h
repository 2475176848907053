// SPDX-License-Identifier: Apache-2.0
// The largest entry of a float32 row, and the sum of its scaled exponentials.
#if defined(ACTFN_ROWS_KERNELS_SCALED_SUM_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_SCALED_SUM_H_
#undef ACTFN_ROWS_KERNELS_SCALED_SUM_H_
#else
#define ACTFN_ROWS_KERNELS_SCALED_SUM_H_
#endif

#include "rows/kernels/non_temporal.h"
#include "rows/kernels/scaled_exp.h"

#include <bit>

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// Elements of a part of a row: 16 KiB, which stay in L1 between the passes over a part.
constexpr std::size_t kPart = std::size_t{1} << 12;

// RowMaxOf() without a test for NaN: if the row has one, the result is any number.
template <int sign = 1>
HWY_NOINLINE double FastRowMaxOf(const float* x, std::size_t n) {
  constexpr std::size_t kSteps = HWY_NATIVE_FMA ? 4 : 1;
  Floats max[kSteps][kSums / kRowLanes];
  for (auto& step : max) {
#pragma GCC unroll kUnrolled
    for (Floats& part : step) part = -kInfinity;
  }
  const auto lowest = static_cast<float>(-sign * kInfinity);
  const auto body = [&](const auto& from, const auto&, const Place& at) HWY_ATTR {
    Floats& so_far = max[at.step][at.part];
    const auto x_here = LoadLanes<Floats>(from[0]);
    so_far = Max(sign < 0 ? -x_here : x_here, so_far);
  };
  ForRow<float, 1, 0, kSteps>({x}, {}, n, lowest, body);
  Floats all = -kInfinity;
  for (const auto& step : max) {
#pragma GCC unroll kUnrolled
    for (const Floats& part : step) all = Max(part, all);
  }
  return MaxOfLanes<float>(all);
}

// The sum of e(x); NaN where x has one. With kStoreTerms, e(x) is also written to `terms`.
//
// A term is unit + unit * tail. `coarse` adds up the units. It starts above any unit, so that the
// rounding error of an addition is known exactly: it goes to `fine`, together with unit * tail,
// which is at most 4.5 percent of the unit. `fine` is added to doubles after 8 additions. Relative
// error of the sum, without e's own: 0.45 * 2^-24.
// `none` is what a masked entry reads.
template <bool kStoreTerms, class E>
ACTFN_PIECE double SumOf(const E& e, const float* x, float* terms, std::size_t n,
                         std::size_t prefetch_distance = 0,
                         float none = static_cast<float>(-kInfinity)) {
  constexpr std::size_t kStretch = 2 * 8 * kSums;
  constexpr double kStart = 2 * kScale;
  Sums<float> coarse(kStart);
  Sums<double> sums;
  for (std::size_t i = 0; i < n; i += kStretch) {
    Sums<float, 2> fine;
    const auto body = [&](const auto& from, const auto& to, const Place& place) HWY_ATTR {
      const auto parts = e(from[0]);
      Prefetch(from[0], prefetch_distance);
      Floats& sum = coarse.At({0, place.part});
      const Floats before = sum;
      sum = sum + parts.unit;
      const Floats lost = parts.unit - (sum - before);
      fine.At(place) = fine.At(place) + Fma(parts.unit, parts.tail, lost);
      if constexpr (kStoreTerms) StoreLanes(Fma(parts.unit, parts.tail, parts.unit), to[0]);
    };
    const std::size_t here = std::min(kStretch, n - i);
    if constexpr (kStoreTerms) {
      ForRow<float, 1, 1, 2>({x + i}, {terms + i}, here, none, body);
    } else {
      ForRow<float, 1, 0, 2>({x + i}, {}, here, none, body);
    }
    AddTo(sums, fine);
  }
  const Sums<float>& all = coarse;
#pragma GCC unroll kUnrolled
  for (std::size_t part = 0; part < kSums / kRowLanes; ++part) {
    Doubles& sum = sums.At({0, part});
    sum = sum + (ToDoubles(all.OfAllSteps(part)) - kStart);
  }
  return sums.Total();
}

struct RowSum {
  bool fits = true;  // whether the row suits the kernels in float32; if not, the rest is undefined
  double max = -kInfinity;
  double sum = 0;  // of e^x 2^(kScaleBits - K), K = ScaledExp::PowerOf(max)
};

// 2^n, where that is a normal number.
HWY_INLINE double NormalPower(int n) {
  return std::bit_cast<double>((std::int64_t{1023} + n) << 52);
}

// Takes the row in parts, each with its own maximum: both passes over a part find it in the cache.
HWY_NOINLINE RowSum RowSumOf(const float* x, std::size_t n, const CacheHints& hints) {
  RowSum all;
  constexpr bool kStoreTerms = !HWY_NATIVE_FMA;  // in vain, but the function is there anyway
  float terms[kStoreTerms ? kPart : 1];
  // The next part is prefetched.
  const std::size_t prefetch_distance = hints.non_temporal && n > kPart ? kPart : 0;
  int power = 0;
  for (std::size_t i = 0; i < n; i += kPart) {
    const std::size_t here = std::min(kPart, n - i);
    const double max = FastRowMaxOf(x + i, here);
    if (max == -kInfinity && RowMaxOf(x + i, here, 1) == max) continue;
    if (!InReach(max)) return {false};
    const ScaledExp e(max);
    const double sum = SumOf<kStoreTerms>(e, x + i, terms, here, prefetch_distance);
    const int larger = all.sum == 0 ? e.power : std::max(power, e.power);
    if (all.sum != 0) all.sum *= NormalPower(power - larger);
    all.sum += sum * NormalPower(e.power - larger);
    all.max = std::max(all.max, max);
    power = larger;
  }
  all.fits = all.sum > 0;  // false for NaN too
  return all;
}

// A double as the sum of two floats.
struct FloatPair {
  double leading, rest;
  Floats hi, lo;

  HWY_INLINE explicit FloatPair(double a)
      : leading(static_cast<double>(static_cast<float>(a))),
        rest(a - leading),
        hi(leading),
        lo(rest) {}
  HWY_INLINE double RelativeRest() const { return leading == 0 ? 0 : rest / leading; }
};

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
