// Softmax, its logarithm and logsumexp by double lanes for float32, by pairs for float64: for any
// input. src/rows/kernels/softmax_single.h is faster where it reaches.
#if defined(ACTFN_ROWS_KERNELS_SOFTMAX_WIDE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_SOFTMAX_WIDE_H_
#undef ACTFN_ROWS_KERNELS_SOFTMAX_WIDE_H_
#else
#define ACTFN_ROWS_KERNELS_SOFTMAX_WIDE_H_
#endif

#include "math/log.h"
#include "rows/kernels/blocks.h"
#include "rows/kernels/table.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// What results of type T are computed in. One vector at a time: pairs fill the registers.
template <class T>
using WideOf = std::conditional_t<sizeof(T) == 8, Pair<1>, Lanes<double, 1>>;
using Wide1 = Lanes<double, 1>;
constexpr std::size_t kWideStep = Wide1::Count();

// (sign x - most) / temperature
template <class N>
struct Distance {
  double sign;
  Wide1 most;
  N inverse;  // of the temperature

  template <class T>
  HWY_INLINE N operator()(const T* x) const {
    const Wide1 at = LoadLanes<Wide1>(x) * Wide1(sign);
    if constexpr (kIsPair<N>) {
      const N plain = N::Sum(at, -most) * inverse;
      const auto overflows = plain.hi == -kInfinity;  // a high temperature may bring it back
      if (HWY_LIKELY(!AnyOf(overflows))) return plain;
      const N half = N::Sum(at * 0.5, most * -0.5) * inverse;
      return Select(overflows, N(half.hi * 2, half.lo * 2), plain);
    } else {
      return (at - most) * inverse;
    }
  }
};

template <class T>
HWY_INLINE Distance<WideOf<T>> DistanceOf(const rows::Scale& scale, double most) {
  using N = WideOf<T>;
  return {scale.sign, most, N(1) / N(scale.temperature)};
}

// Out of line: it is long.
HWY_NOINLINE ScaledPair<1> ExpOfPair(const Pair<1>& d) { return ExpDown(d); }
HWY_NOINLINE ScaledPair<1> Expm1OfPair(const Pair<1>& d) { return Expm1Down(d); }
HWY_INLINE ScaledPair<1> ExpOfDistance(const Pair<1>& d) { return ExpOfPair(d); }
HWY_INLINE Wide1 ExpOfDistance(const Wide1& d) { return ExpDown(d); }
HWY_INLINE Pair<1> Expm1OfDistance(const Pair<1>& d) { return Expm1OfPair(d).s; }
HWY_INLINE Wide1 Expm1OfDistance(const Wide1& d) { return Expm1Down(d); }
[[maybe_unused]] HWY_NOINLINE Pair<1> LogOfSum(const Pair<1>& beside_one) {
  return Log1pOf(beside_one);
}

// 16 running sums, of pairs with what their additions round off.
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
  Pair<1> Total() {
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

// body(i, x) for each vector's worth of a row, x pointing to its elements; behind the row's end
// they are `beyond`.
template <class T, class Body>
HWY_INLINE void ForVectors(const T* x, std::size_t n, T beyond, const Body& body) {
  T tail[kWideStep];
  for (std::size_t i = 0; i < n; i += kWideStep) {
    const T* at = x + i;
    if (HWY_UNLIKELY(n - i < kWideStep)) {
      std::fill_n(std::copy(x + i, x + n, tail), kWideStep - (n - i), beyond);
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

// e^d times 2^kLift in pairs: as long as they are summed, subnormal numbers keep their precision.
constexpr double kLift = 900;
HWY_INLINE Wide1 Lifted(const Wide1& e) { return e; }
HWY_INLINE Pair<1> Lifted(const ScaledPair<1>& e) {
  return Beside(ScaledPair<1>(e.s, e.n + Wide1(kLift)));
}

// The sum of e^distance over a row less 1: that of a largest entry. What is left keeps its
// precision where it is small.
template <class T>
HWY_NOINLINE Pair<1> SumBesideOne(const rows::Scale& scale, double most, const T* x,
                                  std::size_t n) {
  using N = WideOf<T>;
  const auto distance = DistanceOf<T>(scale, most);
  const auto beyond = static_cast<T>(-scale.sign * kInfinity);
  RunningSums below, equal;
  ForVectors(x, n, beyond, [&](std::size_t i, const T* at) HWY_ATTR {
    const N d = distance(at);
    const N e = Lifted(ExpOfDistance(d));
    const auto is_below = Leading(d) < 0;
    below.Add(i, SelectOrZero(And(is_below, Leading(d) > -1600), e));
    equal.Add(i, Select(is_below, 0, Wide1(1)));
  });
  const Wide1 drop = kIsPair<N> ? 0x1p-900 : 1;
  const Pair<1> rest = below.Total();
  return (equal.Total() - Pair<1>(1)) + Pair<1>(rest.hi * drop, rest.lo * drop);
}

HWY_INLINE double FirstOf(const Wide1& lanes) {
  double all[kWideStep];
  StoreLanes(lanes, all);
  return all[0];
}

HWY_NOINLINE double LogOfCount(double count) { return FirstOf(LogOf(Wide1(count))); }

// What a row's values are: probabilities, or their logarithms.
enum class Form { probability, logarithm };

// A row whose largest entry is NaN or infinite.
template <class T>
HWY_NOINLINE void Degenerate(const rows::Scale& scale, Form form, const Most& most, const T* x,
                             T* y, std::size_t n) {
  const bool log = form == Form::logarithm;
  auto none = log ? static_cast<T>(-kInfinity) : T(0);
  if (most.nan) none = std::numeric_limits<T>::quiet_NaN();
  if (most.nan || most.value < 0) return rows::fill_shares(x, none, none, none, y, n);
  const auto largest = static_cast<T>(scale.sign * kInfinity);
  const auto count = static_cast<double>(rows::count_of(x, largest, n));
  const double share = log ? -LogOfCount(count) : 1 / count;
  rows::fill_shares(x, largest, static_cast<T>(share), none, y, n);
}

// y = weight e^distance / (1 + beside_one)
template <class T>
HWY_NOINLINE void WideShares(const rows::Scale& scale, double most, const Pair<1>& beside_one,
                             double weight, const T* x, T* y, std::size_t n) {
  using N = WideOf<T>;
  const auto distance = DistanceOf<T>(scale, most);
  const Pair<1> inverse = Pair<1>(1) / (Pair<1>(1) + beside_one);
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
HWY_NOINLINE void WideLogSoftmax(const rows::Scale& scale, double most, const T* x, T* y,
                                 std::size_t n) {
  using N = WideOf<T>;
  const auto distance = DistanceOf<T>(scale, most);
  const Pair<1> log = LogOfSum(SumBesideOne(scale, most, x, n));
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
