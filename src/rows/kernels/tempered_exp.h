// SPDX-License-Identifier: Apache-2.0
// ScaledExp (scaled_exp.h) of z = sign x / temperature, which is a sum of two float32. Where z is
// large, z less its largest entry takes its place: for all x whose probability is not 0, the
// difference from the largest one is then exact (Sterbenz).
#if defined(ACTFN_ROWS_KERNELS_TEMPERED_EXP_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_TEMPERED_EXP_H_
#undef ACTFN_ROWS_KERNELS_TEMPERED_EXP_H_
#else
#define ACTFN_ROWS_KERNELS_TEMPERED_EXP_H_
#endif

#include "rows/kernels/scaled_sum.h"
#include "rows/kernels/table.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// Up to here z itself is taken: half of it is kNegligible, and 8 z / ln 2 has 12 bits also for the
// least z that is not negligible.
constexpr double kNearReach = 2 * kNegligible;

// (sign x - offset) / temperature.
struct Tempered {
  double sign, largest;  // largest: that of sign x
  double temperature, offset;
  double max;  // of the results
  FloatPair inverse;

  HWY_INLINE Tempered(const rows::Scale& scale, double largest_entry)
      : Tempered(scale, largest_entry,
                 std::abs(largest_entry) <= kNearReach * scale.temperature ? 0 : largest_entry) {}
  HWY_INLINE Tempered(const rows::Scale& scale, double largest_entry, double subtrahend)
      : sign(scale.sign),
        largest(largest_entry),
        temperature(scale.temperature),
        offset(subtrahend),
        max((largest_entry - subtrahend) / scale.temperature),
        inverse(1 / scale.temperature) {}

  // Whether differences do not overflow, and quotients keep the bits that are not negligible.
  bool Fits() const {
    return temperature >= 0x1p-100 && temperature <= 0x1p80 && std::abs(offset) <= 0x1p100 &&
           IsFinite(max);
  }
  HWY_INLINE Floats Difference(const float* from) const {
    return Fma(LoadLanes<Floats>(from), Floats(sign), Floats(-offset));
  }
  HWY_INLINE SinglePair<kSingleVectors> Quotient(const Floats& difference) const {
    return Times(difference, SinglePair<kSingleVectors>{inverse.hi, inverse.lo});
  }
};

struct TemperedExp {
  Tempered z;
  Floats least;  // of differences
  ScaledExp e;

  HWY_INLINE explicit TemperedExp(const Tempered& of, double correction = 0)
      : TemperedExp(of, kNegligible, 0, correction) {}
  // Terms below e^-negligible of the largest are raised to that; all are times 2^more_bits.
  HWY_INLINE TemperedExp(const Tempered& of, double negligible, int more_bits, double correction)
      : z(of),
        least((of.max - negligible) * of.temperature),
        e(ScaledExp::PowerOf(of.max) - more_bits, 0, correction) {}

  HWY_INLINE SingleExpParts<kSingleVectors> operator()(const float* from) const {
    const auto at = z.Quotient(AtLeast(least, z.Difference(from)));
    return e.Of(at.hi, at.lo);
  }
};

// The sum of e(x), in parts that stay in L1. Without FMA the terms are stored, in vain: there is
// one function less then.
HWY_NOINLINE double TemperedSumOf(const TemperedExp& e, const float* x, std::size_t n, float none) {
  constexpr bool kStoreTerms = !HWY_NATIVE_FMA;
  float terms[kStoreTerms ? kPart : 1];
  double sum = 0;
  for (std::size_t i = 0; i < n; i += kPart) {
    sum += SumOf<kStoreTerms>(e, x + i, terms, std::min(kPart, n - i), 0, none);
  }
  return sum;
}

// If the row has a NaN, z.max is any number.
HWY_INLINE Tempered TemperedRow(const rows::Scale& scale, const float* x, std::size_t n) {
  return {scale, scale.sign < 0 ? FastRowMaxOf<-1>(x, n) : FastRowMaxOf<1>(x, n)};
}
HWY_INLINE float MaskedEntry(const rows::Scale& scale) {
  return static_cast<float>(-scale.sign * kInfinity);
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
