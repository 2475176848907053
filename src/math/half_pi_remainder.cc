// SPDX-License-Identifier: Apache-2.0
#include "math/half_pi_remainder.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace actfn::math {
namespace {

__extension__ using Wide = unsigned __int128;

// 2/pi in words of 64 bits, after the binary point (tools/coefficients.py).
constexpr std::uint64_t kTwoOverPi[] = {
#include "math/two_over_pi.inc"
};
constexpr int kWords = sizeof(kTwoOverPi) / sizeof(kTwoOverPi[0]);

constexpr int kPrecision = std::numeric_limits<double>::digits;

// 64 bits of 2/pi, the first being bit `at` after the binary point; bits before the point are 0.
constexpr std::uint64_t two_over_pi_bits(int at) {
  const int word = at >= 0 ? at / 64 : -((-at + 63) / 64);
  const int shift = at - word * 64;
  const auto of = [](int i) { return i < 0 || i >= kWords ? 0 : kTwoOverPi[i]; };
  return shift == 0 ? of(word) : (of(word) << shift) | (of(word + 1) >> (64 - shift));
}

// A number of quarter turns modulo 4: the whole part in the top two bits, then 254 bits of
// fraction.
struct Fraction {
  std::uint64_t word[4] = {};  // most significant first
};

Fraction sum(const Fraction& a, const Fraction& b) {
  Fraction r;
  Wide carry = 0;
  for (int i = 3; i >= 0; --i) {
    carry += static_cast<Wide>(a.word[i]) + b.word[i];
    r.word[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  return r;
}

Fraction negated(const Fraction& a) {
  Fraction r;
  for (int i = 0; i < 4; ++i) r.word[i] = ~a.word[i];
  return sum(r, Fraction{{0, 0, 0, 1}});
}

// |x| 2^lift 2/pi modulo 4, negated for x < 0.
Fraction quarters(double x, int lift) {
  if (x == 0) return {};
  const int unit = std::ilogb(x) - (kPrecision - 1);  // |x| = mantissa * 2^unit
  const auto mantissa = static_cast<std::uint64_t>(std::ldexp(std::abs(x), -unit));
  const int exponent = unit + lift;
  // Bits of 2/pi before exponent - 2 contribute multiples of 4. The product with the 64 bits after
  // the last word only gives the carry into it.
  Fraction r;
  Wide carry = (static_cast<Wide>(mantissa) * two_over_pi_bits(exponent - 2 + 256)) >> 64;
  for (int i = 3; i >= 0; --i) {
    carry += static_cast<Wide>(mantissa) * two_over_pi_bits(exponent - 2 + 64 * i);
    r.word[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  return x < 0 ? negated(r) : r;
}

// 64 bits of f, the first being `bit`; bits after the last one are 0.
std::uint64_t bits_from(const Fraction& f, int bit) {
  const auto word = [&f](int i) { return i < 4 ? f.word[i] : 0; };
  const int w = bit / 64;
  const int s = bit % 64;
  return s == 0 ? word(w) : (word(w) << s) | (word(w + 1) >> (64 - s));
}

int leading_zeros(const Fraction& f) {
  int word = 0;
  while (word < 3 && f.word[word] == 0) ++word;
  return 64 * word + std::countl_zero(f.word[word]);
}

// The kPrecision bits from `bit` on, as a double. Bit 0 has the value 2, because two bits precede
// the point; so the bits count multiples of 2^(2 - bit - kPrecision).
double number_from(const Fraction& f, int bit) {
  return std::ldexp(static_cast<double>(bits_from(f, bit) >> (64 - kPrecision)),
                    2 - bit - kPrecision);
}

// Range: n from -1022 to 1023.
constexpr double power_of_two(int n) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(n + 1023) << (kPrecision - 1));
}

constexpr TwoOverPi two_over_pi_parts() {
  TwoOverPi all = {};
  for (int e = 0; e < kAnglesEnd; ++e) {
    // The last bit of x is at least 2^(e - 52): the first bits of 2/pi make multiples of 4.
    int at = e - kPrecision - 1;
    for (int i = 0; i < 3; ++i) {
      const std::uint64_t bits = two_over_pi_bits(at) >> (64 - kPrecision);
      at += kPrecision;
      all.part[e][i] = static_cast<double>(bits) * power_of_two(-at);
    }
  }
  return all;
}

}  // namespace

constexpr TwoOverPi kTwoOverPiFrom = two_over_pi_parts();

HalfPiRemainder remainder_by_half_pi(double hi, double lo, int lift) {
  if (!std::isfinite(hi)) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    return {0, nan, 0};
  }
  constexpr std::uint64_t kFractionBits = ~std::uint64_t{0} >> 2;  // of the first word
  Fraction f = sum(quarters(hi, lift), quarters(lo, lift));
  int quarter = static_cast<int>(f.word[0] >> 62);
  f.word[0] &= kFractionBits;
  const bool upper = (f.word[0] >> 61) != 0;  // at least one half: measure from the next quarter
  quarter += upper ? 1 : 0;
  if (upper) {
    f = negated(f);
    f.word[0] &= kFractionBits;
  }
  // The fraction as the sum of two doubles, without its leading zeros.
  const int start = leading_zeros(f);
  const double top = number_from(f, start);
  const double rest = number_from(f, start + kPrecision);
  const double sign = upper ? -1 : 1;
  // Times pi/2, in double-double.
  constexpr double kHalfPi = 0x1.921fb54442d18p0;
  constexpr double kHalfPiLow = 0x1.1a62633145c07p-54;
  const double product = top * kHalfPi;
  const double error = std::fma(top, kHalfPi, -product);
  const double low = error + (top * kHalfPiLow + rest * kHalfPi);
  const double y = product + low;
  return {static_cast<double>(quarter), sign * y, sign * (low - (y - product))};
}

}  // namespace actfn::math
