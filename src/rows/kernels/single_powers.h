// SPDX-License-Identifier: Apache-2.0
// Powers in float32 arithmetic, to begin searches with.
#if defined(ACTFN_ROWS_KERNELS_SINGLE_POWERS_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_SINGLE_POWERS_H_
#undef ACTFN_ROWS_KERNELS_SINGLE_POWERS_H_
#else
#define ACTFN_ROWS_KERNELS_SINGLE_POWERS_H_
#endif

#include "math/single.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// x = m 2^n, exactly, with 1/sqrt(2) <= m < sqrt(2). Range: positive, normal, finite x.
template <std::size_t K>
struct SingleMantissaAndExponent {
  Lanes<float, K> m, n;
};
template <std::size_t K>
HWY_INLINE SingleMantissaAndExponent<K> SplitNumber(const Lanes<float, K>& x) {
  const Tag<std::int32_t> di;
  const auto least = hn::Set(di, 0x3F3504F3);  // the bits of 1/sqrt(2)
  SingleMantissaAndExponent<K> r;
  for (std::size_t k = 0; k < K; ++k) {
    const auto steps = hn::Sub(hn::BitCast(di, x.v[k]), least);
    const auto mantissa = hn::Add(hn::And(steps, hn::Set(di, 0x7FFFFF)), least);
    r.m.v[k] = hn::BitCast(Tag<float>(), mantissa);
    r.n.v[k] = hn::ConvertTo(Tag<float>(), hn::ShiftRight<23>(steps));
  }
  return r;
}

// log(w + rest) for |rest| <= ulp(w). Error 2^-22, also near w + rest = 1. Range: that of
// SplitNumber.
template <std::size_t K>
HWY_INLINE Lanes<float, K> LogOfSum(const Lanes<float, K>& w, const Lanes<float, K>& rest) {
  using V = Lanes<float, K>;
  constexpr double kTail[] = {2 / 3.0, 2 / 5.0, 2 / 7.0, 2 / 9.0};
  const SingleMantissaAndExponent<K> parts = SplitNumber(w);
  const V s = (parts.m - 1 + rest) / (parts.m + 1);
  const V square = s * s;
  return Fma(parts.n, 0x1.62e43p-1, Fma(s * square, Polynomial(square, kTail), s + s));
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
