// Shares elementwise work out: by threads, by rows, and by blocks where columns are strided.
#pragma once

#include <actfn/array.h>
#include <actfn/elementwise.h>

#include "api/check.h"
#include "api/share.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace actfn {

// The same elements of up to five arrays of one type, the last `outputs` of which are written.
template <class T, std::size_t count>
struct Operands {
  std::array<const ConstArray*, count> arrays;
  std::size_t outputs = 1;
};

template <class T>
T* element(const ConstArray& a, std::size_t row, std::size_t column) {
  return const_cast<T*>(a.data<T>()) + static_cast<std::ptrdiff_t>(row) * a.row_stride() +
         static_cast<std::ptrdiff_t>(column) * a.column_stride();
}

// body(pointers, n) over one row's columns [from, to); strided ones by way of buffers.
template <class T, std::size_t count, class Body>
void for_columns(const Operands<T, count>& operands, std::size_t row, std::size_t from,
                 std::size_t to, const Body& body) {
  constexpr std::size_t kBlock = 512;
  T buffer[count][kBlock];
  for (std::size_t at = from; at < to; at += kBlock) {
    const std::size_t n = std::min(kBlock, to - at);
    std::array<T*, count> pointers;
    for (std::size_t k = 0; k < count; ++k) {
      const ConstArray& a = *operands.arrays[k];
      pointers[k] = element<T>(a, row, at);
      if (a.column_stride() == 1) continue;
      const T* from_k = pointers[k];
      pointers[k] = buffer[k];
      for (std::size_t i = 0; i < n; ++i, from_k += a.column_stride()) buffer[k][i] = *from_k;
    }
    body(pointers, n);
    for (std::size_t k = count - operands.outputs; k < count; ++k) {
      const ConstArray& a = *operands.arrays[k];
      if (a.column_stride() == 1) continue;
      T* to_k = element<T>(a, row, at);
      for (std::size_t i = 0; i < n; ++i, to_k += a.column_stride()) *to_k = buffer[k][i];
    }
  }
}

// body(pointers, n) for all elements, by so many threads.
template <class T, std::size_t count, class Body>
void for_all(const Operands<T, count>& operands, std::size_t workers, const Body& body) {
  const ConstArray& like = *operands.arrays[0];
  const auto& all = operands.arrays;
  if (std::all_of(all.begin(), all.end(), [](const auto* a) { return is_contiguous(*a); })) {
    share(like.size(), 64, workers, [&](std::size_t begin, std::size_t end) {
      std::array<T*, count> pointers;
      for (std::size_t k = 0; k < count; ++k) pointers[k] = element<T>(*all[k], 0, 0) + begin;
      body(pointers, end - begin);
    });
    return;
  }
  const bool unit =
      std::all_of(all.begin(), all.end(), [](const auto* a) { return a->column_stride() == 1; });
  const auto rows = [&](std::size_t first, std::size_t last, std::size_t from, std::size_t to) {
    for (std::size_t r = first; r < last; ++r) {
      if (!unit) {
        for_columns(operands, r, from, to, body);
        continue;
      }
      std::array<T*, count> pointers;
      for (std::size_t k = 0; k < count; ++k) pointers[k] = element<T>(*all[k], r, from);
      body(pointers, to - from);
    }
  };
  // Many rows are shared by rows, few by columns.
  if (like.rows() >= workers) {
    share(like.rows(), 1, workers,
          [&](std::size_t first, std::size_t last) { rows(first, last, 0, like.columns()); });
  } else {
    share(like.columns(), 64, workers,
          [&](std::size_t from, std::size_t to) { rows(0, like.rows(), from, to); });
  }
}

}  // namespace actfn
