#include <actfn/error.h>
#include <actfn/tensor.h>

#include "api/tensors.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

namespace actfn {
namespace {

Strides dense(const Shape& shape) {
  std::array<std::ptrdiff_t, kMaxDimensions> strides{};
  std::ptrdiff_t next = 1;
  for (std::size_t i = shape.count(); i-- > 0;) {
    strides[i] = next;
    next *= static_cast<std::ptrdiff_t>(shape[i]);
  }
  return Strides(std::span<const std::ptrdiff_t>(strides.data(), shape.count()));
}

std::size_t product(const Shape& shape) {
  std::size_t n = 1;
  for (const std::size_t length : shape) n *= length;
  return n;
}

void check_strides(std::string_view who, const Shape& shape, const Strides& strides) {
  if (shape.count() != strides.count()) {
    fail(who, {"shape has ", shape.count(), shape.count() == 1 ? " dimension" : " dimensions",
               ", strides has ", strides.count()});
  }
}

}  // namespace

template <class T>
Dimensions<T>::Dimensions(std::span<const T> numbers) : count_(numbers.size()) {
  if (numbers.size() > kMaxDimensions) {
    throw Error("[tensor] " + std::to_string(numbers.size()) + " dimensions, at most " +
                std::to_string(kMaxDimensions) + " are possible");
  }
  std::copy(numbers.begin(), numbers.end(), numbers_.begin());
}
template class Dimensions<std::size_t>;
template class Dimensions<std::ptrdiff_t>;

ConstTensor::ConstTensor(const void* data, Type type, const Shape& shape)
    : data_(data), type_(type), shape_(shape), strides_(dense(shape)) {}

ConstTensor::ConstTensor(const void* data, Type type, const Shape& shape, const Strides& strides)
    : data_(data), type_(type), shape_(shape), strides_(strides) {
  check_strides("tensor", shape, strides);
}

std::size_t ConstTensor::size() const { return product(shape_); }

const Shape& ConstTensor::checked(const Shape& shape, std::size_t size) {
  if (product(shape) != size) {
    fail("tensor", {"shape ", text(shape), " has ", size_text(Shape{product(shape)}),
                    ", the array has ", size});
  }
  return shape;
}

ConstMask::ConstMask(const bool* data, const Shape& shape)
    : ConstMask(reinterpret_cast<const std::uint8_t*>(data), shape) {
  static_assert(sizeof(bool) == 1);
}
ConstMask::ConstMask(const std::uint8_t* data, const Shape& shape)
    : data_(data), shape_(shape), strides_(dense(shape)) {}
ConstMask::ConstMask(const std::uint8_t* data, const Shape& shape, const Strides& strides)
    : data_(data), shape_(shape), strides_(strides) {
  check_strides("mask", shape, strides);
}

std::size_t axis_of(std::string_view who, int axis, const NamedTensor& x) {
  return axis_of(who, axis, x.name, x.data.shape());
}

void check_same_type(std::string_view who, const NamedTensor& in, const NamedTensor& out) {
  check_same(who, {in.name, in.data.type()}, {out.name, out.data.type()});
}

void check_same_shape(std::string_view who, const NamedTensor& in, const NamedTensor& out) {
  check_same_type(who, in, out);
  check_same(who, {in.name, in.data.shape()}, {out.name, out.data.shape()});
}

namespace {

// The addresses of the first byte of a tensor's memory and of the one after the last.
std::array<const char*, 2> extent(const ConstTensor& t) {
  const auto* const at = static_cast<const char*>(t.address());
  const std::ptrdiff_t bytes = size_of(t.type());
  std::ptrdiff_t low = 0, high = 1;
  for (std::size_t i = 0; i < t.dimensions(); ++i) {
    const auto reach = (static_cast<std::ptrdiff_t>(t.shape()[i]) - 1) * t.strides()[i];
    (reach < 0 ? low : high) += reach;
  }
  return {at + low * bytes, at + high * bytes};
}

bool overlap(const ConstTensor& a, const ConstTensor& b) {
  if (a.size() == 0 || b.size() == 0) return false;
  const auto x = extent(a);
  const auto y = extent(b);
  return x[0] < y[1] && y[0] < x[1];
}

// Ignores the strides of dimensions of length 1: they have no meaning.
bool same(const ConstTensor& a, const ConstTensor& b) {
  if (a.address() != b.address() || a.shape() != b.shape()) return false;
  for (std::size_t i = 0; i < a.dimensions(); ++i) {
    if (a.shape()[i] > 1 && a.strides()[i] != b.strides()[i]) return false;
  }
  return true;
}

}  // namespace

void check_apart(std::string_view who, const NamedTensor& a, const NamedTensor& b) {
  if (overlap(a.data, b.data)) fail_overlap(who, a.name, b.name, false);
}

void check_in_place_or_apart(std::string_view who, const NamedTensor& in, const NamedTensor& out) {
  if (same(in.data, out.data) || !overlap(in.data, out.data)) return;
  fail_overlap(who, in.name, out.name, in.data.shape() == out.data.shape());
}

void check_writable(std::string_view who, const NamedTensor& out) {
  // In order of size, each stride must be larger than the extent of the dimensions before it.
  std::vector<std::array<std::size_t, 2>> steps;  // stride, length
  if (out.data.size() == 0) return;
  for (std::size_t i = 0; i < out.data.dimensions(); ++i) {
    const std::size_t length = out.data.shape()[i];
    const std::ptrdiff_t stride = out.data.strides()[i];
    if (length > 1) steps.push_back({static_cast<std::size_t>(std::abs(stride)), length});
  }
  std::sort(steps.begin(), steps.end());
  std::size_t reach = 0;
  for (const auto [stride, length] : steps) {
    if (stride <= reach) {
      fail(who, {std::string(out.name) + " has two elements at one address"});
    }
    reach += stride * (length - 1);
  }
}

}  // namespace actfn
