// SPDX-License-Identifier: Apache-2.0
// e^x of float32 rows, times a power of two that depends on the row's largest entry.
//
// Softmax is e^(x - max) / sum. In float32 the difference would be rounded: by 2^-17 where x is
// near 128, which is an error of 64 ulp in e^x. So no difference is taken. Instead, e^x is computed
// as e^x 2^(kScaleBits - K), where K = round(max / ln 2): the power of two is a whole number that
// is added to exponents, which rounds nothing, and the quotient cancels it.
//
// Range: the largest term is at most 2^(kScaleBits + 1/2). Terms below e^-kNegligible of the
// largest are raised to that, about 2^-151: as probabilities they are rounded to 0 in any case.
// With 60 bits of scale the smallest term is above 2^-92, so that it and 2^-24 of it are normal
// float32 numbers, and a sum overflows only from 2^67 terms on.
//
// Relative error: 2^-27. With k = round(8 x / ln 2), e^x is 2^(k/8) e^r, r = x - k ln2/8. k has 12
// bits, because |x| <= kMaxMagnitude + kNegligible, and so has the first part of ln2/8: the product
// and the difference are exact. What is rounded off: 2^-30 by the second part of k ln2/8, 2^-29 by
// r, 2^-29 by the polynomial, whose own error is 2^-31.
#if defined(ACTFN_ROWS_KERNELS_SCALED_EXP_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_ROWS_KERNELS_SCALED_EXP_H_
#undef ACTFN_ROWS_KERNELS_SCALED_EXP_H_
#else
#define ACTFN_ROWS_KERNELS_SCALED_EXP_H_
#endif

#include "math/single.h"
#include "rows/kernels/row_lanes.h"

#include <numbers>

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

constexpr int kScaleBits = 60;
constexpr double kScale = static_cast<double>(std::int64_t{1} << kScaleBits);
constexpr double kNegligible = 104.5;  // e^-104.5 < 2^-150, half of float32's smallest number
constexpr double kMaxMagnitude = 128;  // of a row's largest entry
constexpr std::size_t kSingleVectors = kRowLanes / hn::MaxLanes(Tag<float>());

HWY_INLINE bool InReach(double max) { return max >= -kMaxMagnitude && max <= kMaxMagnitude; }

// max(x, min), but NaN where x is NaN.
HWY_INLINE Floats AtLeast(const Floats& min, const Floats& x) {
#if HWY_TARGET <= HWY_SSSE3 && HWY_TARGET != HWY_EMU128
  return Max(min, x);  // the instruction returns its second operand where either is NaN
#else
  return Select(x < min, min, x);
#endif
}

// e^x = unit + unit * tail.
template <std::size_t K>
struct SingleExpParts {
  Lanes<float, K> unit, tail;
};

// e^x 2^(kScaleBits - K) (1 + correction), |correction| < 2^-24.
struct ScaledExp {
  int power;  // K
  Floats min_x;
  std::int32_t table[std::size(coefficients::kExpTableSingle)];
  float rests[std::size(coefficients::kExpRestSingle)];

  explicit ScaledExp(double max, double correction = 0)
      : ScaledExp(PowerOf(max), max - kNegligible, correction) {}
  ACTFN_PIECE ScaledExp(int k, double lowest, double correction) : power(k), min_x(lowest) {
    using coefficients::kExpTableSingle;
    for (std::size_t i = 0; i < std::size(table); ++i) {
      // Unsigned: the sum may leave the range of int32, but never for an x that is in reach.
      table[i] = static_cast<std::int32_t>(static_cast<std::uint32_t>(kExpTableSingle[i]) +
                                           (static_cast<std::uint32_t>(kScaleBits - power) << 23U));
      rests[i] = coefficients::kExpRestSingle[i] + static_cast<float>(correction);
    }
  }
  static int PowerOf(double max) {
    return static_cast<int>(max * std::numbers::log2e + (max < 0 ? -0.5 : 0.5));
  }
  // The result is unit + unit * tail.
  ACTFN_PIECE SingleExpParts<kSingleVectors> operator()(const float* from) const {
    return Of(AtLeast(min_x, LoadLanes<Floats>(from)));
  }
  // The same for x + (rest + …), whose terms after x are below 2^-14.
  template <class... Rest>
  ACTFN_PIECE SingleExpParts<kSingleVectors> Of(const Floats& x, const Rest&... rest_of_x) const {
    using V = Floats;
    // Adding 1.5 * 2^23 rounds 8 x / ln 2 to the whole number k, which is then in the low bits.
    const V magic = 0x1.8p23;
    const V shifted = Fma(x, 0x1.715476p3, magic);
    const V k = shifted - magic;
    V unit, rest;
    for (std::size_t i = 0; i < kSingleVectors; ++i) {
      const Tag<std::int32_t> di;
      const auto bits = hn::BitCast(di, shifted.v[i]);
      // Entry j = k % 8 has the bits of 2^(j/8) less j 2^20; k 2^20 more are those of 2^(k/8).
      const auto entry = hn::BitCast(di, EighthEntry(table, bits));
      unit.v[i] = hn::BitCast(Tag<float>(), hn::Add(entry, hn::ShiftLeft<20>(bits)));
      rest.v[i] = EighthEntry(rests, bits);
    }
    const V small = (NegFma(k, coefficients::kLn2Single[1], rest) + ... + rest_of_x);
    const V r = NegFma(k, coefficients::kLn2Single[0], x) + small;
    return {unit, Fma(r * r, Polynomial(r, coefficients::kExpm1Single), r)};
  }
};

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
