// Views of the caller's memory with up to 8 dimensions, for functions that work along an axis. A
// view owns nothing: the memory must outlive it.
//
// Axis 0 is the first dimension; -1 is the last, -2 the one before it. Functions throw Error for an
// axis out of range: "[softmax] axis 2 is out of range: x has the shape 4x6".
//
// Each function says which tensors may overlap. Two tensors overlap if the ranges of memory from
// their lowest to their highest elements do, even if they have no element in common. A tensor to be
// written must not have two elements at one address ("[softmax] y has two elements at one
// address"); one to be read may, by a stride of 0.
#pragma once

#include <actfn/array.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

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
  explicit Dimensions(std::span<const T> numbers);

  std::size_t count() const { return count_; }
  T operator[](std::size_t i) const { return numbers_[i]; }
  T& operator[](std::size_t i) { return numbers_[i]; }
  const T* begin() const { return numbers_.data(); }
  const T* end() const { return numbers_.data() + count_; }
  bool operator==(const Dimensions&) const = default;

 private:
  std::array<T, kMaxDimensions> numbers_{};
  std::size_t count_ = 0;
};

/// The length of each dimension. {} is the shape of a scalar, which has one element.
using Shape = Dimensions<std::size_t>;
/// For each dimension, the distance in elements from one index to the next; it may be negative.
using Strides = Dimensions<std::ptrdiff_t>;

/// Elements to be read, of any type of types.h: a contiguous array with a shape, in row-major order
/// (the last index changes fastest), or a pointer with a shape and, where they differ from that
/// order, strides. The pointer is to the element 0, 0, …; the memory behind it is not checked.
///
///     actfn::softmax({x, {4, 6}}, -1, {y, {4, 6}});                 // x as 4 rows of 6
///     actfn::softmax({x.data(), {6, 4}, {1, 6}}, 0, {y, {6, 4}});   // x transposed
class ConstTensor {
 public:
  /// One dimension.
  template <ContiguousArray R>
  ConstTensor(const R& r)  // NOLINT(google-explicit-constructor): as std::span
      : ConstTensor(std::data(r), kTypeOf<ElementOf<R>>, Shape{std::size(r)}) {}
  /// Throws Error where the shape has another number of elements than the array:
  /// "[tensor] shape 3x4 has 12 elements, the array has 10".
  template <ContiguousArray R>
  ConstTensor(const R& r, const Shape& shape)
      : ConstTensor(std::data(r), kTypeOf<ElementOf<R>>, checked(shape, std::size(r))) {}
  template <Element T>
  ConstTensor(const T* data, const Shape& shape) : ConstTensor(data, kTypeOf<T>, shape) {}
  /// Throws Error: "[tensor] shape has 2 dimensions, strides has 1".
  template <Element T>
  ConstTensor(const T* data, const Shape& shape, const Strides& strides)
      : ConstTensor(data, kTypeOf<T>, shape, strides) {}

  Type type() const { return type_; }
  const Shape& shape() const { return shape_; }
  const Strides& strides() const { return strides_; }
  std::size_t dimensions() const { return shape_.count(); }
  /// The number of elements.
  std::size_t size() const;
  /// The address of the element 0, 0, ….
  const void* address() const { return data_; }
  /// The same memory with another shape and strides, which are not checked against the old ones.
  /// Throws Error: "[tensor] shape has 2 dimensions, strides has 1".
  ConstTensor viewed(const Shape& shape, const Strides& strides) const {
    return {data_, type_, shape, strides};
  }

 protected:
  template <class R>
  using ElementOf =
      std::remove_cv_t<std::remove_pointer_t<decltype(std::data(std::declval<R&>()))>>;

  ConstTensor(const void* data, Type type, const Shape& shape);
  ConstTensor(const void* data, Type type, const Shape& shape, const Strides& strides);
  static const Shape& checked(const Shape& shape, std::size_t size);

 private:
  const void* data_;
  Type type_;
  Shape shape_;
  Strides strides_;
};

/// Elements to be written: made as a ConstTensor is, of memory that is not const.
class Tensor : public ConstTensor {
 public:
  template <ContiguousArray R>
    requires(!std::is_const_v<std::remove_pointer_t<decltype(std::data(std::declval<R&>()))>>)
  Tensor(R&& r) : ConstTensor(r) {}  // NOLINT: as std::span; no Tensor is a ContiguousArray
  template <ContiguousArray R>
    requires(!std::is_const_v<std::remove_pointer_t<decltype(std::data(std::declval<R&>()))>>)
  Tensor(R&& r, const Shape& shape) : ConstTensor(r, shape) {}  // NOLINT: as above
  template <Element T>
  Tensor(T* data, const Shape& shape) : ConstTensor(data, shape) {}
  template <Element T>
  Tensor(T* data, const Shape& shape, const Strides& strides) : ConstTensor(data, shape, strides) {}
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
