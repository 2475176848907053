// Checks the array arguments of public functions. They throw Error.
#pragma once

#include <actfn/activation.h>
#include <actfn/array.h>
#include <actfn/tensor.h>

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

// The name of the function that a list holds, as parse() reads it.
using functions::name_of;

// `who` is the name of the function that is called. Demands the same type and shape.
void check_same_shape(std::string_view who, NamedArray in, NamedArray out);
// Demands the same type and shape, and no overlap unless both are the same array.
void check_arrays(std::string_view who, NamedArray in, NamedArray out);

// Demands that they do not overlap.
void check_apart(std::string_view who, NamedArray a, NamedArray b);

bool is_contiguous(const ConstArray& a);

// What the checks of arrays and of tensors have in common: one text for one kind of mistake.
struct NamedType {
  std::string_view name;
  Type type;
};
struct NamedShape {
  std::string_view name;
  Shape shape;
};
void check_same(std::string_view who, const NamedType& in, const NamedType& out);
void check_same(std::string_view who, const NamedShape& in, const NamedShape& out);
[[noreturn]] void fail_overlap(std::string_view who, std::string_view in, std::string_view out,
                               bool may_be_same);

// "6 elements" of one dimension, else "the shape 2x3".
std::string size_text(const Shape& shape);
// A single row has one dimension.
Shape shape_of(const ConstArray& a);

std::string_view type_name(Type type);

// The size of one element in bytes.
constexpr std::ptrdiff_t size_of(Type type) {
  return type == Type::float64 ? 8 : type == Type::float32 ? 4 : 2;
}

}  // namespace actfn
