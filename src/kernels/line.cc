#include "kernels/line.h"

#include <algorithm>

namespace actfn::kernels {

Line::Line(const ConstArray& a) {
  append(a.rows(), a.row_stride());
  append(a.columns(), a.column_stride());
}

Line::Line(const ConstTensor& t, std::size_t first) {
  for (std::size_t i = first; i < t.dimensions(); ++i) append(t.shape()[i], t.strides()[i]);
}

void Line::append(std::size_t length, std::ptrdiff_t stride) {
  if (length == 1) return;
  if (count_ > 0 && strides_[count_ - 1] == stride * static_cast<std::ptrdiff_t>(length)) {
    lengths_[count_ - 1] *= length;
    strides_[count_ - 1] = stride;
    return;
  }
  lengths_[count_] = length;
  strides_[count_++] = stride;
}

std::ptrdiff_t Line::row_offset(std::size_t row) const {
  std::ptrdiff_t offset = 0;
  for (std::size_t i = count_ - 1; i-- > 0 && row > 0; row /= lengths_[i]) {
    offset += static_cast<std::ptrdiff_t>(row % lengths_[i]) * strides_[i];
  }
  return offset;
}

template <class Body>
void Line::for_pieces(std::size_t from, std::size_t n, const Body& body) const {
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

namespace {

template <class T>
T* begin_of(const Lines& lines, const Span& span) {
  return static_cast<T*>(const_cast<void*>(lines.data)) + span.offset;
}

// A pointer to the elements themselves, or to a copy in `buffer`.
template <class T>
const T* fetch(const Lines& lines, const Span& span, T* buffer) {
  const T* const begin = begin_of<T>(lines, span);
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
  T* const begin = begin_of<T>(lines, span);
  lines.line.for_pieces(span.from, span.n,
                        [&](std::ptrdiff_t at, std::ptrdiff_t stride, std::size_t n) {
                          T* to = begin + at;
                          for (std::size_t i = 0; i < n; ++i, to += stride) *to = *from++;
                        });
}

template <class T>
const float* widened(const Blocks& blocks, const Lines& lines, const Span& span, float* buffer) {
  T raw[kLineBlock];
  blocks.widen(fetch<T>(lines, span, raw), buffer, span.n);
  return buffer;
}

template <class T>
void narrowed(const Blocks& blocks, const Lines& lines, const Span& span, const float* from) {
  T raw[kLineBlock];
  blocks.narrow(from, raw, span.n);
  put(lines, span, raw);
}

}  // namespace

template <class W>
const W* load(const Blocks& blocks, const Lines& lines, const Span& span, W* buffer) {
  if constexpr (sizeof(W) == 4) {
    if (lines.type == Type::bfloat16) return widened<bfloat16>(blocks, lines, span, buffer);
    if (lines.type == Type::float16) return widened<float16>(blocks, lines, span, buffer);
  }
  return fetch<W>(lines, span, buffer);
}

template <class W>
void store(const Blocks& blocks, const Lines& lines, const Span& span, const W* from) {
  if (from == result<W>(lines, span, nullptr)) return;
  if constexpr (sizeof(W) == 4) {
    if (lines.type == Type::bfloat16) return narrowed<bfloat16>(blocks, lines, span, from);
    if (lines.type == Type::float16) return narrowed<float16>(blocks, lines, span, from);
  }
  put(lines, span, from);
}

template const float* load(const Blocks&, const Lines&, const Span&, float*);
template const double* load(const Blocks&, const Lines&, const Span&, double*);
template void store(const Blocks&, const Lines&, const Span&, const float*);
template void store(const Blocks&, const Lines&, const Span&, const double*);

}  // namespace actfn::kernels
