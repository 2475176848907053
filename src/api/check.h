// What the public functions demand of arrays, and the errors that say so.
#pragma once

#include <actfn/activation.h>
#include <actfn/array.h>

#include "catalogue/descriptor.h"
#include "catalogue/error.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace actfn {

struct NamedArray {
  std::string_view name;
  const ConstArray& data;
};

// The name of the function that a list holds, as texts have it.
using functions::name_of;

// The same type and shape.
void check_same_shape(std::string_view who, NamedArray in, NamedArray out);
// And no overlap but of equal arrays. `who` is a function's name.
void check_arrays(std::string_view who, NamedArray in, NamedArray out);

// No overlap at all.
void check_apart(std::string_view who, NamedArray a, NamedArray b);

bool is_contiguous(const ConstArray& a);

// "2x3", or "6 elements" of a contiguous array.
std::string shape_text(const ConstArray& a);

std::string_view type_name(Type type);

// In bytes, of one element.
constexpr std::ptrdiff_t size_of(Type type) {
  return type == Type::float64 ? 8 : type == Type::float32 ? 4 : 2;
}

}  // namespace actfn
