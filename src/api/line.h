// Elements in row-major order, whatever their strides, as blocks of contiguous numbers of the type
// that they are computed in: float for float32 and the 16-bit types, double for float64.
#pragma once

#include <actfn/array.h>
#include <actfn/tensor.h>

#include "api/check.h"
#include "kernels/blocks.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace actfn {

// Elements at once: small enough that a handful of blocks stays in L1.
inline constexpr std::size_t kLineBlock = 512;

// Dimensions of one tensor, merged where memory allows.
class Line {
 public:
  Line() = default;
  explicit Line(const ConstArray& a) {
    append(a.rows(), a.row_stride());
    append(a.columns(), a.column_stride());
  }
  // The dimensions from `first` on.
  Line(const ConstTensor& t, std::size_t first) {
    for (std::size_t i = first; i < t.dimensions(); ++i) append(t.shape()[i], t.strides()[i]);
  }

  bool is_dense() const { return count_ == 0 || (count_ == 1 && strides_[0] == 1); }

  // body(offset, stride, n) for pieces of the elements [from, from + n) that have one stride.
  template <class Body>
  void for_pieces(std::size_t from, std::size_t n, const Body& body) const {
    if (count_ == 0) return body(std::ptrdiff_t{0}, std::ptrdiff_t{1}, n);
    const std::size_t length = lengths_[count_ - 1];
    const std::ptrdiff_t stride = strides_[count_ - 1];
    while (n > 0) {
      const std::size_t column = from % length;
      const std::size_t here = std::min(n, length - column);
      body(row_offset(from / length) + static_cast<std::ptrdiff_t>(column) * stride, stride, here);
      from += here;
      n -= here;
    }
  }

 private:
  void append(std::size_t length, std::ptrdiff_t stride) {
    if (length == 1) return;
    if (count_ > 0 && strides_[count_ - 1] == stride * static_cast<std::ptrdiff_t>(length)) {
      lengths_[count_ - 1] *= length;
      strides_[count_ - 1] = stride;
      return;
    }
    lengths_[count_] = length;
    strides_[count_++] = stride;
  }

  // Of all dimensions but the last.
  std::ptrdiff_t row_offset(std::size_t row) const {
    std::ptrdiff_t offset = 0;
    for (std::size_t i = count_ - 1; i-- > 0 && row > 0; row /= lengths_[i]) {
      offset += static_cast<std::ptrdiff_t>(row % lengths_[i]) * strides_[i];
    }
    return offset;
  }

  std::array<std::size_t, kMaxDimensions> lengths_{};
  std::array<std::ptrdiff_t, kMaxDimensions> strides_{};
  std::size_t count_ = 0;
};

// Where lines of one array or tensor lie. Offsets are in elements.
struct Lines {
  const void* data = nullptr;
  Type type = Type::float32;
  Line line;

  Lines() = default;
  explicit Lines(const ConstArray& a) : data(a.address()), type(a.type()), line(a) {}
  Lines(const ConstTensor& t, std::size_t first)
      : data(t.address()), type(t.type()), line(t, first) {}
};

// So many elements of the line that begins at `offset`.
struct Span {
  std::ptrdiff_t offset;
  std::size_t from, n;
};

// The elements themselves, or a copy in `buffer`.
template <class T>
const T* fetch(const Lines& lines, const Span& span, T* buffer) {
  const T* const begin = static_cast<const T*>(lines.data) + span.offset;
  if (lines.line.is_dense()) return begin + span.from;
  T* to = buffer;
  lines.line.for_pieces(span.from, span.n,
                        [&](std::ptrdiff_t at, std::ptrdiff_t stride, std::size_t n) {
                          const T* from = begin + at;
                          for (std::size_t i = 0; i < n; ++i, from += stride) *to++ = *from;
                        });
  return buffer;
}

template <class T>
void put(const Lines& lines, const Span& span, const T* from) {
  T* const begin = static_cast<T*>(const_cast<void*>(lines.data)) + span.offset;
  lines.line.for_pieces(span.from, span.n,
                        [&](std::ptrdiff_t at, std::ptrdiff_t stride, std::size_t n) {
                          T* to = begin + at;
                          for (std::size_t i = 0; i < n; ++i, to += stride) *to = *from++;
                        });
}

// At most kLineBlock elements as W, float or double: where they are, if they can be read there.
template <class W>
const W* load(const kernels::Blocks& blocks, const Lines& lines, const Span& span, W* buffer) {
  if constexpr (sizeof(W) == 4) {
    const auto widened = [&]<class T>() {
      T raw[kLineBlock];
      blocks.widen(fetch<T>(lines, span, raw), buffer, span.n);
      return buffer;
    };
    if (lines.type == Type::bfloat16) return widened.template operator()<bfloat16>();
    if (lines.type == Type::float16) return widened.template operator()<float16>();
  }
  return fetch<W>(lines, span, buffer);
}

// Where results can be written: in place, or in `buffer`; store() then brings them home.
template <class W>
W* result(const Lines& lines, const Span& span, W* buffer) {
  const bool here = lines.type == kTypeOf<W> && lines.line.is_dense();
  if (!here) return buffer;
  return static_cast<W*>(const_cast<void*>(lines.data)) + span.offset +
         static_cast<std::ptrdiff_t>(span.from);
}

template <class W>
void store(const kernels::Blocks& blocks, const Lines& lines, const Span& span, const W* from) {
  if (from == result<W>(lines, span, nullptr)) return;
  if constexpr (sizeof(W) == 4) {
    const auto narrowed = [&]<class T>() {
      T raw[kLineBlock];
      blocks.narrow(from, raw, span.n);
      put(lines, span, raw);
    };
    if (lines.type == Type::bfloat16) return narrowed.template operator()<bfloat16>();
    if (lines.type == Type::float16) return narrowed.template operator()<float16>();
  }
  put(lines, span, from);
}

// body.operator()<W>() for the type that arrays of `type` are computed in.
template <class Body>
void for_width(Type type, const Body& body) {
  if (type == Type::float64) return body.template operator()<double>();
  return body.template operator()<float>();
}

}  // namespace actfn
