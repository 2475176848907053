// Views of the caller's memory with any number of dimensions up to 8: what the functions along an
// axis read and write. They own nothing: the memory must outlive them.
//
// An axis is 0 for the first dimension, or counts from the end: -1 is the last. Out of range, it is
// an Error: "[softmax] axis 2 is out of range: x has the shape 3x4".
//
// What may overlap is said by each function. It is judged by the ranges of memory that tensors
// span, from the lowest element to the highest: two that are woven into each other, as every second
// element each, count as overlapping. A tensor written to must not have two elements at one
// address; one to be read may, by a stride of 0.
#pragma once

#include <actfn/array.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

namespace actfn {

inline constexpr std::size_t kMaxDimensions = 8;

// Up to 8 numbers, one a dimension.
template <class T>
class Dimensions {
 public:
  Dimensions() = default;
  // Throws Error where there are more than 8.
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

using Shape = Dimensions<std::size_t>;
using Strides = Dimensions<std::ptrdiff_t>;  // in elements, negative ones too

// Elements to be read: {x, {rows, columns}} of a contiguous array (the last dimension lies
// densest), or a pointer with a shape and strides, which then points to the element 0, 0, …, and is
// trusted. The shape {} is that of a scalar: one element. Any type of types.h.
class ConstTensor {
 public:
  // One dimension.
  template <ContiguousArray R>
  ConstTensor(const R& r)  // NOLINT(google-explicit-constructor): as std::span
      : ConstTensor(std::data(r), kTypeOf<ElementOf<R>>, Shape{std::size(r)}) {}
  // Throws Error where the shape has another number of elements than the array:
  // "[tensor] shape 3x4 has 12 elements, the array has 10".
  template <ContiguousArray R>
  ConstTensor(const R& r, const Shape& shape)
      : ConstTensor(std::data(r), kTypeOf<ElementOf<R>>, checked(shape, std::size(r))) {}
  template <Element T>
  ConstTensor(const T* data, const Shape& shape) : ConstTensor(data, kTypeOf<T>, shape) {}
  // Throws Error where shape and strides differ in number.
  template <Element T>
  ConstTensor(const T* data, const Shape& shape, const Strides& strides)
      : ConstTensor(data, kTypeOf<T>, shape, strides) {}

  Type type() const { return type_; }
  const Shape& shape() const { return shape_; }
  const Strides& strides() const { return strides_; }
  std::size_t dimensions() const { return shape_.count(); }
  std::size_t size() const;                      // the number of elements
  const void* address() const { return data_; }  // of the element 0, 0, …
  // The same memory, seen otherwise. Throws Error where shape and strides differ in number.
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

// Elements to be written.
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

// Which elements take part: true (not 0) is in, false is out. The shape is that of the tensor it
// belongs to, or one that broadcasts to it by NumPy's rules (aligned at the last dimension; 1
// stretches). The masks of PyTorch's MultiheadAttention mean the opposite, those of its
// scaled_dot_product_attention the same.
class ConstMask {
 public:
  ConstMask(const bool* data, const Shape& shape);
  ConstMask(const std::uint8_t* data, const Shape& shape);
  // Throws Error where shape and strides differ in number.
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
