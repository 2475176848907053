// SPDX-License-Identifier: Apache-2.0
#include "math/half_pi_remainder.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
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
std::uint64_t two_over_pi_bits(int at) {
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

// The bytes of 2/pi, the most significant first, behind kBefore bytes of zeros.
constexpr int kBefore = 8;
constexpr auto kBytes = [] {
  std::array<unsigned char, kBefore + 8 * kWords> bytes = {};
  for (std::size_t i = 0; i < 8 * kWords; ++i) {
    bytes[kBefore + i] = static_cast<unsigned char>(kTwoOverPi[i / 8] >> (56 - i % 8 * 8));
  }
  return bytes;
}();

// 64 bits from a byte on.
std::uint64_t eight_bytes(const unsigned char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return std::endian::native == std::endian::little ? __builtin_bswap64(word) : word;
}

// x = quarter pi/2 + rest; the quarter is at most 4 in magnitude. Range: |x| from 1 to 2^190.
struct ShortRemainder {
  int quarter;
  double rest;
};
ShortRemainder short_remainder(double x) {
  constexpr int kFractionBits = kPrecision - 1;
  constexpr std::uint64_t kImplicit = std::uint64_t{1} << kFractionBits;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  // The first bit of 2/pi whose product with the last one of x is no multiple of 4.
  const int first = static_cast<int>(bits >> kFractionBits & 0x7FF) - 1023 - kFractionBits - 2;
  const int place = first + 8 * kBefore;
  const std::uint64_t mantissa = ((bits & (kImplicit - 1)) | kImplicit) << (place % 8);
  const unsigned char* const window = kBytes.data() + place / 8;
  const auto part = [&](int i) {
    return static_cast<Wide>(mantissa) * eight_bytes(window + std::ptrdiff_t{8} * i);
  };
  // Two bits of quarter turns, then 126 of fraction; measured from the nearest quarter.
  const Wide turns = (part(0) << 64) + part(1) + (part(2) >> 64);
  const Wide quarter = (turns + (static_cast<Wide>(1) << 125)) >> 126;
  const Wide gap = turns - (quarter << 126);
  // Without branches: the signs are random.
  const auto sign = static_cast<std::uint64_t>(gap >> 127);
  const Wide size = (gap ^ -static_cast<Wide>(sign)) + sign;
  constexpr double kHalfPi = 0x1.921fb54442d18p0;
  const double rest =
      (static_cast<double>(static_cast<std::int64_t>(size >> 64)) * 0x1p-62 +
       static_cast<double>(static_cast<std::int64_t>(static_cast<std::uint64_t>(size) >> 1)) *
           0x1p-125) *
      kHalfPi;
  const std::uint64_t negative = bits >> 63;
  const int n = static_cast<int>(quarter);
  const int flip = -static_cast<int>(negative);
  return {(n ^ flip) - flip,
          std::bit_cast<double>(std::bit_cast<std::uint64_t>(rest) ^ (sign ^ negative) << 63)};
}

}  // namespace

void remainders_by_half_pi(const float* x, double factor, double least, std::size_t n,
                           const ShortRemainders& all) {
  for (std::size_t i = 0; i < n; ++i) {
    const double z = static_cast<double>(x[i]) * factor;
    if (!(std::abs(z) >= least && std::abs(z) < 0x1p190)) continue;
    const ShortRemainder r = short_remainder(z);
    all.quarters[i] = 0x1.8p23F + static_cast<float>(r.quarter);
    all.rest[i] = static_cast<float>(r.rest);
    all.rest_lo[i] = static_cast<float>(r.rest - static_cast<double>(all.rest[i]));
  }
}

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
