// Views of the caller's memory: what elementwise functions read and write.
#pragma once

#include <actfn/types.h>

#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>

namespace actfn {

enum class Type { float32, float64, bfloat16, float16 };

template <Element T>
inline constexpr Type kTypeOf = std::same_as<T, float>      ? Type::float32
                                : std::same_as<T, double>   ? Type::float64
                                : std::same_as<T, bfloat16> ? Type::bfloat16
                                                            : Type::float16;

// Rows and columns of a larger array, the strides in elements, negative ones too: every second
// column, a transposed matrix, a channel. T may be const.
template <class T>
struct Rows {
  T* data;
  std::size_t rows, columns;
  std::ptrdiff_t row_stride;
  std::ptrdiff_t column_stride = 1;
};

template <class R>
concept ContiguousArray = requires(R& r) {
  requires Element<std::remove_cv_t<std::remove_pointer_t<decltype(std::data(r))>>>;
  std::size(r);
};

// Elements to be read: of a std::vector, std::span, std::array, C array, a pointer with a count, or
// Rows; of any type of types.h. A view, as cheap to pass as std::span.
class ConstArray {
 public:
  template <ContiguousArray R>
  ConstArray(const R& r)  // NOLINT(google-explicit-constructor): as std::span
      : ConstArray(std::data(r), std::size(r)) {}
  template <Element T>
  ConstArray(const T* data, std::size_t size)
      : ConstArray(data, kTypeOf<T>, 1, size, static_cast<std::ptrdiff_t>(size), 1) {}
  template <class T>
    requires Element<std::remove_const_t<T>>
  ConstArray(const Rows<T>& r)  // NOLINT(google-explicit-constructor): as std::span
      : ConstArray(r.data, kTypeOf<std::remove_const_t<T>>, r.rows, r.columns, r.row_stride,
                   r.column_stride) {}

  Type type() const { return type_; }
  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  std::size_t size() const { return rows_ * columns_; }
  std::ptrdiff_t row_stride() const { return row_stride_; }
  std::ptrdiff_t column_stride() const { return column_stride_; }
  // Unchecked: T must be type().
  template <Element T>
  const T* data() const {
    return static_cast<const T*>(data_);
  }
  const void* address() const { return data_; }

  // One row as an array of its own.
  ConstArray row(std::size_t r) const {
    ConstArray one = *this;
    one.rows_ = 1;
    one.data_ = offset(static_cast<std::ptrdiff_t>(r) * row_stride_);
    return one;
  }
  // A contiguous array cut into rows of so many columns, which must divide its size.
  ConstArray as_rows(std::size_t columns) const {
    return {data_, type_, size() / columns, columns, static_cast<std::ptrdiff_t>(columns), 1};
  }

 protected:
  ConstArray(const void* data, Type type, std::size_t rows, std::size_t columns,
             std::ptrdiff_t row_stride, std::ptrdiff_t column_stride)
      : data_(data),
        type_(type),
        rows_(rows),
        columns_(columns),
        row_stride_(row_stride),
        column_stride_(column_stride) {}

 private:
  const void* offset(std::ptrdiff_t elements) const {
    const std::ptrdiff_t bytes = type_ == Type::float64 ? 8 : type_ == Type::float32 ? 4 : 2;
    return static_cast<const char*>(data_) + elements * bytes;
  }

  const void* data_;
  Type type_;
  std::size_t rows_, columns_;
  std::ptrdiff_t row_stride_, column_stride_;
};

// Elements to be written.
class Array : public ConstArray {
 public:
  template <ContiguousArray R>
    requires(!std::is_const_v<std::remove_pointer_t<decltype(std::data(std::declval<R&>()))>>)
  Array(R&& r)  // NOLINT: as std::span; no Array is a ContiguousArray
      : ConstArray(r) {}
  template <Element T>
  Array(T* data, std::size_t size) : ConstArray(data, size) {}
  template <Element T>
  Array(const Rows<T>& r) : ConstArray(r) {}  // NOLINT(google-explicit-constructor)

  template <Element T>
  T* data() const {
    return const_cast<T*>(ConstArray::data<T>());
  }
};

}  // namespace actfn
