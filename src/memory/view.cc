// SPDX-License-Identifier: Apache-2.0
// The views of include/actfn/tensor.h. After their constructors, no product or sum of lengths and
// strides overflows: neither the number of bytes nor the distance of any two elements in bytes.
#include <actfn/tensor.h>

#include "catalogue/error.h"
#include "catalogue/shape.h"
#include "catalogue/size.h"

#include <algorithm>
#include <string_view>

namespace actfn {
namespace {

// More doubles than a pointer can reach.
constexpr std::size_t kMaxElements = std::size_t{1} << 60;

constexpr std::string_view kTensor = "tensor", kMask = "mask";

[[noreturn]] void fail_too_large(std::string_view who, const Shape& shape) {
  fail(who, {"shape ", text(shape), " is too large"});
}

// The strides of row-major order.
Strides dense(std::string_view who, const Shape& shape) {
  std::array<std::ptrdiff_t, kMaxDimensions> strides;
  Size next = 1;
  for (std::size_t i = shape.count(); i-- > 0;) {
    strides[i] = static_cast<std::ptrdiff_t>(next.value());
    next = next * std::max<std::size_t>(shape[i], 1);
    if (next > kMaxElements) fail_too_large(who, shape);
  }
  return Strides(std::span<const std::ptrdiff_t>(strides.data(), shape.count()));
}

void check_strides(std::string_view who, const Shape& shape, const Strides& strides) {
  if (shape.count() != strides.count()) {
    fail(who, {"shape has ", shape.count(), shape.count() == 1 ? " dimension" : " dimensions",
               ", strides has ", strides.count()});
  }
  static_cast<void>(dense(who, shape));
  Size reach = 1;
  for (std::size_t i = 0; i < shape.count(); ++i) {
    const auto stride = static_cast<std::size_t>(strides[i]);
    const Size distance = strides[i] < 0 ? std::size_t{0} - stride : stride;
    reach = reach + distance * (std::max<std::size_t>(shape[i], 1) - 1);
  }
  if (reach > kMaxElements) fail(who, {"shape ", text(shape), " is too large for its strides"});
}

// Ignores dimensions of length 1: their strides have no meaning.
bool is_dense(const Shape& shape, const Strides& strides) {
  std::ptrdiff_t next = 1;
  for (std::size_t i = shape.count(); i-- > 0;) {
    if (shape[i] > 1 && strides[i] != next) return false;
    next *= static_cast<std::ptrdiff_t>(shape[i]);
  }
  return true;
}

}  // namespace

template <class T>
void Dimensions<T>::fail(std::size_t count) {
  actfn::fail(kTensor, {count, " dimensions, at most ", kMaxDimensions, " are possible"});
}
template class Dimensions<std::size_t>;
template class Dimensions<std::ptrdiff_t>;

ConstTensor::ConstTensor(const void* data, Type type, const Shape& shape)
    : data_(data), type_(type), shape_(shape), strides_(dense(kTensor, shape)) {}

ConstTensor::ConstTensor(const void* data, Type type, const Shape& shape, const Strides& strides)
    : data_(data), type_(type), shape_(shape), strides_(strides) {
  check_strides(kTensor, shape, strides);
  is_contiguous_ = is_dense(shape, strides);
  for (std::size_t i = 0; i < shape.count(); ++i) {
    if (shape[i] <= 1) strides_[i] = 0;  // it has no meaning, and may be any number
  }
}

void ConstTensor::check_size(std::size_t size) const {
  if (this->size() == size) return;
  fail("tensor",
       {"shape ", text(shape_), " has ", size_text(Shape{this->size()}), ", the array has ", size});
}
void ConstTensor::fail_size() const { fail_too_large(kTensor, shape_); }

ConstMask::ConstMask(const bool* data, const Shape& shape)
    : ConstMask(reinterpret_cast<const std::uint8_t*>(data), shape) {
  static_assert(sizeof(bool) == 1);
}
ConstMask::ConstMask(const std::uint8_t* data, const Shape& shape)
    : data_(data), shape_(shape), strides_(dense(kMask, shape)) {}
ConstMask::ConstMask(const std::uint8_t* data, const Shape& shape, const Strides& strides)
    : data_(data), shape_(shape), strides_(strides) {
  check_strides(kMask, shape, strides);
}

}  // namespace actfn
