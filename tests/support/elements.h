// SPDX-License-Identifier: Apache-2.0
// The four types that arrays may have, as tests look at them: bits, special numbers, inputs.
#pragma once

#include <actfn/types.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <type_traits>
#include <vector>

#include "inputs.h"
#include "uniform.h"

namespace actfn::testing {

template <Element T>
using Bits = std::conditional_t<sizeof(T) == 8, std::uint64_t,
                                std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint16_t>>;

template <Element T>
Bits<T> bits(T x) {
  return std::bit_cast<Bits<T>>(x);
}

template <Element T>
std::vector<Bits<T>> bits(const std::vector<T>& x) {
  std::vector<Bits<T>> out;
  for (const T v : x) out.push_back(bits(v));
  return out;
}

// body.operator()<T>() for each type.
template <class Body>
void for_each_type(const Body& body) {
  body.template operator()<float>();
  body.template operator()<double>();
  body.template operator()<bfloat16>();
  body.template operator()<float16>();
}

// How many bits of precision, and the exponent of the smallest normal number.
template <Element T>
inline constexpr int kDigits = std::is_same_v<T, double>     ? 53
                               : std::is_same_v<T, float>    ? 24
                               : std::is_same_v<T, bfloat16> ? 8
                                                             : 11;
template <Element T>
inline constexpr int kLeastExponent = std::is_same_v<T, double>    ? -1022
                                      : std::is_same_v<T, float16> ? -14
                                                                   : -126;

// The spacing of T's numbers about `x`.
template <Element T>
double spacing(double x) {
  const int exponent = x == 0 ? kLeastExponent<T> : std::max(std::ilogb(x), kLeastExponent<T>);
  return std::ldexp(1.0, exponent - kDigits<T> + 1);
}

template <Element T>
T as(double x) {
  if constexpr (sizeof(T) == 8) {
    return x;
  } else {
    return T(static_cast<float>(x));
  }
}

// Largest, smallest normal, largest and smallest subnormal.
template <Element T>
double largest() {
  return std::ldexp(2 - std::ldexp(1.0, 1 - kDigits<T>), 1 - kLeastExponent<T>);
}
template <Element T>
double least_normal() {
  return std::ldexp(1.0, kLeastExponent<T>);
}
template <Element T>
double least() {
  return spacing<T>(0);
}

// Zeros, infinities, a NaN, and the ends of the ranges of normal and subnormal numbers.
template <Element T>
std::vector<T> specials() {
  std::vector<T> xs;
  for (const double a :
       {0.0, least<T>(), 3 * least<T>(), least_normal<T>() - least<T>(), least_normal<T>(),
        largest<T>(), std::numeric_limits<double>::infinity()}) {
    xs.push_back(as<T>(a));
    xs.push_back(as<T>(-a));
  }
  xs.push_back(as<T>(std::numeric_limits<double>::quiet_NaN()));
  return xs;
}

// NaN of either sign, quiet and signalling, with and without payload.
template <Element T>
std::vector<T> nans() {
  constexpr int kFraction = kDigits<T> - 1;
  constexpr auto kQuiet = static_cast<Bits<T>>(Bits<T>{1} << (kFraction - 1));
  const auto infinity = bits(as<T>(std::numeric_limits<double>::infinity()));
  const auto minus = bits(as<T>(-0.0));
  std::vector<T> all;
  for (const unsigned payload : {1U, 0x15U, 0U}) {
    const auto quiet = static_cast<Bits<T>>(infinity | kQuiet | payload);
    const auto signalling = static_cast<Bits<T>>(infinity | payload);
    all.push_back(std::bit_cast<T>(quiet));
    all.push_back(std::bit_cast<T>(static_cast<Bits<T>>(quiet | minus)));
    if (payload == 0) continue;
    all.push_back(std::bit_cast<T>(signalling));
    all.push_back(std::bit_cast<T>(static_cast<Bits<T>>(signalling | minus)));
  }
  return all;
}

// specials(), and n numbers where activations bend and far out.
template <Element T>
std::vector<T> inputs(std::size_t n, unsigned seed) {
  std::vector<T> xs = specials<T>();
  std::mt19937 random(seed);
  const Uniform near(-20, 20);
  const Uniform exponent(kLeastExponent<T>, -kLeastExponent<T>);
  for (std::size_t i = 0; i < n; ++i) {
    const double size = std::exp2(exponent(random));
    const double far = std::copysign(size, near(random));
    xs.push_back(as<T>(i % 8 == 0 ? far : near(random)));
  }
  return xs;
}

// float64 inputs: where e^x and the Gauss tail end, roots, kinks, and all magnitudes; at most
// 1e280, so that a parameter of 1e20 times them is finite.
inline const std::vector<double>& landmarks64() {
  static const std::vector<double> all = [] {
    std::vector<double> xs = {0.0, -0.0};
    for (const double a :
         {0x1p-1074, 0x1p-1060, 0x1p-1023, 0x1p-1022, 1e-300, 1e-160, 1e-100, 1e-30,  1e-16,
          1e-8,      1e-5,      0.01,      0.125,     0.3,    0.5,    0.693,  0.7518, 1.0,
          1.1924,    1.27846,   2.0,       3.0,       6.0,    10.0,   14.6,   20.0,   36.7,
          37.5,      38.6,      39.0,      52.0,      100.0,  160.0,  355.0,  500.0,  700.0,
          708.0,     709.78,    720.0,     745.0,     745.2,  750.0,  1500.0, 1e4,    1e8,
          1e10,      1e16,      1e18,      1e30,      1e100,  1e200,  1e280}) {
      for (const double s : {a, -a}) {
        xs.push_back(s);
        xs.push_back(std::nextafter(s, 0));
        xs.push_back(std::nextafter(s, 2 * s));
      }
    }
    return xs;
  }();
  return all;
}

inline std::vector<double> sample64(int n, unsigned seed) {
  std::vector<double> xs = landmarks64();
  n /= kSampleDivisor;
  std::mt19937_64 random(seed);
  const Uniform exponent(-40, 10);
  const Uniform near(-40, 40);
  for (int i = 0; i < n; ++i) {
    const double size = std::exp2(exponent(random));
    const double far = std::copysign(size, near(random));
    xs.push_back(i % 2 == 0 ? far : near(random));
  }
  return xs;
}

}  // namespace actfn::testing
