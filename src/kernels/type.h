// SPDX-License-Identifier: Apache-2.0
// The types of elements: the only place that maps the value of a Type to a C++ type.
#pragma once

#include <actfn/types.h>

#include <cstddef>
#include <limits>
#include <utility>

namespace actfn::kernels {

// Calls body.operator()<T>() with the type T that `type` names.
template <class Body>
decltype(auto) for_type(Type type, Body&& body) {
  switch (type) {
    case Type::float64:
      return body.template operator()<double>();
    case Type::bfloat16:
      return body.template operator()<bfloat16>();
    case Type::float16:
      return body.template operator()<float16>();
    case Type::float32:
      break;
  }
  return body.template operator()<float>();
}

// The type that results of `type` are computed in.
constexpr Type computed(Type type) { return type == Type::float64 ? type : Type::float32; }

// Calls body.operator()<W>() with that type.
template <class Body>
decltype(auto) for_computed(Type type, Body&& body) {
  if (type == Type::float64) return body.template operator()<double>();
  return body.template operator()<float>();
}

// The size of one element in bytes.
constexpr std::size_t size_of(Type type) {
  return type == Type::float64 ? 8 : type == Type::float32 ? 4 : 2;
}

// The result y: every NaN is the canonical one, as for StoreResults() in kernels/memory.h.
template <class T>
constexpr T canonical(T y) {
  return y == y ? y : std::numeric_limits<T>::quiet_NaN();
}

}  // namespace actfn::kernels
