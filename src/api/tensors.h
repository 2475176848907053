// Checks the tensor arguments of public functions. They throw Error. `who` is the function's name
// as parse() reads it.
#pragma once

#include <actfn/tensor.h>

#include "api/check.h"
#include "catalogue/shape.h"

#include <initializer_list>
#include <string>
#include <string_view>

namespace actfn {

struct NamedTensor {
  std::string_view name;
  const ConstTensor& data;
};

// A negative axis counts from the end. A scalar counts as a row of one.
std::size_t axis_of(std::string_view who, int axis, const NamedTensor& x);

void check_same_type(std::string_view who, const NamedTensor& in, const NamedTensor& out);
// Demands the same type too.
void check_same_shape(std::string_view who, const NamedTensor& in, const NamedTensor& out);

// Compares the ranges of memory that the tensors span: interleaved tensors count as overlapping.
void check_apart(std::string_view who, const NamedTensor& a, const NamedTensor& b);
void check_in_place_or_apart(std::string_view who, const NamedTensor& in, const NamedTensor& out);
// Demands that no two elements of an output have the same address.
void check_writable(std::string_view who, const NamedTensor& out);

}  // namespace actfn
