// SPDX-License-Identifier: Apache-2.0
// Polynomials of any finite number, by the powers of 1/x where |x| > 1: so no power overflows.
#if defined(ACTFN_MATH_SERIES_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_SERIES_H_
#undef ACTFN_MATH_SERIES_H_
#else
#define ACTFN_MATH_SERIES_H_
#endif

#include "math/log.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// Coefficients of x^0, x^1, …, each a sum of two doubles.
struct Series {
  static constexpr int kTerms = 12;
  double hi[kTerms] = {};
  double lo[kTerms] = {};

  // Adds weight a b c to the coefficient of x^i. Error: 2^-100 of the larger term.
  HWY_INLINE void Add(int i, int weight, double a, double b, double c) {
    const double ab = a * b;
    const double abc = ab * c;
    const double abc_lo = std::fma(ab, c, -abc) + std::fma(a, b, -ab) * c;
    const double term = weight * abc;
    const double term_lo = std::fma(weight, abc, -term) + weight * abc_lo;
    const double sum = hi[i] + term;
    const double step = sum - hi[i];
    const double rest = (hi[i] - (sum - step)) + (term - step) + (lo[i] + term_lo);
    hi[i] = sum + rest;
    lo[i] = rest - (hi[i] - sum);
  }

  // The largest i for which the coefficient of x^i is not 0, else 0.
  HWY_INLINE int Degree() const {
    int i = kTerms - 1;
    while (i > 0 && hi[i] == 0) --i;
    return i;
  }
};

// What SumOf and FarPower need of x. ±inf count as ± the largest number. ±0: kept. NaN:
// unspecified.
template <class N>
struct SeriesArgument {
  N x;  // finite
  N v;  // x if |x| <= 1, else 1/x
  typename LaneOf<N>::Holds near, infinite;
};

template <class N>
HWY_INLINE SeriesArgument<N> SeriesArgumentOf(const N& x) {
  const double largest = std::numeric_limits<double>::max();
  const N c = Clamp(x, -largest, largest);
  const auto near = Abs(Leading(c)) <= 1;
  return {c, Select(near, c, 1 / c), near, Abs(Leading(x)) > largest};
}

// The sum of the terms up to x^degree, divided by x^degree where |x| > 1. Error: that of degree + 1
// products and sums in N, relative to the sum of the terms' magnitudes.
template <class N>
ACTFN_LONG_PIECE N SumOf(const Series& s, int degree, const SeriesArgument<N>& at) {
  N sum = 0;
  for (int i = degree; i >= 0; --i) {
    const int j = degree - i;
    sum =
        sum * at.v + Select(at.near, Constant<N>(s.hi[i], s.lo[i]), Constant<N>(s.hi[j], s.lo[j]));
  }
  return sum;
}

// v^k for k >= 0. Error: k roundings of N.
template <class N>
HWY_INLINE N PowerOf(const N& v, int k) {
  N power = 1;
  for (; k > 0; --k) power = power * v;
  return power;
}

// x^k if |x| > 1, else 1. Error: |k| + 1 roundings of N. In Pair, ±inf gives a scale beyond
// float64's exponents: the result is ±inf or 0 when stored. In Lanes<double>, where results are
// float32, powers of the largest double do that.
template <std::size_t K>
HWY_INLINE Lanes<double, K> FarPower(const SeriesArgument<Lanes<double, K>>& at, int k) {
  const Lanes<double, K> power = PowerOf(k > 0 ? at.x : at.v, std::abs(k));
  return Select(at.near, 1, power);
}
template <std::size_t K>
ACTFN_LONG_PIECE ScaledPair<K> FarPower(const SeriesArgument<Pair<K>>& at, int k) {
  using V = Lanes<double, K>;
  const MantissaAndExponent<K> parts = SplitNumber(Select(at.near, V(1), Abs(at.x.hi)));
  const V unit = PowerOfTwo(-parts.n);
  const Pair<K> m = {CopySign(parts.m, at.x.hi), at.x.lo * unit};
  const V exponents = Select(at.infinite, V(0x1p14), parts.n) * static_cast<double>(k);
  const Pair<K> power = PowerOf(k > 0 ? m : 1 / m, std::abs(k));
  return Select(at.near, ScaledPair<K>(1), ScaledPair<K>(power, exponents));
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
