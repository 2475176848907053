#include "api/check.h"

#include "api/tensors.h"
#include "catalogue/shape.h"

#include <actfn/catalogue.h>
#include <actfn/error.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace actfn {
namespace {

// The addresses of the first byte and of the one after the last. They are numbers because C++ does
// not define comparisons of pointers into different arrays.
struct Extent {
  std::intptr_t begin, end;
};

Extent extent(const ConstArray& a) {
  const auto at = reinterpret_cast<std::intptr_t>(a.address());
  if (a.size() == 0) return {at, at};
  const std::ptrdiff_t bytes = size_of(a.type());
  const std::ptrdiff_t down = static_cast<std::ptrdiff_t>(a.rows() - 1) * a.row_stride();
  const std::ptrdiff_t across = static_cast<std::ptrdiff_t>(a.columns() - 1) * a.column_stride();
  const std::ptrdiff_t low =
      std::min<std::ptrdiff_t>(0, down) + std::min<std::ptrdiff_t>(0, across);
  const std::ptrdiff_t high =
      std::max<std::ptrdiff_t>(0, down) + std::max<std::ptrdiff_t>(0, across);
  return {at + low * bytes, at + (high + 1) * bytes};
}

bool same_strides(const ConstArray& a, const ConstArray& b) {
  return a.type() == b.type() && (a.rows() <= 1 || a.row_stride() == b.row_stride()) &&
         (a.columns() <= 1 || a.column_stride() == b.column_stride());
}

bool same(const ConstArray& a, const ConstArray& b) {
  return a.address() == b.address() && a.rows() == b.rows() && a.columns() == b.columns() &&
         same_strides(a, b);
}

// Whether two arrays of the same strides whose extents overlap are interleaved and share no
// element: each has every second element, or they are different columns of one matrix.
bool interleaved(const ConstArray& a, const ConstArray& b) {
  const std::ptrdiff_t bytes = size_of(a.type());
  const std::ptrdiff_t distance_in_bytes = std::abs(reinterpret_cast<std::intptr_t>(a.address()) -
                                                    reinterpret_cast<std::intptr_t>(b.address()));
  const std::ptrdiff_t column = std::abs(a.column_stride());
  const std::ptrdiff_t row = std::abs(a.row_stride());
  if (!same_strides(a, b) || distance_in_bytes % bytes != 0) return false;
  const std::ptrdiff_t distance = distance_in_bytes / bytes;
  if (column > 1 && (a.rows() <= 1 || row % column == 0)) return distance % column != 0;
  const std::ptrdiff_t width = static_cast<std::ptrdiff_t>(a.columns() - 1) * column + 1;
  if (row < width) return false;
  return distance % row >= width && distance % row + width <= row;
}

bool overlap(const ConstArray& a, const ConstArray& b) {
  const Extent x = extent(a);
  const Extent y = extent(b);
  if (x.end <= y.begin || y.end <= x.begin || a.size() == 0 || b.size() == 0) return false;
  return !interleaved(a, b);
}

// Whether two elements have the same address.
bool touches_itself(const ConstArray& a) {
  const std::ptrdiff_t row = std::abs(a.row_stride());
  const std::ptrdiff_t column = std::abs(a.column_stride());
  const auto rows = static_cast<std::ptrdiff_t>(a.rows());
  const auto columns = static_cast<std::ptrdiff_t>(a.columns());
  if (rows <= 1) return columns > 1 && column == 0;
  if (columns <= 1) return row == 0;
  return !(row > (columns - 1) * column && column > 0) && !(column > (rows - 1) * row && row > 0);
}

}  // namespace

std::string_view type_name(Type type) {
  switch (type) {
    case Type::float32:
      return "float32";
    case Type::float64:
      return "float64";
    case Type::bfloat16:
      return "bfloat16";
    case Type::float16:
      return "float16";
  }
  return "";
}

bool is_contiguous(const ConstArray& a) {
  return (a.columns() <= 1 || a.column_stride() == 1) &&
         (a.rows() <= 1 || a.row_stride() == static_cast<std::ptrdiff_t>(a.columns()));
}

std::string size_text(const Shape& shape) {
  if (shape.count() != 1) return "the shape " + text(shape);
  return std::to_string(shape[0]) + (shape[0] == 1 ? " element" : " elements");
}

Shape shape_of(const ConstArray& a) {
  return a.rows() == 1 ? Shape{a.columns()} : Shape{a.rows(), a.columns()};
}

void check_same(std::string_view who, const NamedType& in, const NamedType& out) {
  if (in.type == out.type) return;
  fail(who, {out.name, " is ", type_name(out.type), ", ", in.name, " is ", type_name(in.type)});
}

void check_same(std::string_view who, const NamedShape& in, const NamedShape& out) {
  if (in.shape == out.shape) return;
  const bool alike = (in.shape.count() == 1) == (out.shape.count() == 1);
  fail(who, {out.name, " has ", size_text(out.shape), ", ", in.name, " has ",
             alike ? text(in.shape) : size_text(in.shape)});
}

void fail_overlap(std::string_view who, std::string_view in, std::string_view out,
                  bool may_be_same) {
  fail(who, {out, " overlaps ", in, ": they must be ",
             may_be_same ? "the same or separate" : "separate"});
}

void check_same_shape(std::string_view who, NamedArray in, NamedArray out) {
  check_same(who, {in.name, in.data.type()}, {out.name, out.data.type()});
  check_same(who, {in.name, shape_of(in.data)}, {out.name, shape_of(out.data)});
}

void check_arrays(std::string_view who, NamedArray in, NamedArray out) {
  check_same_shape(who, in, out);
  if (touches_itself(out.data)) fail(who, {out.name, " has two elements at one address"});
  if (!same(in.data, out.data) && overlap(in.data, out.data)) {
    fail_overlap(who, in.name, out.name, true);
  }
}

void check_apart(std::string_view who, NamedArray a, NamedArray b) {
  if (overlap(a.data, b.data) || (same(a.data, b.data) && a.data.size() != 0)) {
    fail_overlap(who, a.name, b.name, false);
  }
}

}  // namespace actfn
