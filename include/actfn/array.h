// Views of the caller's memory, which elementwise functions read and write. A view owns nothing:
// the memory must outlive it.
#pragma once

#include <actfn/types.h>

#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>

namespace actfn {

/// The type of the elements of an array.
enum class Type { float32, float64, bfloat16, float16 };

/// The Type of a C++ type: kTypeOf<float> is Type::float32.
template <Element T>
inline constexpr Type kTypeOf = std::same_as<T, float>      ? Type::float32
                                : std::same_as<T, double>   ? Type::float64
                                : std::same_as<T, bfloat16> ? Type::bfloat16
                                                            : Type::float16;

/// Rows and columns of a larger array: a part of a matrix, every second column, a transposed
/// matrix. Strides are in elements and may be negative. T may be const.
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
};

/// std::vector, std::span, std::array and C arrays of the types of types.h.
template <class R>
concept ContiguousArray = requires(R& r) {
  requires Element<std::remove_cv_t<std::remove_pointer_t<decltype(std::data(r))>>>;
  std::size(r);
};

/// Elements to be read, of any type of types.h. Functions take a ConstArray, to which a
/// std::vector, std::span, std::array, C array or Rows converts; a pointer needs a count.
///
///     actfn::forward(actfn::Gelu{}, x, y);
///     actfn::forward(actfn::Gelu{}, {x.data(), 8}, {y.data(), 8});  // the first 8 elements
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
  /// A contiguous array has one row. The strides are in elements.
  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  std::size_t size() const { return rows_ * columns_; }
  std::ptrdiff_t row_stride() const { return row_stride_; }
  std::ptrdiff_t column_stride() const { return column_stride_; }
  /// The first element. T must be the C++ type of type(); this is not checked.
  template <Element T>
  const T* data() const {
    return static_cast<const T*>(data_);
  }
  const void* address() const { return data_; }

  /// Row r, as an array of one row. r must be below rows(); this is not checked.
  ConstArray row(std::size_t r) const {
    ConstArray one = *this;
    one.rows_ = 1;
    one.data_ = offset(static_cast<std::ptrdiff_t>(r) * row_stride_);
    return one;
  }
  /// A contiguous array as rows of `columns` elements each. `columns` must divide size(); this is
  /// not checked.
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

/// Elements to be written: made as a ConstArray is, of memory that is not const.
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

  /// The first element. T must be the C++ type of type(); this is not checked.
  template <Element T>
  T* data() const {
    return const_cast<T*>(ConstArray::data<T>());
  }
};

}  // namespace actfn
