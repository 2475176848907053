// SPDX-License-Identifier: Apache-2.0
// Softmax, log_softmax and logsumexp for any input: in double for float32, in double-double for
// float64. For most float32 rows, softmax_single.h and log_softmax_single.h are faster.
#if defined(ACTFN_ROWS_KERNELS_SOFTMAX_WIDE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_SOFTMAX_WIDE_H_
#undef ACTFN_ROWS_KERNELS_SOFTMAX_WIDE_H_
#else
#define ACTFN_ROWS_KERNELS_SOFTMAX_WIDE_H_
#endif

#include "math/log.h"
#include "rows/kernels/row_lanes.h"
#include "rows/kernels/table.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// The type that results of type T are computed in. It is one vector: more double-double numbers
// would not fit in the registers.
template <class T>
using WideOf = std::conditional_t<sizeof(T) == 8, Pair<1>, Lanes<double, 1>>;
using Wide1 = Lanes<double, 1>;
constexpr std::size_t kWideStep = Wide1::Count();

// Computes (sign * x - max) / temperature.
template <class N>
struct Distance {
  double sign;
  Wide1 max;
  N inverse_temperature;

  template <class T>
  HWY_INLINE N operator()(const T* x) const {
    return At(LoadLanes<Wide1>(x) * Wide1(sign));
  }

  ACTFN_PIECE Pair<1> At(const Wide1& x) const
    requires kIsPair<N>
  {
    const N plain = N::Sum(x, -max) * inverse_temperature;
    const auto overflows = plain.hi == -kInfinity;  // a high temperature may make it finite again
    if (HWY_LIKELY(!AnyOf(overflows))) return plain;
    const N half = N::Sum(x * 0.5, max * -0.5) * inverse_temperature;
    return Select(overflows, N(half.hi * 2, half.lo * 2), plain);
  }
  HWY_INLINE Wide1 At(const Wide1& x) const
    requires(!kIsPair<N>)
  {
    return (x - max) * inverse_temperature;
  }
};

template <class T>
HWY_INLINE Distance<WideOf<T>> DistanceOf(const rows::Scale& scale, double max) {
  using N = WideOf<T>;
  return {scale.sign, max, N(1) / N(scale.temperature)};
}

// Not inlined: their code is long.
HWY_NOINLINE ScaledPair<1> ExpOfPair(const Pair<1>& d) { return ExpDown(d); }
HWY_NOINLINE ScaledPair<1> Expm1OfPair(const Pair<1>& d) { return Expm1Down(d); }
HWY_INLINE ScaledPair<1> ExpOfDistance(const Pair<1>& d) { return ExpOfPair(d); }
HWY_INLINE Wide1 ExpOfDistance(const Wide1& d) { return ExpDown(d); }
HWY_INLINE Pair<1> Expm1OfDistance(const Pair<1>& d) { return Expm1OfPair(d).s; }
HWY_INLINE Wide1 Expm1OfDistance(const Wide1& d) { return Expm1Down(d); }
[[maybe_unused]] HWY_NOINLINE Pair<1> LogOfSum(const Pair<1>& sum_less_one) {
  return Log1pOf(sum_less_one);
}

// kSums running sums, hi + lo each: lo adds up what the additions to hi round off.
struct RunningSums {
  double hi[kSums] = {}, lo[kSums] = {};

  HWY_INLINE void Add(std::size_t i, const Wide1& x) {
    StoreLanes(LoadLanes<Wide1>(hi + i % kSums) + x, hi + i % kSums);
  }
  HWY_INLINE void Add(std::size_t i, const Pair<1>& x) {
    const Pair<1> sum = Pair<1>::Sum(LoadLanes<Wide1>(hi + i % kSums), x.hi);
    StoreLanes(sum.hi, hi + i % kSums);
    StoreLanes(LoadLanes<Wide1>(lo + i % kSums) + (sum.lo + x.lo), lo + i % kSums);
  }
  HWY_NOINLINE Pair<1> Total() {
    for (std::size_t width = kSums / 2; width > 0; width /= 2) {
      for (std::size_t i = 0; i < width; ++i) {
        const double a = hi[i], b = hi[i + width];
        hi[i] = a + b;
        const double t = hi[i] - a;
        lo[i] += lo[i + width] + ((a - (hi[i] - t)) + (b - t));
      }
    }
    return Pair<1>::FastSum(hi[0], lo[0]);
  }
};

// Calls body(i, x) for each kWideStep elements of a row, with a pointer to elements i, i + 1, ….
// Past the row's end they are `padding`.
template <class T, class Body>
HWY_INLINE void ForVectors(const T* x, std::size_t n, T padding, const Body& body) {
  T tail[kWideStep];
  for (std::size_t i = 0; i < n; i += kWideStep) {
    const T* at = x + i;
    if (HWY_UNLIKELY(n - i < kWideStep)) {
      std::fill_n(std::copy(x + i, x + n, tail), kWideStep - (n - i), padding);
      at = tail;
    }
    body(i, at);
  }
}
template <class T>
HWY_INLINE void StoreVector(const Wide1& values, T* y, std::size_t i, std::size_t n) {
  if (HWY_LIKELY(n - i >= kWideStep)) return StoreLanes(values, y + i);
  T tail[kWideStep];
  StoreLanes(values, tail);
  std::copy_n(tail, n - i, y + i);
}

// Sums in double-double hold e^d times 2^kLift, so that terms below 2^-1022 keep their precision.
constexpr double kLift = 900;
// Terms of a smaller distance are left out: e^-1600 2^kLift < 2^-1408 is below every double.
constexpr double kMinDistance = -1600;
HWY_INLINE Wide1 Lifted(const Wide1& e) { return e; }
HWY_INLINE Pair<1> Lifted(const ScaledPair<1>& e) {
  return Unscaled(ScaledPair<1>(e.s, e.n + Wide1(kLift)));
}

// The sum of e^distance over a row, less the 1 of one largest entry. So the sum of the others keeps
// its precision where it is small.
template <class T>
HWY_NOINLINE Pair<1> SumLessOne(const rows::Scale& scale, double max, const T* x, std::size_t n) {
  using N = WideOf<T>;
  const auto distance = DistanceOf<T>(scale, max);
  const auto padding = static_cast<T>(-scale.sign * kInfinity);
  RunningSums below, equal;
  ForVectors(x, n, padding, [&](std::size_t i, const T* at) HWY_ATTR {
    const N d = distance(at);
    const N e = Lifted(ExpOfDistance(d));
    const auto is_below = Leading(d) < 0;
    below.Add(i, SelectOrZero(And(is_below, Leading(d) > kMinDistance), e));
    equal.Add(i, Select(is_below, 0, Wide1(1)));
  });
  const Wide1 scale_back = kIsPair<N> ? 0x1p-900 : 1;  // 2^-kLift
  const Pair<1> rest = below.Total();
  return (equal.Total() - Pair<1>(1)) + Pair<1>(rest.hi * scale_back, rest.lo * scale_back);
}

template <std::size_t K>
HWY_INLINE double FirstOf(const Lanes<double, K>& lanes) {
  double all[Lanes<double, K>::Count()];
  StoreLanes(lanes, all);
  return all[0];
}

constexpr rows::Form kProbability = {0, [](double count) { return 1 / count; }};
constexpr rows::Form kLogarithm = {
    -kInfinity, [](double count) HWY_ATTR { return -FirstOf(LogOf(Wide1(count))); }};

// y = weight e^distance / (1 + sum_less_one)
template <class T>
HWY_NOINLINE void WideShares(const rows::Scale& scale, double max, const Pair<1>& sum_less_one,
                             double weight, const T* x, T* y, std::size_t n) {
  using N = WideOf<T>;
  const auto distance = DistanceOf<T>(scale, max);
  const Pair<1> inverse = Pair<1>(1) / (Pair<1>(1) + sum_less_one);
  N factor;
  if constexpr (kIsPair<N>) {
    factor = weight == 1 ? inverse : inverse * Pair<1>(weight);
  } else {
    factor = inverse.hi * Wide1(weight);
  }
  ForVectors(x, n, T(0), [&](std::size_t i, const T* at) HWY_ATTR {
    const auto e = ExpOfDistance(distance(at));
    StoreVector(Round(e * Scaled<N>(factor)), y, i, n);
  });
}

template <class T>
HWY_NOINLINE void WideLogSoftmax(const rows::Scale& scale, double max, const T* x, T* y,
                                 std::size_t n) {
  using N = WideOf<T>;
  const auto distance = DistanceOf<T>(scale, max);
  const Pair<1> log = LogOfSum(SumLessOne(scale, max, x, n));
  ForVectors(x, n, T(0), [&](std::size_t i, const T* at) HWY_ATTR {
    const N d = distance(at);
    if constexpr (kIsPair<N>) {
      StoreVector(Select(d.hi > -kInfinity, Round(d - log), d.hi), y, i, n);
    } else {
      StoreVector(d - log.hi, y, i, n);
    }
  });
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
