// SPDX-License-Identifier: Apache-2.0
// Square roots in float32 arithmetic. lanes.h explains the form of the comments; there is one error
// here.
#if defined(ACTFN_MATH_SINGLE_ROOT_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_SINGLE_ROOT_H_
#undef ACTFN_MATH_SINGLE_ROOT_H_
#else
#define ACTFN_MATH_SINGLE_ROOT_H_
#endif

#include "math/single.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// sqrt(a) as hi + lo. Estimated error: 2^-44. Range: normal numbers.
template <std::size_t K>
HWY_INLINE SinglePair<K> SqrtOf(const SinglePair<K>& a) {
  const Lanes<float, K> root = Sqrt(a.hi);
  const Lanes<float, K> rest = NegFma(root, root, a.hi) + a.lo;
  return {root, 0.5 * rest / root};
}

// 1 / sqrt(1 + z^2) = inverse (1 + error). Estimated error: 2^-44. Range: |z| < 2^60. ±0: 1.
template <std::size_t K>
struct SingleInverseRoot {
  Lanes<float, K> inverse, error;
};
template <std::size_t K>
HWY_INLINE SingleInverseRoot<K> InverseRootOfOnePlusSquare(const SinglePair<K>& z) {
  using V = Lanes<float, K>;
  const SinglePair<K> d = Plus(SquareOf(z), 1);
  const V root = Sqrt(d.hi);
  const V rest = NegFma(root, root, d.hi) + d.lo;
  const V inverse = 1 / root;
  return {inverse, NegFma(inverse, root, 1) - 0.5 * rest * inverse * inverse};
}

// a / sqrt(1 + z^2), rounded.
template <std::size_t K>
HWY_INLINE Lanes<float, K> Over(const Lanes<float, K>& a, const SingleInverseRoot<K>& r) {
  const Lanes<float, K> y = a * r.inverse;
  return y + Fma(y, r.error, FmaSub(a, r.inverse, y));
}
// (1 + z^2)^(-3/2), rounded.
template <std::size_t K>
HWY_INLINE Lanes<float, K> CubeOf(const SingleInverseRoot<K>& r) {
  using V = Lanes<float, K>;
  const V square = r.inverse * r.inverse;
  const V square_lo = FmaSub(r.inverse, r.inverse, square);
  const V rest = 3 * r.error * (square * r.inverse);
  return Fma(square, r.inverse, Fma(square_lo, r.inverse, rest));
}

// For x / sqrt(1 + alpha x^2) and its derivative, z = sqrt(alpha) x: sqrt(alpha) in two parts, and
// |x| where z is 2^-15, up to which the function is x, and 2^51, from which on it is its limit and
// its derivative 0.
struct InverseRootForm {
  float root, root_lo, line, most;
};
HWY_INLINE InverseRootForm InverseRootFormOf(double alpha) {
  const double root = std::sqrt(alpha);
  const auto hi = static_cast<float>(root);
  return {hi, static_cast<float>(root - hi), static_cast<float>(0x1p-15 / root),
          static_cast<float>(0x1p51 / root)};
}
template <std::size_t K>
HWY_INLINE SingleInverseRoot<K> InverseRootOf(const InverseRootForm& p, const Lanes<float, K>& a) {
  const SinglePair<K> root = {Lanes<float, K>(p.root), Lanes<float, K>(p.root_lo)};
  return InverseRootOfOnePlusSquare(Times(a, root));
}
// a / sqrt(1 + alpha a^2) and its derivative, rounded, for a >= 0. ±0: 0 | 1.
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> InverseRootValue(const InverseRootForm& p, const Lanes<float, K>& a) {
  const Lanes<float, K> c = Max(Min(a, p.most), p.line);
  return Select(a < p.line, a, Over(c, InverseRootOf(p, c)));
}
template <std::size_t K>
ACTFN_PIECE Lanes<float, K> InverseRootSlope(const InverseRootForm& p, const Lanes<float, K>& a) {
  return CubeOf(InverseRootOf(p, Max(Min(a, p.most), p.line)));
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
