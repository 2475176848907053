// Reads and writes elements with any strides, in row-major order, as contiguous blocks of the type
// of the arithmetic: float for float32 and the 16-bit types, double for float64.
#pragma once

#include <actfn/array.h>
#include <actfn/tensor.h>

#include "kernels/blocks.h"

#include <array>
#include <cstddef>

namespace actfn::kernels {

// Elements of a block. A handful of blocks of this size stay in the first-level cache.
inline constexpr std::size_t kLineBlock = 512;

// The dimensions of a tensor. Neighbours are merged if one stride serves both.
class Line {
 public:
  Line() = default;
  explicit Line(const ConstArray& a);
  // The dimensions from `first` on.
  Line(const ConstTensor& t, std::size_t first);

  bool is_dense() const { return count_ == 0 || (count_ == 1 && strides_[0] == 1); }

  // Calls body(offset, stride, n) for pieces of [from, from + n) whose elements have one stride.
  template <class Body>
  void for_pieces(std::size_t from, std::size_t n, const Body& body) const;

 private:
  void append(std::size_t length, std::ptrdiff_t stride);
  // The offset of a row: all dimensions but the last give its index.
  std::ptrdiff_t row_offset(std::size_t row) const;

  std::array<std::size_t, kMaxDimensions> lengths_{};
  std::array<std::ptrdiff_t, kMaxDimensions> strides_{};
  std::size_t count_ = 0;
};

// The address, type and dimensions of lines of an array or tensor. Offsets are in elements.
struct Lines {
  const void* data = nullptr;
  Type type = Type::float32;
  Line line;

  Lines() = default;
  explicit Lines(const ConstArray& a) : data(a.address()), type(a.type()), line(a) {}
  Lines(const ConstTensor& t, std::size_t first)
      : data(t.address()), type(t.type()), line(t, first) {}
};

// The elements [from, from + n) of the line that begins at `offset`.
struct Span {
  std::ptrdiff_t offset;
  std::size_t from, n;
};

// At most kLineBlock elements as W, which is float or double: a pointer to the elements themselves
// if they are contiguous numbers of type W, else to a copy in `buffer`.
template <class W>
const W* load(const Blocks& blocks, const Lines& lines, const Span& span, W* buffer);

// Where to write results of a span: the elements themselves, or `buffer`. Then store() must be
// called.
template <class W>
W* result(const Lines& lines, const Span& span, W* buffer) {
  const bool here = lines.type == kTypeOf<W> && lines.line.is_dense();
  if (!here) return buffer;
  return static_cast<W*>(const_cast<void*>(lines.data)) + span.offset +
         static_cast<std::ptrdiff_t>(span.from);
}
// Converts results from result() and copies them to the span, unless they were written there.
template <class W>
void store(const Blocks& blocks, const Lines& lines, const Span& span, const W* from);

// Calls body.operator()<W>() with the type W of the arithmetic for arrays of `type`.
template <class Body>
void for_width(Type type, const Body& body) {
  if (type == Type::float64) return body.template operator()<double>();
  return body.template operator()<float>();
}

}  // namespace actfn::kernels
