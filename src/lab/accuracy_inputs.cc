// SPDX-License-Identifier: Apache-2.0
#include "lab/accuracy_inputs.h"

#include <actfn/catalogue.h>
#include <actfn/types.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <type_traits>

namespace actfn::lab {
namespace {

template <class T>
using Bits = std::conditional_t<sizeof(T) == 8, std::uint64_t,
                                std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint16_t>>;

// SplitMix64's finalizer.
constexpr std::uint64_t mix(std::uint64_t i) {
  std::uint64_t z = (i + 1) * 0x9E3779B97F4A7C15U;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

// Where exponentials and their products with x turn subnormal, vanish and overflow, where 1 + e^-x
// rounds to 1, where derivatives have roots.
constexpr double kCommon[] = {0x1p-1074,
                              0x1p-1030,
                              0x1p-1022,
                              1e-300,
                              0x1p-149,
                              0x1p-140,
                              0x1p-127,
                              0x1p-126,
                              1e-30,
                              1e-20,
                              1e-16,
                              1e-10,
                              1e-8,
                              1e-5,
                              0.01,
                              0.1,
                              0.125,
                              0.25,
                              0.3,
                              0.34375,
                              0.5,
                              0.693,
                              0.6931471805599453,
                              0.7518,
                              0.751792,
                              1.0,
                              1.0986,
                              1.1924,
                              1.2784,
                              1.41421356,
                              1.5707963,
                              2.0,
                              2.3994,
                              3.0,
                              3.14159265,
                              5.0,
                              6.0,
                              7.0,
                              8.0,
                              8.3,
                              9.0,
                              10.0,
                              13.0,
                              14.0,
                              14.5,
                              16.6,
                              17.0,
                              17.3,
                              18.4,
                              19.0,
                              20.0,
                              27.0,
                              36.0,
                              36.7368,
                              37.43,
                              38.5,
                              50.0,
                              52.0,
                              60.0,
                              87.0,
                              87.3365,
                              88.7,
                              88.7228,
                              91.8,
                              100.0,
                              103.0,
                              103.97,
                              104.0,
                              108.6,
                              160.0,
                              500.0,
                              700.0,
                              708.3964,
                              709.78,
                              709.7827,
                              710.0,
                              715.0,
                              740.0,
                              744.44,
                              745.133,
                              750.0,
                              752.0,
                              760.0,
                              800.0,
                              1e4,
                              1e10,
                              1e15,
                              0x1p52,
                              0x1p53,
                              1e20,
                              1e30,
                              0x1p126,
                              3.4e38,
                              1e100,
                              1e300};

template <class T>
void add(std::vector<T>& all, double number) {
  for (const double signed_number : {number, -number}) {
    const T x = static_cast<T>(signed_number);
    all.push_back(x);
    all.push_back(std::nextafter(x, std::numeric_limits<T>::infinity()));
    all.push_back(std::nextafter(x, -std::numeric_limits<T>::infinity()));
  }
}

template <class T>
T uniform(std::uint64_t bits, double width) {
  const double unit = static_cast<double>(bits >> 11U) * 0x1p-52 - 1;  // from -1 to 1
  return static_cast<T>(unit * width);
}

template <class T>
T log_uniform(std::uint64_t bits) {
  const double mantissa = 1 + static_cast<double>(bits >> 12U) * 0x1p-52;
  const int exponent = static_cast<int>((bits >> 1U) % 41U) - 30;
  return static_cast<T>(std::ldexp((bits & 1U) != 0 ? -mantissa : mantissa, exponent));
}

}  // namespace

std::uint64_t random_bits(std::uint64_t i) { return mix(i); }

std::vector<double> own_numbers(const Function& f) {
  std::vector<double> parameters;
  for (const auto& p : info(f).parameters) {
    if (p.type == ParameterInfo::Type::number) parameters.push_back(p.get(f));
  }
  std::vector<double> all;
  for (const double a : parameters) {
    all.insert(all.end(), {a, 1 / a, -std::log(std::abs(a))});
    for (const double b : parameters) {
      all.insert(all.end(), {a * b, a / b, a + b, (1 - b) / a, b / -a});
    }
  }
  return all;
}

template <class T>
std::vector<T> landmarks(const Activation& f) {
  using Limits = std::numeric_limits<T>;
  std::vector<T> all = {Limits::quiet_NaN(), Limits::infinity(), -Limits::infinity(), Limits::max(),
                        Limits::lowest()};
  add(all, 0);
  for (const double number : kCommon) {
    if (std::abs(number) <= static_cast<double>(Limits::max())) add(all, number);
  }
  for (const double number : own_numbers(f)) {
    if (std::abs(number) <= static_cast<double>(Limits::max())) add(all, number);
  }
  return all;
}

template <class T>
std::vector<T> landmarks_for_sample(const Activation& f, std::uint64_t size) {
  const std::vector<T> all = landmarks<T>(f);
  const std::size_t count = std::min<std::size_t>(all.size(), size / 2);
  std::vector<T> some;
  for (std::size_t i = 0; i < count; ++i) some.push_back(all[i * all.size() / count]);
  return some;
}

template <class T>
T draw(std::uint64_t i) {
  const std::uint64_t bits = mix(i);
  switch (i % 4) {
    case 0:
      return std::bit_cast<T>(static_cast<Bits<T>>(bits));
    case 1:
      return log_uniform<T>(bits);
    case 2:
      return uniform<T>(bits, 20);
    default:
      return uniform<T>(bits, sizeof(T) == 8 ? 800 : 120);
  }
}

template <class T>
T pattern(std::uint64_t i) {
  T x;
  patterns(i, std::span(&x, 1));
  return x;
}

template <class T>
void patterns(std::uint64_t first, std::span<T> x) {
  constexpr std::uint64_t kHalf = std::uint64_t{1} << (8 * sizeof(T) - 1);
  const std::uint64_t left = first < kHalf ? kHalf - first : 0;
  const auto negative = static_cast<std::size_t>(std::min<std::uint64_t>(left, x.size()));
  auto bits = static_cast<Bits<T>>(2 * kHalf - 1 - first);
  for (T& at : x.first(negative)) at = std::bit_cast<T>(bits--);
  bits = static_cast<Bits<T>>(first + negative - kHalf);
  for (T& at : x.subspan(negative)) at = std::bit_cast<T>(bits++);
}

template std::vector<float> landmarks(const Activation&);
template std::vector<double> landmarks(const Activation&);
template std::vector<float> landmarks_for_sample(const Activation&, std::uint64_t);
template std::vector<double> landmarks_for_sample(const Activation&, std::uint64_t);
template float draw(std::uint64_t);
template double draw(std::uint64_t);
template float pattern(std::uint64_t);
template void patterns(std::uint64_t, std::span<float>);
template bfloat16 pattern(std::uint64_t);
template void patterns(std::uint64_t, std::span<bfloat16>);
template float16 pattern(std::uint64_t);
template void patterns(std::uint64_t, std::span<float16>);

}  // namespace actfn::lab
