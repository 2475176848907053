// SPDX-License-Identifier: Apache-2.0
// Log_softmax, its gradient and logsumexp in float32 arithmetic, for the rows that softmax_single.h
// takes too.
#if defined(ACTFN_ROWS_KERNELS_LOG_SOFTMAX_SINGLE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_LOG_SOFTMAX_SINGLE_H_
#undef ACTFN_ROWS_KERNELS_LOG_SOFTMAX_SINGLE_H_
#else
#define ACTFN_ROWS_KERNELS_LOG_SOFTMAX_SINGLE_H_
#endif

#include "rows/kernels/gradients.h"
#include "rows/kernels/softmax_single.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// log(sum_j e^(z_j - max)) = log(1 + others), where `others` are the terms of all entries but one
// largest: summed by themselves, they may be small. The row has no NaN.
HWY_NOINLINE double LogOfShares(const Tempered& z, const float* x, std::size_t n, float none) {
  // What is left out is below e^-139 for each entry: a probability of 0 in float32.
  const TemperedExp e(z, 140, 40, 0);
  constexpr double kLeast = 0x1p-101;
  const auto largest = static_cast<float>(z.sign * z.largest);
  Sums<double> sums, equals;
  Sums<float> rests;
  const auto body = [&](const auto& from, const auto&, const Place& place) HWY_ATTR {
    const auto parts = e(from[0]);
    const auto hi = Fma(parts.unit, parts.tail, parts.unit);
    const auto equal = LoadLanes<Floats>(from[0]) == Floats(largest);
    const auto counts = hi > kLeast;
    const auto rest = SelectOrZero(counts, Fma(parts.unit, parts.tail, parts.unit - hi));
    rests.At(place) = rests.At(place) + Select(equal, 0, rest);
    sums.At(place) = sums.At(place) + ToDoubles(Select(equal, 0, SelectOrZero(counts, hi)));
    equals.At(place) = equals.At(place) + ToDoubles(SelectOrZero(equal, Floats(1)));
  };
  ForRow<float, 1, 0>({x}, {}, n, none, body);
  const double unit =
      FirstOf(ExpDown(Wide1(z.max - ScaledExp::PowerOf(z.max) * std::numbers::ln2)));
  const double others =
      (equals.Total() - 1) + (sums.Total() + rests.Total()) / (unit * (kScale * 0x1p40));
  return FirstOf(Log1pOf(Wide1(others)));
}

// log(sum 2^(power - kScaleBits)). Where it exceeds the maximum by 1/4 or more, the error is at
// most one float32 ulp of that difference.
HWY_NOINLINE double RoughLogSumExp(double sum, int power) {
  return FirstOf(LogOf(Wide1(sum * (1 / kScale)))) + power * std::numbers::ln2;
}
constexpr double kRough = 0.25;

// y = z - log_sum_exp
HWY_NOINLINE void WriteLogs(const Tempered& z, double log_sum_exp, const float* x, float* y,
                            std::size_t n, const CacheHints& hints) {
  const FloatPair subtrahend(log_sum_exp);
  const Tempered own = z;  // so that writing y does not seem to change it
  Write<1>({x}, y, n, 0.0F, hints, [&](const auto& from) HWY_ATTR {
    const auto at = own.Quotient(own.Difference(from[0]));
    // Where z overflows, its low part is NaN.
    const auto rest = Select(at.hi < -0x1p100, 0, at.lo - subtrahend.lo);
    return (at.hi - subtrahend.hi) + rest;
  });
}

// The same for a row without NaN, where log_sum_exp may be next to the largest z.
HWY_NOINLINE bool WriteSmallLogs(const rows::Scale& scale, const Tempered& z, const float* x,
                                 float* y, std::size_t n, const CacheHints& hints) {
  const Tempered from_largest(scale, z.largest, z.largest);
  if (!from_largest.Fits()) return false;
  WriteLogs(from_largest, LogOfShares(z, x, n, MaskedEntry(scale)), x, y, n, hints);
  return true;
}

// Returns false, and writes nothing, where the row does not suit.
[[maybe_unused]] bool SingleLogSoftmax(const float* x, float* y, std::size_t n,
                                       rows::Stores stores) {
  const CacheHints hints = HintsFor(stores, n);
  const RowSum total = RowSumOf(x, n, hints);
  if (!total.fits) return false;
  const double log_sum_exp = RoughLogSumExp(total.sum, ScaledExp::PowerOf(total.max));
  if (log_sum_exp - total.max < kRough) {
    return WriteSmallLogs({}, Tempered({}, total.max), x, y, n, hints);
  }
  const FloatPair subtrahend(log_sum_exp);
  // Two roundings; the first difference is exact where x and the subtrahend nearly cancel.
  Write<1>({x}, y, n, 0.0F, hints, [&](const auto& from) HWY_ATTR {
    return (LoadLanes<Floats>(from[0]) - subtrahend.hi) - subtrahend.lo;
  });
  return true;
}

// Of sign x / temperature. Returns false, and writes nothing, where the row does not suit.
[[maybe_unused]] HWY_NOINLINE bool TemperedLogSoftmax(const rows::Scale& scale, const float* x,
                                                      float* y, std::size_t n,
                                                      rows::Stores stores) {
  const Tempered z = TemperedRow(scale, x, n);
  if (!z.Fits()) return false;
  const CacheHints hints = HintsFor(stores, n);
  const TemperedExp e(z);
  const double sum = TemperedSumOf(e, x, n, MaskedEntry(scale));
  if (sum != sum) return false;
  const double log_sum_exp = RoughLogSumExp(sum, e.e.power);
  if (log_sum_exp - z.max < kRough) return WriteSmallLogs(scale, z, x, y, n, hints);
  WriteLogs(z, log_sum_exp, x, y, n, hints);
  return true;
}

// Returns false, and writes nothing, where the row does not suit.
[[maybe_unused]] bool SingleLogSumExp(const float* x, float* y, std::size_t n) {
  const RowSum total = RowSumOf(x, n, {});
  if (!total.fits) return false;
  const Tempered z({}, total.max);
  *y = static_cast<float>(total.max + LogOfShares(z, x, n, static_cast<float>(-kInfinity)));
  return true;
}

// SumOfUnmasked(), two steps at a time.
HWY_NOINLINE double SingleSumOfUnmasked(const float* y, const float* dy, std::size_t n) {
  Sums<double, 2> sums;
  const auto none = static_cast<float>(-kInfinity);
  const auto body = [&](const auto& from, const auto&, const Place& place) HWY_ATTR {
    const auto masked = LoadLanes<Floats>(from[0]) == Floats(-kInfinity);
    const auto unmasked = Select(masked, 0, LoadLanes<Floats>(from[1]));
    sums.At(place) = sums.At(place) + ToDoubles(unmasked);
  };
  ForRow<float, 2, 0, 2>({y, dy}, {}, n, none, body);
  return sums.Total();
}

// Not inlined: the code is long and rarely used.
HWY_NOINLINE void LogGradientInto(float* dx, const float* y, const float* dy, double sum,
                                  double factor) {
  StoreResults(LogGradient<float>(y, dy, sum, factor), dx);
}

// dx = factor (dy - e^y sum(dy)). Where y is near 0, BackwardOfLog()'s formula in double takes
// over. Returns false, and writes nothing, where |sum(dy)| is neither 0 nor between 2^-40 and
// 2^100, or the factor is out of reach.
[[maybe_unused]] bool SingleLogBackward(double factor, const float* y, const float* dy, float* dx,
                                        std::size_t n, rows::Stores stores) {
  if (!(factor <= 0x1p60 && factor >= 0x1p-60)) return false;
  const FloatPair times(factor);
  const double sum = SingleSumOfUnmasked(y, dy, n);
  if (!(std::abs(sum) < 0x1p100 && (sum == 0 || std::abs(sum) > 0x1p-40))) return false;
  const FloatPair share(sum * (1 / kScale));
  const ScaledExp e(0, -128, share.RelativeRest());  // y <= 0; below -128, e^y counts as e^-128
  const auto none = static_cast<float>(-kInfinity);
  const auto value = [&](const auto& from) HWY_ATTR {
    const auto at = LoadLanes<Floats>(from[0]);
    const auto parts = e(from[0]);
    // unit * tail, less than 5 percent of e^y, is subtracted after unit: its rounding errors are
    // small.
    const auto rough = NegFma(parts.unit, share.hi, LoadLanes<Floats>(from[1]));
    const auto gradient = NegFma(parts.unit * share.hi, parts.tail, rough);
    auto out = Select(at == Floats(-kInfinity), 0, gradient);
    if (factor != 1) out = Fma(out, times.hi, out * times.lo);
    const auto below = at <= -0.3;  // false for y near 0, and for NaN
    if (HWY_UNLIKELY(!AllOf(below))) {
      float exact[kRowLanes];
      LogGradientInto(exact, from[0], from[1], sum, factor);
      out = Select(below, out, LoadLanes<Floats>(exact));
    }
    return out;
  };
  Write<2>({y, dy}, dx, n, none, GradientHintsFor(stores, n), value);
  return true;
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
