// SPDX-License-Identifier: Apache-2.0
// Elements of a type known at run time only, as files of other implementations hold them.
#pragma once

#include <actfn/tensor.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::conformance {

// f(T{}) for the type's T.
template <class F>
auto with_type(Type type, F&& f) {
  switch (type) {
    case Type::float32:
      return f(float{});
    case Type::float64:
      return f(double{});
    case Type::bfloat16:
      return f(bfloat16{});
    case Type::float16:
      break;
  }
  return f(float16{});
}

inline std::size_t size_of(Type type) {
  return with_type(type, [](auto zero) { return sizeof zero; });
}

inline std::string_view name_of(Type type) {
  return with_type(type, [](auto zero) -> std::string_view { return kTypeName<decltype(zero)>; });
}

class Buffer {
 public:
  Buffer() = default;
  Buffer(Type type, std::size_t size) : type_(type), bytes_(size * size_of(type)) {}
  // Little-endian bytes, as this machine's are.
  Buffer(Type type, std::string_view bytes) : type_(type), bytes_(bytes.size()) {
    std::transform(bytes.begin(), bytes.end(), bytes_.begin(),
                   [](char c) { return static_cast<std::byte>(c); });
  }

  Type type() const { return type_; }
  std::size_t size() const { return bytes_.size() / size_of(type_); }
  template <class T>
  T* data() {
    return reinterpret_cast<T*>(bytes_.data());
  }
  template <class T>
  const T* data() const {
    return reinterpret_cast<const T*>(bytes_.data());
  }

  double operator[](std::size_t i) const {
    return with_type(type_,
                     [&](auto zero) { return static_cast<double>(data<decltype(zero)>()[i]); });
  }
  // Rounds to the type: once, for what float32 holds exactly.
  void set(std::size_t i, double value) {
    with_type(type_, [&](auto zero) {
      using T = decltype(zero);
      if constexpr (sizeof(T) == 2) {
        data<T>()[i] = T(static_cast<float>(value));
      } else {
        data<T>()[i] = static_cast<T>(value);
      }
    });
  }

  ConstTensor tensor(const Shape& shape) const {
    return with_type(type_, [&](auto zero) { return ConstTensor(data<decltype(zero)>(), shape); });
  }
  Tensor tensor(const Shape& shape) {
    return with_type(type_, [&](auto zero) { return Tensor(data<decltype(zero)>(), shape); });
  }
  ConstTensor array() const {
    return with_type(type_, [&](auto zero) { return ConstTensor(data<decltype(zero)>(), size()); });
  }
  Tensor array() {
    return with_type(type_, [&](auto zero) { return Tensor(data<decltype(zero)>(), size()); });
  }

 private:
  Type type_ = Type::float32;
  std::vector<std::byte> bytes_;
};

}  // namespace actfn::conformance
