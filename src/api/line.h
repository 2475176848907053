// Elements in row-major order, whatever their strides, as blocks of contiguous numbers of the type
// that they are computed in: float for float32 and the 16-bit types, double for float64.
#pragma once

#include <actfn/array.h>
#include <actfn/tensor.h>

#include "kernels/blocks.h"

#include <array>
#include <cstddef>

namespace actfn {

// Elements at once: small enough that a handful of blocks stays in L1.
inline constexpr std::size_t kLineBlock = 512;

// Dimensions of one tensor, merged where memory allows.
class Line {
 public:
  Line() = default;
  explicit Line(const ConstArray& a);
  // The dimensions from `first` on.
  Line(const ConstTensor& t, std::size_t first);

  bool is_dense() const { return count_ == 0 || (count_ == 1 && strides_[0] == 1); }

  // body(offset, stride, n) for pieces of the elements [from, from + n) that have one stride.
  template <class Body>
  void for_pieces(std::size_t from, std::size_t n, const Body& body) const;

 private:
  void append(std::size_t length, std::ptrdiff_t stride);
  // Of all dimensions but the last.
  std::ptrdiff_t row_offset(std::size_t row) const;

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

// At most kLineBlock elements as W, float or double: where they are, if they can be read there, or
// in `buffer`.
template <class W>
const W* load(const kernels::Blocks& blocks, const Lines& lines, const Span& span, W* buffer);

// Where results can be written: in place, or in `buffer`; store() then brings them home.
template <class W>
W* result(const Lines& lines, const Span& span, W* buffer) {
  const bool here = lines.type == kTypeOf<W> && lines.line.is_dense();
  if (!here) return buffer;
  return static_cast<W*>(const_cast<void*>(lines.data)) + span.offset +
         static_cast<std::ptrdiff_t>(span.from);
}
template <class W>
void store(const kernels::Blocks& blocks, const Lines& lines, const Span& span, const W* from);

// body.operator()<W>() for the type that arrays of `type` are computed in.
template <class Body>
void for_width(Type type, const Body& body) {
  if (type == Type::float64) return body.template operator()<double>();
  return body.template operator()<float>();
}

}  // namespace actfn
