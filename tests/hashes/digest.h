// SPDX-License-Identifier: Apache-2.0
// Output bits into one number.
#pragma once

#include <actfn/tensor.h>
#include <actfn/types.h>

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <type_traits>

namespace actfn::hashes {

template <class T>
using Bits = std::conditional_t<sizeof(T) == 8, std::uint64_t,
                                std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint16_t>>;

// SplitMix64's finalizer.
constexpr std::uint64_t mix(std::uint64_t z) {
  z += 0x9E3779B97F4A7C15U;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

template <class T>
std::uint64_t output_bits(T y) {
  constexpr std::uint64_t kCanonicalNan = sizeof(T) == 8                ? 0x7FF8000000000000
                                          : sizeof(T) == 4              ? 0x7FC00000
                                          : std::is_same_v<T, bfloat16> ? 0x7FC0
                                                                        : 0x7E00;
  const std::uint64_t all = std::bit_cast<Bits<T>>(y);
  return all == kCanonicalNan ? 0x7FF8 : all;
}

// Of outputs in their order. Lanes hide what a multiplication takes.
template <class T>
std::uint64_t hash_of(std::span<const T> y) {
  constexpr std::size_t kLanes = 8;
  std::array<std::uint64_t, kLanes> h{};
  for (std::size_t i = 0; i < y.size(); ++i) {
    std::uint64_t& lane = h[i % kLanes];
    lane = std::rotl((lane ^ output_bits(y[i])) * 0x9E3779B97F4A7C15U, 29);
  }
  std::uint64_t all = y.size();
  for (const std::uint64_t lane : h) all = mix(all ^ lane);
  return all;
}

// body.operator()<T>() for the type T that `type` names.
template <class Body>
auto for_type(Type type, const Body& body) {
  switch (type) {
    case Type::float64:
      return body.template operator()<double>();
    case Type::bfloat16:
      return body.template operator()<bfloat16>();
    case Type::float16:
      return body.template operator()<float16>();
    default:
      return body.template operator()<float>();
  }
}

}  // namespace actfn::hashes
