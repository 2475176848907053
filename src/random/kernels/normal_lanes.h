// SPDX-License-Identifier: Apache-2.0
// Standard normal numbers from random words (Box & Muller).
#if defined(ACTFN_RANDOM_NORMAL_LANES_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_RANDOM_NORMAL_LANES_H_
#undef ACTFN_RANDOM_NORMAL_LANES_H_
#else
#define ACTFN_RANDOM_NORMAL_LANES_H_
#endif

#include "math/circle.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// log(u) for normal positive u. Relative error: 2^-50.
template <std::size_t K>
HWY_INLINE Lanes<double, K> LogBySeries(const Lanes<double, K>& u) {
  using V = Lanes<double, K>;
  const Tag<std::uint64_t> d;
  V m, n;  // u = 2^n m, 1 <= m < 2
  for (std::size_t k = 0; k < K; ++k) {
    const auto bits = hn::BitCast(d, u.v[k]);
    const auto one = hn::Set(d, 0x3FF0000000000000);
    const auto fraction = hn::And(bits, hn::Set(d, 0x000FFFFFFFFFFFFF));
    m.v[k] = hn::BitCast(Tag<double>(), hn::Or(fraction, one));
    const auto exponent = hn::Or(hn::ShiftRight<52>(bits), hn::Set(d, 0x4330000000000000));
    n.v[k] = hn::BitCast(Tag<double>(), exponent);
  }
  const auto high = m > 0x1.6a09e667f3bcdp0;  // sqrt(2)
  m = Select(high, m * 0.5, m);
  n = n - (0x1p52 + 1023) + Select(high, V(1), V(0));
  // log(m) = 2 artanh(s), |s| < 0.1716. The terms of the series that are left out are less than
  // 2^-55 of the sum.
  const V s = (m - 1) / (m + 1);
  static constexpr double kArtanh[] = {1.0 / 3,  1.0 / 5,  1.0 / 7,  1.0 / 9,  1.0 / 11,
                                       1.0 / 13, 1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21};
  const V square = s * s;
  const V of_m = 2 * Fma(s * square, Polynomial(square, kArtanh), s);
  return Fma(n, 0x1.62e42fefa39efp-1, of_m);
}

// The cosine and sine of 2 pi t for 0 <= t <= 1. Error: at most 2^-30.
template <std::size_t K>
HWY_INLINE SinCos<Lanes<double, K>> OfTurn(const Lanes<double, K>& t) {
  using V = Lanes<double, K>;
  const V quarters = t * 4;
  const V magic = 0x1.8p52;
  const V n = (quarters + magic) - magic;
  const V r = (quarters - n) * 0x1.921fb54442d18p0;
  const SinCos<V> rest = SinCosOfReduced(V(), r);
  const auto swapped = Or(n == 1, n == 3);
  const V sin = Select(swapped, rest.cos, rest.sin);
  const V cos = Select(swapped, rest.sin, rest.cos);
  return {Select(Or(n == 2, n == 3), -sin, sin), Select(Or(n == 1, n == 2), -cos, cos)};
}

// Two normal numbers from two words a and b, given as doubles. a determines the radius, b the
// angle.
template <std::size_t K>
HWY_INLINE SinCos<Lanes<double, K>> NormalPair(const Lanes<double, K>& a,
                                               const Lanes<double, K>& b) {
  using V = Lanes<double, K>;
  const V radius = Sqrt(-2 * LogBySeries((a + 0.5) * 0x1p-32));
  const SinCos<V> angle = OfTurn(b * 0x1p-32);
  return {radius * angle.sin, radius * angle.cos};
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
