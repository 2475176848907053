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

// log(sum_j e^(x_j - max)). Negative where the sum is so near 1 that double-double is needed.
HWY_NOINLINE double SingleLogSum(const RowSum& total) {
  if (!total.fits) return -1;
  // The sum contains the largest entry's term as e() gives it, not exactly 1. Subtracting that term
  // leaves the sum of the others without an error.
  float max[kRowLanes];
  std::fill_n(max, kRowLanes, static_cast<float>(total.max));
  const auto parts = ScaledExp(total.max)(max);
  const auto hi = Fma(parts.unit, parts.tail, parts.unit);
  const auto one = ToDoubles(hi) + ToDoubles(Fma(parts.unit, parts.tail, parts.unit - hi));
  double ones[kRowLanes];
  StoreLanes(one, ones);
  const double others = (total.sum - ones[0]) / ones[0];
  return others < 0x1p-10 ? -1 : FirstOf(Log1pOf(Wide1(others)));
}

// log(sum_j e^x_j). Where it exceeds the maximum by 1/4 or more, the error is at most one float32
// ulp of that difference.
HWY_NOINLINE double RoughLogSumExp(const RowSum& total) {
  const int power = ScaledExp::PowerOf(total.max);
  return FirstOf(LogOf(Wide1(total.sum * (1 / kScale)))) + power * std::numbers::ln2;
}

// Returns false, and writes nothing, where the row does not suit.
[[maybe_unused]] bool SingleLogSoftmax(const float* x, float* y, std::size_t n,
                                       rows::Stores stores) {
  const CacheHints hints = HintsFor(stores, n);
  const RowSum total = RowSumOf<false>(x, n, hints);
  if (!total.fits) return false;
  double log_sum_exp = RoughLogSumExp(total);
  if (log_sum_exp - total.max < 0.25) {
    const double log = SingleLogSum(RowSumOf<true>(x, n, {}));
    if (log < 0) return false;
    log_sum_exp = total.max + log;
  }
  const FloatPair subtrahend(log_sum_exp);
  // Two roundings; the first difference is exact where x and the subtrahend nearly cancel.
  Write<1>({x}, y, n, 0.0F, hints, [&](const auto& from) HWY_ATTR {
    return (LoadLanes<Floats>(from[0]) - subtrahend.hi) - subtrahend.lo;
  });
  return true;
}

// Returns false, and writes nothing, where the row does not suit.
[[maybe_unused]] bool SingleLogSumExp(const float* x, float* y, std::size_t n) {
  const RowSum total = RowSumOf<true>(x, n, {});
  const double log = SingleLogSum(total);
  if (log >= 0) *y = static_cast<float>(total.max + log);
  return log >= 0;
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
HWY_NOINLINE void LogGradientInto(float* dx, const float* y, const float* dy, double sum) {
  StoreResults(LogGradient<float>(y, dy, sum, 1), dx);
}

// dx = dy - e^y sum(dy). Where y is near 0, BackwardOfLog()'s formula in double takes over. Returns
// false, and writes nothing, where |sum(dy)| is neither 0 nor between 2^-40 and 2^100.
[[maybe_unused]] bool SingleLogBackward(const float* y, const float* dy, float* dx, std::size_t n,
                                        rows::Stores stores) {
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
    const auto below = at <= -0.3;  // false for y near 0, and for NaN
    if (HWY_UNLIKELY(!AllOf(below))) {
      float exact[kRowLanes];
      LogGradientInto(exact, from[0], from[1], sum);
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
