// SPDX-License-Identifier: Apache-2.0
// The types that tensors may have: float, double, and two of 16 bits. Those two are for storage:
// they convert to and from float and have no arithmetic of their own.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace actfn {

/// The upper half of a float32: 8 bits of exponent, 8 of precision. Conversion from float rounds to
/// nearest, ties to even; NaN gives 0x7FC0.
///
///     std::vector<actfn::bfloat16> h(24, actfn::bfloat16(0.5F));
///     actfn::forward(actfn::Gelu{}, h, h);
///     const float first = h[0];
struct bfloat16 {
  std::uint16_t bits = 0;

  constexpr bfloat16() = default;
  constexpr explicit bfloat16(float value) {
    const auto u = std::bit_cast<std::uint32_t>(value);
    const bool nan = (u & 0x7FFFFFFFU) > 0x7F800000U;
    const std::uint32_t up = u + 0x7FFFU + ((u >> 16) & 1U);
    bits = static_cast<std::uint16_t>((nan ? 0x7FC00000U : up) >> 16);
  }
  constexpr operator float() const {  // NOLINT(google-explicit-constructor): nothing is lost
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
  }
};

/// IEEE 754 binary16: 5 bits of exponent, 11 of precision. Conversion from float rounds to nearest,
/// ties to even; magnitudes from 65520 on become infinity; NaN gives 0x7E00. Used like bfloat16.
struct float16 {
  std::uint16_t bits = 0;

  constexpr float16() = default;
  constexpr explicit float16(float value) {
    const auto u = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t magnitude = u & 0x7FFFFFFFU;
    const bool nan = magnitude > 0x7F800000U;
    bits = static_cast<std::uint16_t>(nan ? 0x7E00U : round(magnitude) | ((u >> 16) & 0x8000U));
  }
  constexpr operator float() const {  // NOLINT(google-explicit-constructor): nothing is lost
    const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000U) << 16;
    const std::uint32_t rest = bits & 0x7FFFU;
    // Exact, whatever the rounding mode and the handling of subnormal numbers may be.
    const float small = static_cast<float>(static_cast<int>(rest)) * 0x1p-24F;
    const std::uint32_t normal = (rest << 13) + (rest >= 0x7C00U ? 0x70000000U : 0x38000000U);
    return std::bit_cast<float>(sign |
                                (rest < 0x400U ? std::bit_cast<std::uint32_t>(small) : normal));
  }

 private:
  static constexpr std::uint32_t round(std::uint32_t magnitude) {
    if (magnitude >= 0x477FF000U) return 0x7C00U;  // from 65520 on
    if (magnitude >= 0x38800000U) {                // from 2^-14 on: normal
      return (magnitude + 0xC8000FFFU + ((magnitude >> 13) & 1U)) >> 13;
    }
    if (magnitude < 0x33000000U) return 0;  // below 2^-25, half of the smallest number
    const std::uint32_t shift = 126U - (magnitude >> 23);  // 14 to 24
    const std::uint32_t significand = (magnitude & 0x7FFFFFU) | 0x800000U;
    const std::uint32_t half = 1U << (shift - 1);
    return (significand + half - 1 + ((significand >> shift) & 1U)) >> shift;
  }
};

static_assert(sizeof(bfloat16) == 2 && sizeof(float16) == 2);

/// float, double, bfloat16 or float16.
template <class T>
concept Element = std::same_as<T, float> || std::same_as<T, double> || std::same_as<T, bfloat16> ||
                  std::same_as<T, float16>;

/// "float32", "float64", "bfloat16", "float16".
template <Element T>
inline constexpr const char* kTypeName = std::same_as<T, float>      ? "float32"
                                         : std::same_as<T, double>   ? "float64"
                                         : std::same_as<T, bfloat16> ? "bfloat16"
                                                                     : "float16";

/// The type of the elements of a tensor.
enum class Type { float32, float64, bfloat16, float16 };

/// The name of a type: type_name(Type::bfloat16) is "bfloat16".
constexpr std::string_view type_name(Type type) {
  constexpr std::string_view kNames[] = {"float32", "float64", "bfloat16", "float16"};
  return kNames[static_cast<int>(type)];
}

/// The Type of a C++ type: kTypeOf<float> is Type::float32.
template <Element T>
inline constexpr Type kTypeOf = std::same_as<T, float>      ? Type::float32
                                : std::same_as<T, double>   ? Type::float64
                                : std::same_as<T, bfloat16> ? Type::bfloat16
                                                            : Type::float16;

}  // namespace actfn
