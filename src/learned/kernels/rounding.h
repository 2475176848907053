// Conversion of doubles to elements of any type, with one rounding.
#pragma once

#include <actfn/array.h>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace actfn::learned {

// Rounds `value` to odd: if it is no float, to the neighbouring float whose last bit is 1. Rounding
// the result to 16 bits gives the same as rounding `value` directly.
inline float to_odd(double value) {
  const auto nearest = static_cast<float>(value);
  if (!(std::abs(value) <= 0x1.fffffep127) || static_cast<double>(nearest) == value) return nearest;
  auto bits = std::bit_cast<std::uint32_t>(nearest);
  if (std::abs(static_cast<double>(nearest)) > std::abs(value)) --bits;
  return std::bit_cast<float>(bits | 1U);
}

template <Element T>
T rounded(double value) {
  if constexpr (sizeof(T) == 2) {
    return T(to_odd(value));
  } else {
    return static_cast<T>(value);
  }
}

// Writes the elements of `to` in row-major order.
inline void round_to(const double* from, const Array& to) {
  const auto write = [&]<class T>() {
    for (std::size_t r = 0; r < to.rows(); ++r) {
      T* at = to.data<T>() + static_cast<std::ptrdiff_t>(r) * to.row_stride();
      for (std::size_t c = 0; c < to.columns(); ++c, at += to.column_stride()) {
        *at = rounded<T>(*from++);
      }
    }
  };
  switch (to.type()) {
    case Type::float32:
      return write.template operator()<float>();
    case Type::float64:
      return write.template operator()<double>();
    case Type::bfloat16:
      return write.template operator()<bfloat16>();
    case Type::float16:
      return write.template operator()<float16>();
  }
}

}  // namespace actfn::learned
