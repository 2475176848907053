// SPDX-License-Identifier: Apache-2.0
// Views of the caller's memory with up to 8 dimensions and any strides. A view owns nothing: the
// memory must outlive it.
//
// Axis 0 is the first dimension; -1 is the last, -2 the one before it. Functions throw Error for an
// axis out of range: "[softmax] axis 2 is out of range: x has the shape 4x6".
//
// All functions have the same rules for memory:
// - A tensor to be written must not have two elements at one address ("[softmax] y has two elements
//   at one address"); one to be read may, by a stride of 0.
// - An output may be exactly the same view as an input (in place), where the function says so: the
//   same address, shape and strides. Otherwise they must have no element in common: "[gelu] y
//   overlaps x: they must be the same or separate". Views that are interleaved, like the even and
//   the odd columns of a matrix, have none.
#pragma once

#include <actfn/types.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <span>
#include <type_traits>
#include <utility>

namespace actfn {

/// The most dimensions that a tensor may have.
inline constexpr std::size_t kMaxDimensions = 8;

/// Up to 8 numbers, one for each dimension: Shape and Strides.
///
///     actfn::Shape shape = {2, 3, 4};
///     shape[0] = 1;  // shape.count() is 3
template <class T>
class Dimensions {
 public:
  Dimensions() = default;
  /// Throws Error for more than 8: "[tensor] 9 dimensions, at most 8 are possible".
  Dimensions(std::initializer_list<T> numbers)
      : Dimensions(std::span<const T>(numbers.begin(), numbers.size())) {}
  explicit Dimensions(std::span<const T> numbers) : count_(numbers.size()) {
    if (count_ > kMaxDimensions) fail(count_);
    std::copy(numbers.begin(), numbers.end(), numbers_.begin());
  }

  std::size_t count() const { return count_; }
  T operator[](std::size_t i) const { return numbers_[i]; }
  T& operator[](std::size_t i) { return numbers_[i]; }
  const T* begin() const { return numbers_.data(); }
  const T* end() const { return numbers_.data() + count_; }
  bool operator==(const Dimensions& other) const {
    return count_ == other.count_ && std::equal(begin(), end(), other.begin());
  }

 private:
  friend class ConstTensor;
  // One number.
  static Dimensions of(T number) {
    Dimensions one;
    one.numbers_[0] = number;
    one.count_ = 1;
    return one;
  }

  [[noreturn]] static void fail(std::size_t count);

  std::array<T, kMaxDimensions> numbers_{};
  std::size_t count_ = 0;
};

/// The length of each dimension. {} is the shape of a scalar, which has one element.
using Shape = Dimensions<std::size_t>;
/// For each dimension, the distance in elements from one index to the next; it may be negative.
using Strides = Dimensions<std::ptrdiff_t>;

/// Rows and columns of a larger array: a part of a matrix, every second column, a transposed
/// matrix. Strides are in elements and may be negative. T may be const. Rows convert to a tensor of
/// the shape [rows, columns], or [columns] if there is one row.
///
///     // The left half of the 4x6 matrix x: 4 rows of 3, whose beginnings are 6 elements apart.
///     const actfn::Rows<float> left{.data = x.data(), .rows = 4, .columns = 3, .row_stride = 6};
///     actfn::forward(actfn::Gelu{}, left, left);
template <class T>
struct Rows {
  T* data;
  std::size_t rows, columns;
  std::ptrdiff_t row_stride;
  std::ptrdiff_t column_stride = 1;

  Shape shape() const { return rows == 1 ? Shape{columns} : Shape{rows, columns}; }
  Strides strides() const {
    return rows == 1 ? Strides{column_stride} : Strides{row_stride, column_stride};
  }
};

/// std::vector, std::span, std::array and C arrays of the types of types.h.
template <class R>
concept ContiguousArray = requires(R& r) {
  requires Element<std::remove_cv_t<std::remove_pointer_t<decltype(std::data(r))>>>;
  std::size(r);
};

/// Elements to be read, of any type of types.h: a contiguous array of one dimension, or with a
/// shape, in row-major order (the last index changes fastest); or a pointer with a shape and, where
/// they differ from that order, strides. The pointer is to the element 0, 0, …; the memory behind
/// it is not checked.
///
///     actfn::forward(actfn::Gelu{}, x, y);
///     actfn::forward(actfn::Gelu{}, {x.data(), 8}, {y.data(), 8});  // the first 8 elements
///     actfn::softmax({x, {4, 6}}, -1, {y, {4, 6}});                 // x as 4 rows of 6
///     actfn::softmax({x.data(), {6, 4}, {1, 6}}, 0, {y, {6, 4}});   // x transposed
///
/// Throws Error for
///   another number of elements  "[tensor] shape 3x4 has 12 elements, the array has 10"
///   a missing stride            "[tensor] shape has 2 dimensions, strides has 1"
///   more than memory can hold   "[tensor] shape 4294967296x4294967296 is too large"
class ConstTensor {
 public:
  template <ContiguousArray R>
  ConstTensor(const R& r)  // NOLINT(google-explicit-constructor): as std::span
      : ConstTensor(std::data(r), std::size(r)) {}
  template <ContiguousArray R>
  ConstTensor(const R& r, const Shape& shape) : ConstTensor(std::data(r), shape) {
    check_size(std::size(r));
  }
  template <class T>
    requires Element<std::remove_const_t<T>>
  ConstTensor(const Rows<T>& r)  // NOLINT(google-explicit-constructor): as std::span
      : ConstTensor(r.data, r.shape(), r.strides()) {}
  template <Element T>
  ConstTensor(const T* data, std::size_t size)
      : ConstTensor(const_cast<T*>(data), kTypeOf<T>, size) {}
  template <Element T>
  ConstTensor(const T* data, const Shape& shape) : ConstTensor(data, kTypeOf<T>, shape) {}
  template <Element T>
  ConstTensor(const T* data, const Shape& shape, const Strides& strides)
      : ConstTensor(data, kTypeOf<T>, shape, strides) {}
  /// For types that are known at run time only.
  ConstTensor(const void* data, Type type, const Shape& shape);
  ConstTensor(const void* data, Type type, const Shape& shape, const Strides& strides);

  Type type() const { return type_; }
  const Shape& shape() const { return shape_; }
  /// A stride that was given for a dimension of fewer than two elements is 0 here.
  const Strides& strides() const { return strides_; }
  std::size_t dimensions() const { return shape_.count(); }
  /// The number of elements.
  std::size_t size() const {
    std::size_t n = 1;
    for (const std::size_t length : shape_) n *= length;
    return n;
  }
  /// Whether the elements follow each other in row-major order, without gaps.
  bool is_contiguous() const { return is_contiguous_; }
  /// The address of the element 0, 0, ….
  const void* address() const { return data_; }
  /// The same. T must be the C++ type of type(); this is not checked.
  template <Element T>
  const T* data() const {
    return static_cast<const T*>(data_);
  }
  /// The same memory with another shape and strides, which are not checked against the old ones.
  ConstTensor viewed(const Shape& shape, const Strides& strides) const {
    return {data_, type_, shape, strides};
  }

 protected:
  // Not of const data: compilers would warn of arrays that are not initialised yet.
  ConstTensor(void* data, Type type, std::size_t size)
      : data_(data), type_(type), shape_(Shape::of(size)), strides_(Strides::of(1)) {
    if (size > kMaxSize) fail_size();
  }

 private:
  // More doubles than a pointer can reach.
  static constexpr std::size_t kMaxSize = std::size_t{1} << 60;

  void check_size(std::size_t size) const;
  [[noreturn]] void fail_size() const;

  const void* data_;
  Type type_;
  bool is_contiguous_ = true;
  Shape shape_;
  Strides strides_;
};

/// Elements to be written: made as a ConstTensor is, of memory that is not const.
class Tensor : public ConstTensor {
 public:
  template <ContiguousArray R>
    requires(!std::is_const_v<std::remove_pointer_t<decltype(std::data(std::declval<R&>()))>>)
  Tensor(R&& r)  // NOLINT: as std::span; no Tensor is a ContiguousArray
      : Tensor(std::data(r), std::size(r)) {}
  template <ContiguousArray R>
    requires(!std::is_const_v<std::remove_pointer_t<decltype(std::data(std::declval<R&>()))>>)
  Tensor(R&& r, const Shape& shape) : ConstTensor(r, shape) {}  // NOLINT: as above
  template <Element T>
  Tensor(const Rows<T>& r) : ConstTensor(r) {}  // NOLINT(google-explicit-constructor)
  template <Element T>
  Tensor(T* data, std::size_t size) : ConstTensor(data, kTypeOf<T>, size) {}
  template <Element T>
  Tensor(T* data, const Shape& shape) : ConstTensor(data, shape) {}
  template <Element T>
  Tensor(T* data, const Shape& shape, const Strides& strides) : ConstTensor(data, shape, strides) {}
  Tensor(void* data, Type type, const Shape& shape) : ConstTensor(data, type, shape) {}
  Tensor(void* data, Type type, const Shape& shape, const Strides& strides)
      : ConstTensor(data, type, shape, strides) {}

  template <Element T>
  T* data() const {
    return const_cast<T*>(ConstTensor::data<T>());
  }
  void* address() const { return const_cast<void*>(ConstTensor::address()); }
};

/// Which elements take part: true, or a byte that is not 0, takes part; false does not. PyTorch's
/// scaled_dot_product_attention uses masks in this sense, its MultiheadAttention in the opposite
/// one. The shape is that of the tensor to be masked, or broadcasts to it by NumPy's rules:
/// dimensions are aligned at the last one, and a length of 1 fits any length.
///
///     const bool real[] = {true, true, true, true, false, false};  // the last 2 are padding
///     actfn::softmax({x, {4, 6}}, -1, {y, {4, 6}}, {.mask = actfn::ConstMask(real, {6})});
class ConstMask {
 public:
  ConstMask(const bool* data, const Shape& shape);
  ConstMask(const std::uint8_t* data, const Shape& shape);
  /// Throws Error: "[mask] shape has 2 dimensions, strides has 1".
  ConstMask(const std::uint8_t* data, const Shape& shape, const Strides& strides);

  const Shape& shape() const { return shape_; }
  const Strides& strides() const { return strides_; }
  const std::uint8_t* data() const { return data_; }

 private:
  const std::uint8_t* data_;
  Shape shape_;
  Strides strides_;
};

}  // namespace actfn
