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

// The sums of powers w^p and of w^(p - 1), which is the derivative of w^p by w divided by p.
struct PowerSums {
  double value, slope;
};

// e^shift (w 2^-lift)^power: what PowersOf computes.
struct PowerScale {
  double power;
  double shift = 0, lift = 0;
};

// e^shift ((w + rest) 2^-lift)^power for w > 0, |rest| <= ulp(w) and w + rest in the place of w
// near 1, where its logarithm is 0. Absolute error of the exponent: 2^-51 of itself; of e^x: 2^-36
// for results of float32, 2^-58 of float64.
template <class T>
HWY_NOINLINE Lanes<double, 1> PowerOfSum(const Lanes<double, 1>& w, const Lanes<double, 1>& rest,
                                         const PowerScale& scale) {
  using V = Lanes<double, 1>;
  const MantissaAndExponent<1> parts = SplitNumber(w);
  const V n = parts.n - V(scale.lift);
  const V log = Fma(n, coefficients::kLn2[1], LogOfHalves((parts.m - 1 + rest) / (parts.m + 1)));
  const V x = Fma(V(scale.power), Fma(n, coefficients::kLn2[0], log), scale.shift);
  if constexpr (sizeof(T) == 4) {
    return ExpOf(x);
  } else {
    return Round(ExpOf(Pair<1>(x)));
  }
}
template <class T, std::size_t K>
HWY_INLINE Lanes<double, K> PowersOf(const Lanes<double, K>& w, const Lanes<double, K>& rest,
                                     const PowerScale& scale) {
  Lanes<double, K> r;
  for (std::size_t k = 0; k < K; ++k) {
    Lanes<double, 1> one, more;
    one.v[0] = w.v[k];
    more.v[0] = rest.v[k];
    r.v[k] = PowerOfSum<T>(one, more, scale).v[0];
  }
  return r;
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
