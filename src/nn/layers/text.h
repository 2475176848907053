// SPDX-License-Identifier: Apache-2.0
// Layers as text: "conv2d(in_channels=1,out_channels=6,kernel_size=5)".
#pragma once

#include <actfn/nn/layers.h>

#include "catalogue/number.h"
#include "catalogue/shape.h"

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace actfn::nn {

inline std::string argument(bool value) { return value ? "true" : "false"; }
inline std::string argument(int value) { return std::to_string(value); }
inline std::string argument(double value) { return write_number(value); }
inline std::string argument(const Activation& value) { return actfn::to_string(value); }
inline std::string argument(const Shape& value) { return actfn::text(value); }
inline std::string argument(const Size2d& value) {
  const std::string height = std::to_string(value.height);
  return value.height == value.width ? height : height + "x" + std::to_string(value.width);
}
inline std::string argument(const RowActivation& value) { return actfn::to_string(value); }
// "3:0": from 3 before to 0 behind; the diagonals are one where a sequence attends to itself.
inline std::string argument(const Window& value) {
  const auto side = [](const std::optional<std::size_t>& n) {
    return n ? std::to_string(*n) : std::string("none");
  };
  return side(value.left) + ":" + side(value.right);
}
template <class T>
std::string argument(const std::optional<T>& value) {
  return value ? argument(*value) : "none";
}

class Text {
 public:
  explicit Text(std::string_view name) : name_(name) {}

  template <class T>
  Text& add(std::string_view name, const T& value) {
    arguments_.append(arguments_.empty() ? "" : ",").append(name).append("=");
    arguments_.append(argument(value));
    return *this;
  }
  // Unless it is the default.
  template <class T>
  Text& add(std::string_view name, const T& value, const std::type_identity_t<T>& by_default) {
    return value == by_default ? *this : add(name, value);
  }
  std::string text() const { return arguments_.empty() ? name_ : name_ + "(" + arguments_ + ")"; }

 private:
  std::string name_, arguments_;
};

}  // namespace actfn::nn
