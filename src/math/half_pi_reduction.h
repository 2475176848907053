// SPDX-License-Identifier: Apache-2.0
// The remainder of any finite angle by pi/2, in lanes of doubles. lanes.h explains the form of the
// comments.
#if defined(ACTFN_MATH_HALF_PI_REDUCTION_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_MATH_HALF_PI_REDUCTION_H_
#undef ACTFN_MATH_HALF_PI_REDUCTION_H_
#else
#define ACTFN_MATH_HALF_PI_REDUCTION_H_
#endif

#include "math/coefficients.h"
#include "math/half_pi_remainder.h"
#include "math/pair.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// The angle x 2^lift, lift being 0 or kAngleLift.
template <std::size_t K>
struct Angle {
  Pair<K> x;
  Lanes<double, K> lift;

  HWY_INLINE Angle(const Pair<K>& a) : x(a), lift(0.0) {}  // NOLINT: numbers convert
  HWY_INLINE Angle(const Pair<K>& a, const Lanes<double, K>& n) : x(a), lift(n) {}
};
constexpr double kAngleLift = 200;

// factor x, exactly for numbers of float32 | error 2^-103, also beyond the range of doubles. Range:
// |factor| < 2^128. ±inf: ±inf or NaN.
template <std::size_t K>
HWY_INLINE Lanes<double, K> AngleOf(const Lanes<double, K>& x, double factor) {
  return x * factor;
}
template <std::size_t K>
HWY_INLINE Angle<K> AngleOf(const Pair<K>& x, double factor) {
  const auto far = Abs(x.hi) > 0x1p850;
  const Lanes<double, K> unit = Select(far, 0x1p-200, Lanes<double, K>(1));
  return {Pair<K>(x.hi * unit, x.lo * unit) * factor,
          SelectOrZero(far, Lanes<double, K>(kAngleLift))};
}

// x = n pi/2 + r, with |r| <= pi/4 and little more. Only n modulo 4 is used. R: Pair, or Lanes for
// results of float32.
template <class R>
struct HalfPiReduction {
  LaneOf<R> n;
  R r;
};

// For |x| < 2^19, with pi/2 as the sum of four doubles: the first two have 33 bits, so their
// products with n are exact.
template <std::size_t K>
struct NearestHalfPi {
  Lanes<double, K> n;
  Pair<K> r;  // x - n pi/2, but for what x.lo and the last two doubles make
};
template <std::size_t K>
HWY_INLINE NearestHalfPi<K> NearestHalfPiTo(const Lanes<double, K>& x) {
  const Lanes<double, K> magic = 0x1.8p52;
  const Lanes<double, K> n = Fma(x, 0x1.45f306dc9c883p-1, magic) - magic;
  return {n, Pair<K>::Sum(NegFma(n, coefficients::kHalfPi[0], x), -(n * coefficients::kHalfPi[1]))};
}
template <std::size_t K>
ACTFN_LONG_PIECE HalfPiReduction<Pair<K>> ReduceNearByHalfPi(const Pair<K>& x) {
  const NearestHalfPi<K> near = NearestHalfPiTo(x.hi);
  const Pair<K> third = Pair<K>::Product(near.n, coefficients::kHalfPi[2]);
  const Lanes<double, K> fourth = Fma(near.n, -coefficients::kHalfPi[3], x.lo);
  return {near.n, near.r - third + Pair<K>(fourth)};
}
// Error of r: 2^-52 and, absolutely, 2^-100.
template <std::size_t K>
ACTFN_PIECE HalfPiReduction<Lanes<double, K>> ReduceNearByHalfPi(const Lanes<double, K>& x) {
  const NearestHalfPi<K> near = NearestHalfPiTo(x);
  return {near.n, near.r.hi + NegFma(near.n, coefficients::kHalfPi[2], near.r.lo)};
}

// From here on n times the first parts of pi/2 is not exact.
constexpr double kFarReduction = 0x1p19;

// For all finite x, one lane after the other in integers: so large arguments are rare.
template <std::size_t K>
HWY_NOINLINE HalfPiReduction<Pair<K>> ReduceFarByHalfPi(const Angle<K>& angle,
                                                        const HalfPiReduction<Pair<K>>& near) {
  const Tag<double> d;
  constexpr std::size_t kLanes = hn::MaxLanes(d);
  HalfPiReduction<Pair<K>> reduced;
  for (std::size_t k = 0; k < K; ++k) {
    HWY_ALIGN double hi[kLanes], lo[kLanes], lift[kLanes], n[kLanes], r[kLanes], r_lo[kLanes];
    hn::Store(angle.x.hi.v[k], d, hi);
    hn::Store(angle.x.lo.v[k], d, lo);
    hn::Store(angle.lift.v[k], d, lift);
    hn::Store(near.n.v[k], d, n);
    hn::Store(near.r.hi.v[k], d, r);
    hn::Store(near.r.lo.v[k], d, r_lo);
    for (std::size_t i = 0; i < kLanes; ++i) {
      if (!(std::abs(hi[i]) >= kFarReduction)) continue;
      const math::HalfPiRemainder exact =
          math::remainder_by_half_pi(hi[i], lo[i], static_cast<int>(lift[i]));
      n[i] = exact.quarter;
      r[i] = exact.rest;
      r_lo[i] = exact.rest_lo;
    }
    reduced.n.v[k] = hn::Load(d, n);
    reduced.r.hi.v[k] = hn::Load(d, r);
    reduced.r.lo.v[k] = hn::Load(d, r_lo);
  }
  return reduced;
}

// For each lane from 1 to 2^256 in magnitude, its row of kTwoOverPiFrom. Other lanes: any row.
struct RowsOfTwoOverPi {
  hn::Vec<Tag<double>> part[3];
};
HWY_INLINE RowsOfTwoOverPi TwoOverPiFor(hn::Vec<Tag<double>> x) {
  const Tag<std::uint64_t> du;
  const Tag<std::int64_t> di;
  // Four times the exponent modulo 256, where the field of 11 bits is larger by 1023.
  const auto field = hn::ShiftRight<50>(hn::BitCast(du, x));
  const auto last = hn::Set(du, 4 * (math::kAnglesEnd - 1));
  const auto at = hn::BitCast(di, hn::And(hn::Add(field, hn::Set(du, 4)), last));
  const double* const rows = math::kTwoOverPiFrom.part[0];
#if HWY_TARGET == HWY_AVX2  // four rows and a transposition take half the time of three gathers
  alignas(32) std::int64_t from[4];
  hn::Store(at, di, from);
  const auto row = [&](int i) HWY_ATTR { return _mm256_load_pd(rows + from[i]); };
  const __m256d a = row(0), b = row(1), c = row(2), d = row(3);
  const __m256d ab = _mm256_unpacklo_pd(a, b), cd = _mm256_unpacklo_pd(c, d);
  return {{{_mm256_permute2f128_pd(ab, cd, 0x20)},
           {_mm256_permute2f128_pd(_mm256_unpackhi_pd(a, b), _mm256_unpackhi_pd(c, d), 0x20)},
           {_mm256_permute2f128_pd(ab, cd, 0x31)}}};
#else
  const Tag<double> d;
  return {{hn::GatherIndex(d, rows, at), hn::GatherIndex(d, rows + 1, at),
           hn::GatherIndex(d, rows + 2, at)}};
#endif
}

// For 1 <= |x| < 2^256. Error of r: 2^-52 and, absolutely, 2^-104. ±inf and NaN: r is NaN. Other x:
// unspecified.
template <std::size_t K>
ACTFN_PIECE HalfPiReduction<Lanes<double, K>> ReduceLargeByHalfPi(const Lanes<double, K>& x) {
  using V = Lanes<double, K>;
  V part[3];
  for (std::size_t k = 0; k < K; ++k) {
    const auto rows = TwoOverPiFor(x.v[k]);
    for (int i = 0; i < 3; ++i) part[i].v[k] = rows.part[i];
  }
  const Pair<K> first = Pair<K>::Product(x, part[0]);
  const Pair<K> second = Pair<K>::Product(x, part[1]);
  const V near = first.hi - ((first.hi + 0x1.8p57) - 0x1.8p57);  // modulo 32
  const V n = ((near + (first.lo + second.hi)) + 0x1.8p52) - 0x1.8p52;
  // A multiple of 2^-51, exactly: so is the sum with second.hi.
  const V turns = (near - n) + first.lo;
  const Pair<K> sum = Pair<K>::FastSum(turns, second.hi);
  const V rest = sum.lo + Fma(x, part[2], second.lo);
  return {n, (sum.hi + rest) * coefficients::kQuarterTurn[0]};
}

// For any finite angle. ±inf and NaN: r is NaN.
template <std::size_t K>
ACTFN_PIECE HalfPiReduction<Pair<K>> ReduceByHalfPi(const Angle<K>& angle) {
  const auto near = ReduceNearByHalfPi(angle.x);
  if (HWY_LIKELY(!AnyOf(Abs(angle.x.hi) >= kFarReduction))) return near;
  return ReduceFarByHalfPi(angle, near);
}
// For |x| < 2^256.
template <std::size_t K>
ACTFN_PIECE HalfPiReduction<Lanes<double, K>> ReduceByHalfPi(const Lanes<double, K>& x) {
  const auto near = ReduceNearByHalfPi(x);
  const auto far = Abs(x) >= kFarReduction;
  if (HWY_LIKELY(!AnyOf(far))) return near;
  const auto large = ReduceLargeByHalfPi(x);
  return {Select(far, large.n, near.n), Select(far, large.r, near.r)};
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
