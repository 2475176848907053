// SPDX-License-Identifier: Apache-2.0
// Softmax and its gradient in float32 arithmetic, for float32 rows: without temperature or sign, if
// the largest entry is at most kMaxMagnitude in magnitude, and by tempered_exp.h. Other rows are
// left to rows/kernels/softmax.h.
//
// Relative error of a probability: 2^-27 by e^x in the term, 2^-27 by e^x in the sum, 0.45 * 2^-24
// by the summation, 2^-24 by rounding the term, and 2^-24 by rounding its product with 1 / sum.
#if defined(ACTFN_ROWS_KERNELS_SOFTMAX_SINGLE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_SOFTMAX_SINGLE_H_
#undef ACTFN_ROWS_KERNELS_SOFTMAX_SINGLE_H_
#else
#define ACTFN_ROWS_KERNELS_SOFTMAX_SINGLE_H_
#endif

#include "rows/kernels/tempered_exp.h"

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

// y = e(x) / (sum of e(x) + more), with the terms stored between the passes.
template <class E>
HWY_NOINLINE void StoredShares(const E& e, double more, const float* x, float* y, std::size_t n,
                               const CacheHints& hints, float none) {
  alignas(kCacheLine) float buffer[kPart];
  float* const terms = hints.non_temporal && n <= kPart ? buffer : y;
  const double sum = more + SumOf<true>(e, x, terms, n, hints.prefetch_distance, none);
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

// y = e(x) inverse; e has the correction inverse.RelativeRest().
template <class E>
HWY_NOINLINE void WriteShares(const E& e, const FloatPair& inverse, const float* x, float* y,
                              std::size_t n, const CacheHints& hints) {
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
    if (!InReach(max)) return false;
    StoredShares(ScaledExp(max), 0, x, y, n, hints, static_cast<float>(-kInfinity));
    return true;
  }
  const RowSum total = RowSumOf(x, n, hints);
  if (!total.fits) return false;
  const FloatPair inverse(1 / total.sum);
  WriteShares(ScaledExp(total.max, inverse.RelativeRest()), inverse, x, y, n, hints);
  return true;
}

// Of sign x / temperature. Returns false, and writes nothing, where the row does not suit.
[[maybe_unused]] HWY_NOINLINE bool TemperedSoftmax(const rows::Scale& scale, const float* x,
                                                   float* y, std::size_t n, rows::Stores stores) {
  const Tempered z = TemperedRow(scale, x, n);
  if (!z.Fits()) return false;
  const CacheHints hints = HintsFor(stores, n);
  const float none = MaskedEntry(scale);
  const TemperedExp e(z);
  if (n <= kMaxStored) {
    StoredShares(e, 0, x, y, n, hints, none);
    return true;
  }
  const FloatPair inverse(1 / TemperedSumOf(e, x, n, none));
  WriteShares(TemperedExp(z, inverse.RelativeRest()), inverse, x, y, n, hints);
  return true;
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

// The same in double, without an error to speak of.
HWY_NOINLINE double PreciseProductOf(const float* y, const float* dy, std::size_t n) {
  Sums<double, 2> all;
  const auto body = [&](const auto& from, const auto&, const Place& place) HWY_ATTR {
    const auto at = ToDoubles(LoadLanes<Floats>(from[0]));
    all.At(place) = Fma(at, ToDoubles(LoadLanes<Floats>(from[1])), all.At(place));
  };
  ForRow<float, 2, 0, 2>({y, dy}, {}, n, 0.0F, body);
  return all.Total();
}

HWY_INLINE bool IsFloat(double sum) {
  return std::abs(sum) <= static_cast<double>(std::numeric_limits<float>::max());
}

// dx = y (dy - sum(y dy)). Returns false, and writes nothing, where the sum is not finite.
[[maybe_unused]] bool SingleSoftmaxBackward(const float* y, const float* dy, float* dx,
                                            std::size_t n, rows::Stores stores) {
  const double sum = ProductOf(y, dy, n);
  if (!IsFloat(sum)) return false;
  const FloatPair mean(sum);
  Write<2>({y, dy}, dx, n, 0.0F, GradientHintsFor(stores, n), [&](const auto& from) HWY_ATTR {
    const auto at = LoadLanes<Floats>(from[0]);
    const auto centred = LoadLanes<Floats>(from[1]) - mean.hi;
    return Fma(at, centred, -(at * mean.lo));
  });
  return true;
}

// The same times the factor, with a sum in double. Returns false, and writes nothing, where the sum
// is not finite or the factor is out of reach.
[[maybe_unused]] bool TemperedSoftmaxBackward(double factor, const float* y, const float* dy,
                                              float* dx, std::size_t n, rows::Stores stores) {
  const double size = std::abs(factor);
  if (!(size <= 0x1p100 && size >= 0x1p-100)) return false;
  const double sum = PreciseProductOf(y, dy, n);
  if (!IsFloat(sum)) return false;
  const FloatPair mean(sum);
  // A power of two multiplies y, which may be subnormal, and what is left of the factor the rest.
  const double of_y = size >= 1 ? NormalPower(std::ilogb(size)) : 1;
  const FloatPair of_rest(factor / of_y);
  Write<2>({y, dy}, dx, n, 0.0F, GradientHintsFor(stores, n), [&](const auto& from) HWY_ATTR {
    const auto at = LoadLanes<Floats>(from[0]) * of_y;
    const auto rest = Times(LoadLanes<Floats>(from[1]) - mean.hi,
                            SinglePair<kSingleVectors>{of_rest.hi, of_rest.lo});
    return Fma(at, rest.hi, at * (rest.lo - mean.lo * of_rest.hi));
  });
  return true;
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
