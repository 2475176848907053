// Softmax and its logarithm, forward and backward, by the fastest kernels that a row fits.
#if defined(ACTFN_ROWS_KERNELS_SOFTMAX_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_SOFTMAX_H_
#undef ACTFN_ROWS_KERNELS_SOFTMAX_H_
#else
#define ACTFN_ROWS_KERNELS_SOFTMAX_H_
#endif

#include "rows/kernels/gradients.h"
#include "rows/kernels/softmax_single.h"

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
  }
  const Most most = MostOf(x, n, scale.sign);
  if (!most.IsFinite()) return Degenerate(scale, Form::probability, most, x, y, n);
  WideShares(scale, most.value, SumBesideOne(scale, most.value, x, n), 1, x, y, n);
}

template <class T>
HWY_NOINLINE void SoftmaxBackward(const Scale& scale, const T* y, const T* dy, T* dx, std::size_t n,
                                  Stores stores) {
  if constexpr (sizeof(T) == 4) {
    if (scale.is_one() && SingleSoftmaxBackward(y, dy, dx, n, stores)) return;
  }
  BackwardByMean({1, Whole::one, scale.factor()}, y, dy, dx, n);
}

template <class T>
HWY_NOINLINE void LogSoftmaxForward(const Scale& scale, const T* x, T* y, std::size_t n,
                                    Stores stores) {
  if constexpr (sizeof(T) == 4) {
    if (scale.is_one() && SingleLogSoftmax(x, y, n, stores)) return;
  }
  const Most most = MostOf(x, n, scale.sign);
  if (!most.IsFinite()) return Degenerate(scale, Form::logarithm, most, x, y, n);
  WideLogSoftmax(scale, most.value, x, y, n);
}

template <class T>
HWY_NOINLINE void LogSoftmaxBackward(const Scale& scale, const T* y, const T* dy, T* dx,
                                     std::size_t n, Stores stores) {
  if constexpr (sizeof(T) == 4) {
    if (scale.is_one() && SingleLogBackward(y, dy, dx, n, stores)) return;
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
  const Most most = MostOf(x, n, 1);
  if (most.nan) return std::numeric_limits<T>::quiet_NaN();
  if (!most.IsFinite()) return static_cast<T>(most.value);
  const Pair<1> log = LogOfSum(SumBesideOne({}, most.value, x, n));
  return static_cast<T>(FirstOf(Round(Pair<1>(most.value) + log)));
}

// y = weight softmax(x)
HWY_NOINLINE void WeightedSoftmax(const double* x, double weight, double* y, std::size_t n) {
  const Most most = MostOf(x, n, 1);
  if (most.IsFinite()) {
    return WideShares({}, most.value, SumBesideOne({}, most.value, x, n), weight, x, y, n);
  }
  Degenerate({}, Form::probability, most, x, y, n);
  for (std::size_t i = 0; i < n; ++i) y[i] *= weight;
}

// sum_j (1 - e^(x_j - most)) over `count` entries: those of the row that are not -inf, and others.
template <class T>
HWY_NOINLINE Pair<1> SumOfGaps(double most, const T* x, std::size_t n, std::size_t count) {
  using N = WideOf<T>;
  const auto distance = DistanceOf<T>({}, most);
  RunningSums gaps;
  // What is read behind the row's end has no gap.
  ForVectors(x, n, static_cast<T>(most), [&](std::size_t i, const T* at) HWY_ATTR {
    const N d = distance(at);
    const auto is_gap = And(LoadLanes<Wide1>(at) > -kInfinity, Leading(d) < 0);
    gaps.Add(i, SelectOrZero(is_gap, -Expm1OfDistance(d)));
  });
  const auto none = static_cast<T>(-kInfinity);
  const std::size_t finite = n - rows::count_of(x, none, n);
  return gaps.Total() + Pair<1>(static_cast<double>(count - finite));
}

// log(mean_j e^x_j) = most - log(1 + gaps / sum), where sum + gaps = count: neither fraction nor
// logarithm cancels.
template <class T>
HWY_NOINLINE T LogMeanExp(const T* x, std::size_t n, std::size_t count) {
  const Most most = MostOf(x, n, 1);
  if (most.nan) return std::numeric_limits<T>::quiet_NaN();
  if (!most.IsFinite()) return static_cast<T>(most.value);
  const Pair<1> sum = Pair<1>(1) + SumBesideOne({}, most.value, x, n);
  const Pair<1> gaps = FirstOf(sum.hi) < 0.5 * static_cast<double>(count)
                           ? Pair<1>(static_cast<double>(count)) - sum
                           : SumOfGaps(most.value, x, n, count);
  const Pair<1> log = LogOfSum(gaps / sum);
  return static_cast<T>(FirstOf(Round(Pair<1>(most.value) - log)));
}

// What a sink adds to a row's largest entry, which may be -inf, and to SumBesideOne().
struct Sink {
  double most;  // the larger of both
  Pair<1> beside_one;

  template <class T>
  static HWY_INLINE Sink Of(double sink, const Most& most, const T* x, std::size_t n) {
    const double larger = std::max(sink, most.value);
    const Pair<1> sum = SumBesideOne({}, larger, x, n);
    return {larger, sum + (most.value > sink ? Beside(Weight(sink, larger)) : Pair<1>(1))};
  }
  // e^(sink - most)
  static HWY_INLINE ScaledPair<1> Weight(double sink, double most) {
    return ExpOfPair(Pair<1>::Sum(Wide1(sink), Wide1(-most)));
  }
};

template <class T>
HWY_NOINLINE void Softmax1Forward(double sink, const T* x, T* y, std::size_t n) {
  const Most most = MostOf(x, n, 1);
  if (!most.IsFinite()) return Degenerate({}, Form::probability, most, x, y, n);
  const Sink with = Sink::Of(sink, most, x, n);
  WideShares({}, with.most, with.beside_one, 1, x, y, n);
}

// -p sum(y dy), p being the sink's own probability.
[[maybe_unused]] HWY_NOINLINE double Softmax1BySink(double sink, const double* x, const double* dy,
                                                    std::size_t n) {
  const Most most = MostOf(x, n, 1);
  if (most.nan) return std::numeric_limits<double>::quiet_NaN();
  if (!most.IsFinite()) return 0;  // y is 0, or the sink's probability is
  const Sink with = Sink::Of(sink, most, x, n);
  const Pair<1> inverse = Pair<1>(1) / (Pair<1>(1) + with.beside_one);
  const auto distance = DistanceOf<double>({}, with.most);
  RunningSums products;
  ForVectors(x, n, -kInfinity, [&](std::size_t i, const double* at) HWY_ATTR {
    const Pair<1> d = distance(at);
    double gradients[kWideStep] = {};
    std::copy_n(dy + i, std::min(kWideStep, n - i), gradients);
    const Wide1 y = Round(ExpOfDistance(d) * ScaledPair<1>(inverse));
    products.Add(i, SelectOrZero(And(y > 0, d.hi > -kInfinity), y * LoadLanes<Wide1>(gradients)));
  });
  const Wide1 p = Round(Sink::Weight(sink, with.most) * ScaledPair<1>(inverse));
  return FirstOf(-p * products.Total().hi);
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
