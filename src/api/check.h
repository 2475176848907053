// What the public functions demand of arrays, and the errors that say so.
#pragma once

#include <actfn/activation.h>
#include <actfn/array.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace actfn {

struct NamedArray {
  std::string_view name;
  const ConstArray& data;
};

[[noreturn]] void fail(const Activation& f, const std::string& what);

// The same type and shape.
void check_same_shape(std::string_view who, NamedArray in, NamedArray out);
void check_same_shape(const Activation& f, NamedArray in, NamedArray out);
// And no overlap but of equal arrays. `who` is a function's name.
void check_arrays(std::string_view who, NamedArray in, NamedArray out);
void check_arrays(const Activation& f, NamedArray in, NamedArray out);

// No overlap at all.
void check_apart(const Activation& f, NamedArray a, NamedArray b);

bool is_contiguous(const ConstArray& a);

// "2x3", or "6 elements" of a contiguous array.
std::string shape_text(const ConstArray& a);

std::string_view type_name(Type type);

// In bytes, of one element.
constexpr std::ptrdiff_t size_of(Type type) {
  return type == Type::float64 ? 8 : type == Type::float32 ? 4 : 2;
}

}  // namespace actfn
