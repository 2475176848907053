// The types of elements: the only place that maps the value of a Type to a C++ type.
#pragma once

#include <actfn/types.h>

#include <cstddef>
#include <string_view>
#include <utility>

namespace actfn::memory {

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

// Calls body.operator()<W>() with the type that results of `type` are computed in.
template <class Body>
decltype(auto) for_computed(Type type, Body&& body) {
  if (type == Type::float64) return body.template operator()<double>();
  return body.template operator()<float>();
}

// The size of one element in bytes.
constexpr std::ptrdiff_t size_of(Type type) {
  return type == Type::float64 ? 8 : type == Type::float32 ? 4 : 2;
}

inline std::string_view type_name(Type type) {
  return for_type(type, []<class T>() -> std::string_view { return kTypeName<T>; });
}

}  // namespace actfn::memory
