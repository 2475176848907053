// SPDX-License-Identifier: Apache-2.0
// Softmax and its gradient in float32 arithmetic: for float32 rows without temperature or sign,
// whose largest entry is at most kMaxMagnitude in magnitude. rows/kernels/softmax.h handles other
// rows.
//
// Relative error of a probability: 2^-27 by e^x in the term, 2^-27 by e^x in the sum, 0.45 * 2^-24
// by the summation, 2^-24 by rounding the term, and 2^-24 by rounding its product with 1 / sum.
#if defined(ACTFN_ROWS_KERNELS_SOFTMAX_SINGLE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_SOFTMAX_SINGLE_H_
#undef ACTFN_ROWS_KERNELS_SOFTMAX_SINGLE_H_
#else
#define ACTFN_ROWS_KERNELS_SOFTMAX_SINGLE_H_
#endif

#include "rows/kernels/scaled_sum.h"
#include "rows/kernels/table.h"

#include <cmath>

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// The longest row whose terms e^x are stored between the passes: its 256 KiB stay in L2. Of longer
// rows the terms are computed twice.
constexpr std::size_t kMaxStored = std::size_t{1} << 16;

// Prefetches the next row where L2 holds a row but L1 does not. For shorter and for longer rows the
// hardware's own prefetching is enough.
CacheHints HintsFor(rows::Stores stores, std::size_t n) {
  return {stores == rows::Stores::non_temporal, n > kPart && n <= kMaxStored ? n : 0};
}

// With three arrays, non-temporal stores measured slower for short rows.
CacheHints GradientHintsFor(rows::Stores stores, std::size_t n) {
  return n <= kPart ? CacheHints() : HintsFor(stores, n);
}

HWY_NOINLINE void StoredSoftmax(double max, const float* x, float* y, std::size_t n,
                                const CacheHints& hints) {
  alignas(kCacheLine) float buffer[kPart];
  float* const terms = hints.non_temporal && n <= kPart ? buffer : y;
  const double sum = SumOf<true>(ScaledExp(max), x, terms, n, hints.prefetch_distance);
  if (sum != sum) {
    std::fill_n(y, n, std::numeric_limits<float>::quiet_NaN());
    return;
  }
  const FloatPair inverse(1 / sum);
  Write<1>({terms}, y, n, 0.0F, {hints.non_temporal, 0}, [&](const auto& from) HWY_ATTR {
    const auto at = LoadLanes<Floats>(from[0]);
    return Fma(at, inverse.hi, at * inverse.lo);
  });
}

HWY_NOINLINE void RecomputedSoftmax(const RowSum& total, const float* x, float* y, std::size_t n,
                                    const CacheHints& hints) {
  const FloatPair inverse(1 / total.sum);
  const ScaledExp e(total.max, inverse.RelativeRest());
  Write<1>({x}, y, n, 0.0F, hints, [&](const auto& from) HWY_ATTR {
    const auto parts = e(from[0]);
    return Fma(parts.unit, parts.tail, parts.unit) * inverse.hi;
  });
}

// Returns false, and writes nothing, where the row does not suit.
[[maybe_unused]] bool SingleSoftmax(const float* x, float* y, std::size_t n, rows::Stores stores) {
  const CacheHints hints = HintsFor(stores, n);
  if (n <= kMaxStored) {
    const double max = FastRowMaxOf(x, n);
    if (InReach(max)) StoredSoftmax(max, x, y, n, hints);
    return InReach(max);
  }
  const RowSum total = RowSumOf<false>(x, n, hints);
  if (total.fits) RecomputedSoftmax(total, x, y, n, hints);
  return total.fits;
}

// sum(y dy): 8 products are added in float32, such sums in double. Error: 6 * 2^-24 * sum |y dy|.
HWY_NOINLINE double ProductOf(const float* y, const float* dy, std::size_t n) {
  constexpr std::size_t kSteps = 4;
  constexpr std::size_t kStretch = kSteps * 8 * kSums;
  Sums<double> all;
  for (std::size_t i = 0; i < n; i += kStretch) {
    Sums<float, kSteps> products;
    const auto body = [&](const auto& from, const auto&, const Place& place) HWY_ATTR {
      products.At(place) =
          Fma(LoadLanes<Floats>(from[0]), LoadLanes<Floats>(from[1]), products.At(place));
    };
    ForRow<float, 2, 0, kSteps>({y + i, dy + i}, {}, std::min(kStretch, n - i), 0.0F, body);
    AddTo(all, products);
  }
  return all.Total();
}

// dx = y (dy - sum(y dy)). Returns false, and writes nothing, where the sum is not finite.
[[maybe_unused]] bool SingleSoftmaxBackward(const float* y, const float* dy, float* dx,
                                            std::size_t n, rows::Stores stores) {
  const double sum = ProductOf(y, dy, n);
  const FloatPair mean(sum);
  if (!(std::abs(sum) <= static_cast<double>(std::numeric_limits<float>::max()))) return false;
  Write<2>({y, dy}, dx, n, 0.0F, GradientHintsFor(stores, n), [&](const auto& from) HWY_ATTR {
    const auto at = LoadLanes<Floats>(from[0]);
    const auto centred = LoadLanes<Floats>(from[1]) - mean.hi;
    return Fma(at, centred, -(at * mean.lo));
  });
  return true;
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
