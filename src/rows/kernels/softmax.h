// SPDX-License-Identifier: Apache-2.0
// Softmax, log_softmax and their relatives. Each takes the fastest kernels that suit the row.
#if defined(ACTFN_ROWS_KERNELS_SOFTMAX_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_SOFTMAX_H_
#undef ACTFN_ROWS_KERNELS_SOFTMAX_H_
#else
#define ACTFN_ROWS_KERNELS_SOFTMAX_H_
#endif

#include "rows/kernels/log_softmax_single.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

using rows::Scale;
using rows::Stores;

template <class T>
HWY_NOINLINE void SoftmaxForward(const Scale& scale, const T* x, T* y, std::size_t n,
                                 Stores stores) {
  if constexpr (sizeof(T) == 4) {
    if (scale.is_one() && SingleSoftmax(x, y, n, stores)) return;
    if (TemperedSoftmax(scale, x, y, n, stores)) return;
  }
  const double max = RowMaxOf(x, n, scale.sign);
  if (!IsFinite(max)) return rows::write_special(kProbability, scale.sign, max, x, y, n);
  WideShares(scale, max, SumLessOne(scale, max, x, n), 1, x, y, n);
}

template <class T>
HWY_NOINLINE void SoftmaxBackward(const Scale& scale, const T* y, const T* dy, T* dx, std::size_t n,
                                  Stores stores) {
  if constexpr (sizeof(T) == 4) {
    if (scale.is_one() ? SingleSoftmaxBackward(y, dy, dx, n, stores)
                       : TemperedSoftmaxBackward(scale.factor(), y, dy, dx, n, stores))
      return;
  }
  BackwardByMean({1, Denominator::one, scale.factor()}, y, dy, dx, n);
}

template <class T>
HWY_NOINLINE void LogSoftmaxForward(const Scale& scale, const T* x, T* y, std::size_t n,
                                    Stores stores) {
  if constexpr (sizeof(T) == 4) {
    if (scale.is_one() && SingleLogSoftmax(x, y, n, stores)) return;
    if (TemperedLogSoftmax(scale, x, y, n, stores)) return;
  }
  const double max = RowMaxOf(x, n, scale.sign);
  if (!IsFinite(max)) return rows::write_special(kLogarithm, scale.sign, max, x, y, n);
  WideLogSoftmax(scale, max, x, y, n);
}

template <class T>
HWY_NOINLINE void LogSoftmaxBackward(const Scale& scale, const T* y, const T* dy, T* dx,
                                     std::size_t n, Stores stores) {
  if constexpr (sizeof(T) == 4) {
    if (SingleLogBackward(scale.factor(), y, dy, dx, n, stores)) return;
  }
  BackwardOfLog(scale, y, dy, dx, n);
}

// log(sum_j e^x_j)
template <class T>
HWY_NOINLINE T LogSumExp(const T* x, std::size_t n) {
  if constexpr (sizeof(T) == 4) {
    float y = 0;
    if (SingleLogSumExp(x, &y, n)) return y;
  }
  const double max = RowMaxOf(x, n, 1);
  if (!IsFinite(max)) return static_cast<T>(max);
  const Pair<1> log = LogOfSum(SumLessOne({}, max, x, n));
  return static_cast<T>(FirstOf(Round(Pair<1>(max) + log)));
}

// y = weight softmax(x)
HWY_NOINLINE void WeightedSoftmax(const double* x, double weight, double* y, std::size_t n) {
  const double max = RowMaxOf(x, n, 1);
  if (IsFinite(max) && IsFinite(weight)) {
    return WideShares({}, max, SumLessOne({}, max, x, n), weight, x, y, n);
  }
  SoftmaxForward(Scale(), x, y, n, Stores::cached);
  for (std::size_t i = 0; i < n; ++i) y[i] = kernels::canonical(y[i] * weight);
}

// sum_j (1 - e^(x_j - max)) over the `count` unmasked entries, in the arithmetic of N. Of the
// entries that are -inf, the masked ones do not count, and each other one adds 1.
template <class N, class T>
HWY_NOINLINE Pair<1> SumOfGaps(double max, const T* x, std::size_t n, std::size_t count) {
  const Distance<N> distance = {1, max, N(1)};
  RunningSums gaps;
  // The padding is the maximum itself: it adds 0.
  ForVectors(x, n, static_cast<T>(max), [&](std::size_t i, const T* at) HWY_ATTR {
    const N d = distance(at);
    const auto is_gap = And(LoadLanes<Wide1>(at) > -kInfinity, Leading(d) < 0);
    gaps.Add(i, SelectOrZero(is_gap, -Expm1OfDistance(d)));
  });
  const auto none = static_cast<T>(-kInfinity);
  const std::size_t finite = n - rows::count_of(x, none, n);
  return gaps.Total() + Pair<1>(static_cast<double>(count - finite));
}

// log(mean_j e^x_j) = max - log(1 + gaps / sum), where gaps = count - sum. Nothing cancels in the
// quotient or in the logarithm.
HWY_INLINE Pair<1> MaxLessLog(double max, const Pair<1>& gaps, const Pair<1>& sum) {
  return Pair<1>(max) - LogOfSum(gaps / sum);
}

// Where the maximum and the logarithm cancel, the sums need more digits than results of type T.
template <class T>
HWY_NOINLINE T LogMeanExp(const T* x, std::size_t n, std::size_t count) {
  const double max = RowMaxOf(x, n, 1);
  if (!IsFinite(max)) return static_cast<T>(max);
  const auto entries = static_cast<double>(count);
  const Pair<1> sum = Pair<1>(1) + SumLessOne({}, max, x, n);
  const bool few_large = FirstOf(sum.hi) < 0.5 * entries;
  const Pair<1> gaps = few_large ? Pair<1>(entries) - sum : SumOfGaps<WideOf<T>>(max, x, n, count);
  Pair<1> y = MaxLessLog(max, gaps, sum);
  if (sizeof(T) < 8 && std::abs(FirstOf(y.hi)) < 0x1p-6 * std::abs(max)) {
    const Pair<1> precise = SumOfGaps<Pair<1>>(max, x, n, count);
    y = MaxLessLog(max, precise, Pair<1>(entries) - precise);
  }
  return static_cast<T>(FirstOf(Round(y)));
}

// A row's maximum and sum with its sink as one more entry. The row's own maximum may be -inf.
struct Sink {
  double max;            // of the row and the sink
  Pair<1> sum_less_one;  // the sum of e^(x_j - max) and e^(sink - max), less 1

  template <class T>
  static HWY_INLINE Sink Of(double sink, double max, const T* x, std::size_t n) {
    const double larger = std::max(sink, max);
    const Pair<1> sum = SumLessOne({}, larger, x, n);
    return {larger, sum + (max > sink ? Unscaled(Weight(sink, larger)) : Pair<1>(1))};
  }
  // e^(sink - max)
  static HWY_INLINE ScaledPair<1> Weight(double sink, double max) {
    return ExpOfPair(Pair<1>::Sum(Wide1(sink), Wide1(-max)));
  }
};

// Returns false, and writes nothing, where the row does not suit.
[[maybe_unused]] HWY_NOINLINE bool SingleSoftmax1(double sink, const float* x, float* y,
                                                  std::size_t n, Stores stores) {
  const double max = FastRowMaxOf(x, n);
  const double larger = std::max(sink, max);
  if (!IsFinite(max) || !InReach(larger)) return false;
  const ScaledExp e(larger);
  const double weight = FirstOf(ExpDown(Wide1(sink - larger)));
  const double unit = FirstOf(ExpDown(Wide1(larger - e.power * std::numbers::ln2)));
  StoredShares(e, weight * unit * kScale, x, y, n, HintsFor(stores, n),
               static_cast<float>(-kInfinity));
  return true;
}

template <class T>
HWY_NOINLINE void Softmax1Forward(double sink, const T* x, T* y, std::size_t n, Stores stores) {
  if constexpr (sizeof(T) == 4) {
    if (n <= kMaxStored && SingleSoftmax1(sink, x, y, n, stores)) return;
  }
  const double max = RowMaxOf(x, n, 1);
  if (!IsFinite(max)) return rows::write_special(kProbability, 1, max, x, y, n);
  const Sink with = Sink::Of(sink, max, x, n);
  WideShares({}, with.max, with.sum_less_one, 1, x, y, n);
}

// The gradient by the sink: -p sum(y dy), where p is the sink's own probability.
[[maybe_unused]] HWY_NOINLINE double Softmax1BySink(double sink, const double* x, const double* dy,
                                                    std::size_t n) {
  const double max = RowMaxOf(x, n, 1);
  if (max != max) return max;
  if (!IsFinite(max)) return 0;  // either y or the sink's probability is 0
  const Sink with = Sink::Of(sink, max, x, n);
  const Pair<1> inverse = Pair<1>(1) / (Pair<1>(1) + with.sum_less_one);
  const auto distance = DistanceOf<double>({}, with.max);
  RunningSums products;
  ForVectors(x, n, -kInfinity, [&](std::size_t i, const double* at) HWY_ATTR {
    const Pair<1> d = distance(at);
    double gradients[kWideStep] = {};
    std::copy_n(dy + i, std::min(kWideStep, n - i), gradients);
    const Wide1 y = Round(ExpOfDistance(d) * ScaledPair<1>(inverse));
    products.Add(i, SelectOrZero(And(y > 0, d.hi > -kInfinity), y * LoadLanes<Wide1>(gradients)));
  });
  const Wide1 p = Round(Sink::Weight(sink, with.max) * ScaledPair<1>(inverse));
  return FirstOf(-p * products.Total().hi);
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
