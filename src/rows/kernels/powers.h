// SPDX-License-Identifier: Apache-2.0
// Powers of positive numbers.
#if defined(ACTFN_ROWS_KERNELS_POWERS_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_POWERS_H_
#undef ACTFN_ROWS_KERNELS_POWERS_H_
#else
#define ACTFN_ROWS_KERNELS_POWERS_H_
#endif

#include "math/log.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// x^p for x > 0. Relative error: 2^-51 |p log x| + 2^-53. It takes one vector at a time: the code
// is long, and its double-double numbers fill the registers.
HWY_NOINLINE Lanes<double, 1> PowerOf(const Lanes<double, 1>& x, double p) {
  return Round(ExpOf(Pair<1>::Product(LogOf(x), p)));
}
template <std::size_t K>
HWY_INLINE Lanes<double, K> PowerOf(const Lanes<double, K>& x, double p) {
  Lanes<double, K> r;
  for (std::size_t k = 0; k < K; ++k) {
    Lanes<double, 1> one;
    one.v[0] = x.v[k];
    r.v[k] = PowerOf(one, p).v[0];
  }
  return r;
}

// e^shift (w 2^-lift)^power: what PowersOf computes.
struct PowerScale {
  double power;
  double shift = 0, lift = 0;
};

// e^x. Error: 2^-51.5. Range: |x| <= 700; beyond, it counts as that bound. NaN: unspecified.
template <std::size_t K>
HWY_INLINE Lanes<double, K> DoubleExpOf(const Lanes<double, K>& x) {
  using V = Lanes<double, K>;
  // (e^r - 1 - r - r^2/2) / r^3 up to r^9: for |r| <= ln2/2 the next term is 2^-52.4.
  constexpr double kTail[] = {1 / 6.0,        1 / 24.0,       1 / 120.0,    1 / 720.0,
                              1 / 5040.0,     1 / 40320.0,    1 / 362880.0, 1 / 3628800.0,
                              1 / 39916800.0, 1 / 479001600.0};
  const V near = Clamp(x, -700, 700);
  // x = n ln2 + r. Adding 1.5 * 2^52 rounds to a whole number: the low bits are n.
  const V magic = 0x1.8p52;
  const V shifted = Fma(near, 0x1.71547652b82fep0, magic);
  const V n = shifted - magic;
  const V r = NegFma(n, coefficients::kLn2[1], NegFma(n, coefficients::kLn2[0], near));
  const V square = r * r;
  const V tail = Fma(square * r, Polynomial(r, kTail), square * 0.5);
  V e = 1 + (r + tail);
  const Tag<std::int64_t> di;
  for (std::size_t k = 0; k < K; ++k) {
    const auto power = hn::ShiftLeft<52>(hn::BitCast(di, shifted.v[k]));
    e.v[k] = hn::BitCast(Tag<double>(), hn::Add(hn::BitCast(di, e.v[k]), power));
  }
  return e;
}

// e^shift ((w + rest) 2^-lift)^power for w > 0, |rest| <= ulp(w) and w + rest in the place of w
// near 1, where its logarithm is 0. Absolute error of the exponent: 2^-51 of itself; of e^x: 2^-51
// for results of float32, 2^-58 of float64.
template <class T, std::size_t K>
HWY_NOINLINE Lanes<double, K> PowerOfSum(const Lanes<double, K>& w, const Lanes<double, K>& rest,
                                         const PowerScale& scale) {
  using V = Lanes<double, K>;
  const MantissaAndExponent<K> parts = SplitNumber(w);
  const V n = parts.n - V(scale.lift);
  const V log = Fma(n, coefficients::kLn2[1], LogOfHalves((parts.m - 1 + rest) / (parts.m + 1)));
  const V x = Fma(V(scale.power), Fma(n, coefficients::kLn2[0], log), scale.shift);
  if constexpr (sizeof(T) == 4) {
    return DoubleExpOf(x);
  } else {
    return Round(ExpOf(Pair<K>(x)));
  }
}
// Two vectors at a time for float32: their instructions overlap.
template <class T, std::size_t K>
HWY_INLINE Lanes<double, K> PowersOf(const Lanes<double, K>& w, const Lanes<double, K>& rest,
                                     const PowerScale& scale) {
  constexpr std::size_t kStep = sizeof(T) == 4 && K % 2 == 0 && HWY_NATIVE_FMA ? 2 : 1;
  Lanes<double, K> r;
  for (std::size_t k = 0; k < K; k += kStep) {
    Lanes<double, kStep> some, more;
    for (std::size_t i = 0; i < kStep; ++i) {
      some.v[i] = w.v[k + i];
      more.v[i] = rest.v[k + i];
    }
    const Lanes<double, kStep> powers = PowerOfSum<T>(some, more, scale);
    for (std::size_t i = 0; i < kStep; ++i) r.v[k + i] = powers.v[i];
  }
  return r;
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
