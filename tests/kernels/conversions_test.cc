// SPDX-License-Identifier: Apache-2.0
// bfloat16 and float16 to and from float: against arithmetic in double, for every pattern; and the
// conversions of arrays against those of single numbers.
#include <gtest/gtest.h>

#include "elements.h"
#include "kernels/blocks.h"
#include "targets.h"

namespace actfn {
namespace {

using testing::bits;
using testing::kDigits;
using testing::kLeastExponent;

template <class T>
std::vector<T> all_patterns() {
  std::vector<T> all;
  for (unsigned u = 0; u < 0x10000; ++u) all.push_back(std::bit_cast<T>(static_cast<uint16_t>(u)));
  return all;
}

// What IEEE 754 says that the pattern means.
template <class T>
double decoded(T x) {
  const int fraction_bits = kDigits<T> - 1;
  const unsigned magnitude = x.bits & 0x7FFFU;
  const auto exponent = static_cast<int>(magnitude >> fraction_bits);
  const auto fraction = static_cast<double>(magnitude & ((1U << fraction_bits) - 1));
  const double sign = (x.bits & 0x8000U) != 0 ? -1 : 1;
  if (exponent == 3 - 2 * kLeastExponent<T>) {
    return fraction == 0 ? sign * INFINITY : std::numeric_limits<double>::quiet_NaN();
  }
  const double significand = fraction + (exponent == 0 ? 0 : std::ldexp(1.0, fraction_bits));
  return sign *
         std::ldexp(significand, std::max(exponent, 1) - 1 + kLeastExponent<T> - fraction_bits);
}

// The number of type T nearest to x, of two equally near ones the even one.
template <class T>
double rounded(double x) {
  if (x == 0 || std::isinf(x)) return x;
  const double unit = testing::spacing<T>(x);
  const double y = std::nearbyint(x / unit) * unit;
  return std::abs(y) > testing::largest<T>() ? std::copysign(INFINITY, x) : y;
}

template <class T>
constexpr unsigned kCanonicalNan = std::is_same_v<T, bfloat16> ? 0x7FC0 : 0x7E00;

// The first float at which T(x) is not the nearest number; 0: none.
template <class T>
float first_wrong(std::span<const float> xs) {
  for (const float x : xs) {
    const T got(x);
    if (std::isnan(x)) {
      if (got.bits != kCanonicalNan<T>) return x;
      continue;
    }
    const double want = rounded<T>(static_cast<double>(x));
    if (static_cast<double>(float{got}) != want || std::signbit(float{got}) != std::signbit(x)) {
      return x;
    }
  }
  return 0;
}

// Every number of type T, the middle between it and the next, and the floats beside both.
template <class T>
std::vector<float> about_every_number() {
  std::vector<float> xs;
  for (const T x : all_patterns<T>()) {
    const float a = x;
    const auto above = static_cast<std::uint16_t>(x.bits + 1);
    const float middle = a / 2 + float{std::bit_cast<T>(above)} / 2;
    for (const float v : {a, middle}) {
      xs.push_back(v);
      xs.push_back(std::nextafter(v, INFINITY));
      xs.push_back(std::nextafter(v, -INFINITY));
    }
  }
  return xs;
}

std::vector<float> random_floats() {
  std::mt19937 random(5);
  std::vector<float> xs;
  for (int i = 0; i < 1000000; ++i) {
    xs.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(random())));
  }
  return xs;
}

template <class T>
class Conversion : public ::testing::Test {};
using SixteenBits = ::testing::Types<bfloat16, float16>;
TYPED_TEST_SUITE(Conversion, SixteenBits);

TYPED_TEST(Conversion, ToFloatIsWhatThePatternMeans) {
  using T = TypeParam;
  for (const T x : all_patterns<T>()) {
    const double want = decoded(x);
    if (std::isnan(want)) {
      ASSERT_TRUE(std::isnan(float{x}));
      ASSERT_EQ(std::signbit(float{x}), (x.bits & 0x8000U) != 0);
    } else {
      ASSERT_EQ(bits(float{x}), bits(static_cast<float>(want))) << x.bits;
    }
  }
}

TYPED_TEST(Conversion, ThereAndBackIsThePattern) {
  using T = TypeParam;
  for (const T x : all_patterns<T>()) {
    const T back(float{x});
    ASSERT_EQ(back.bits, std::isnan(float{x}) ? kCanonicalNan<T> : x.bits);
  }
}

TYPED_TEST(Conversion, FromFloatRoundsToTheNearestTiesToEven) {
  const auto wrong = first_wrong<TypeParam>(about_every_number<TypeParam>());
  EXPECT_EQ(wrong, 0) << std::hexfloat << wrong;
  const auto wrong_random = first_wrong<TypeParam>(random_floats());
  EXPECT_EQ(wrong_random, 0) << std::hexfloat << wrong_random;
}

TYPED_TEST(Conversion, OverflowBeginsHalfAStepBeyondTheLargest) {
  using T = TypeParam;
  const double largest = testing::largest<T>();
  const auto tie = static_cast<float>(largest + testing::spacing<T>(largest) / 2);
  for (const float s : {1.0F, -1.0F}) {
    EXPECT_EQ(float{T(s * tie)}, s * INFINITY);
    EXPECT_EQ(float{T(s * std::nextafter(tie, 0.0F))}, s * static_cast<float>(largest));
    EXPECT_EQ(float{T(s * std::numeric_limits<float>::infinity())}, s * INFINITY);
  }
}

TYPED_TEST(Conversion, IsAConstantExpression) {
  static_assert(float{TypeParam(1.5F)} == 1.5F);
  static_assert(float{TypeParam(-0x1p-14F)} == -0x1p-14F);
}

// One element short of whole vectors, so that the last ones go by the scalar way.
TYPED_TEST(Conversion, OfArraysGivesTheBitsOfThatOfNumbers) {
  using T = TypeParam;
  auto xs = about_every_number<T>();
  for (const float nan : testing::nans<float>()) xs.push_back(nan);
  std::vector<T> narrow;
  for (const float x : xs) narrow.push_back(T(x));
  const auto patterns = all_patterns<T>();
  std::vector<float> wide;
  for (const T x : patterns) wide.push_back(x);
  for (const auto target : testing::running_targets()) {
    const auto& conversion = kernels::conversions(target).of(kTypeOf<T>);
    std::vector<T> narrowed(xs.size());
    conversion.narrow(xs.data(), narrowed.data(), xs.size());
    EXPECT_EQ(bits(narrowed), bits(narrow)) << testing::name_of(target);
    std::vector<float> widened(patterns.size());
    conversion.widen(patterns.data() + 1, widened.data() + 1, patterns.size() - 1);
    for (std::vector<float>* floats : {&widened, &wide}) {  // instructions make NaN quiet
      for (float& x : *floats) {
        const auto u = std::bit_cast<std::uint32_t>(x);
        if (std::isnan(x)) x = std::bit_cast<float>(u | 0x400000U);
      }
    }
    EXPECT_EQ(bits(widened), bits(wide)) << testing::name_of(target);
  }
}

}  // namespace
}  // namespace actfn
