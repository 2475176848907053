// SPDX-License-Identifier: Apache-2.0
// Shapes and axes in error messages.
#pragma once

#include <actfn/tensor.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace actfn {

// "3x4", or "()" for a scalar.
std::string text(const Shape& shape);
// "6 elements" for one dimension, else "the shape 2x3".
std::string size_text(const Shape& shape);

// A negative axis counts from the end. A scalar counts as a row of one. Throws Error where the axis
// is out of range; `name` is what has the shape.
std::size_t axis_of(std::string_view who, int axis, std::string_view name, const Shape& shape);

}  // namespace actfn
