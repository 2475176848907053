// SPDX-License-Identifier: Apache-2.0
#include "catalogue/shape.h"

#include "catalogue/error.h"

#include <algorithm>

namespace actfn {
std::string text(const Shape& shape) {
  if (shape.count() == 0) return "()";
  std::string all;
  for (const std::size_t length : shape) all += (all.empty() ? "" : "x") + std::to_string(length);
  return all;
}

std::string size_text(const Shape& shape) {
  if (shape.count() != 1) return "the shape " + text(shape);
  return std::to_string(shape[0]) + (shape[0] == 1 ? " element" : " elements");
}

std::size_t axis_of(std::string_view who, int axis, std::string_view name, const Shape& shape) {
  const int count = static_cast<int>(std::max<std::size_t>(shape.count(), 1));
  if (axis < -count || axis >= count) {
    fail(who, {"axis ", axis, " is out of range: ", name, " has the shape ", text(shape)});
  }
  return static_cast<std::size_t>(axis < 0 ? axis + count : axis);
}

}  // namespace actfn
