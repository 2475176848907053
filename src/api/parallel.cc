#include "api/parallel.h"

#include <array>
#include <cstring>

namespace actfn {
namespace {

constexpr std::size_t kMaxArrays = 5;
constexpr std::size_t kBlock = 512;   // elements
constexpr std::size_t kMaxBytes = 8;  // of an element
// The address of one element of each operand.
using Pointers = std::array<void*, kMaxArrays>;

char* element(const ConstArray& a, std::size_t row, std::size_t column) {
  const std::ptrdiff_t steps = static_cast<std::ptrdiff_t>(row) * a.row_stride() +
                               static_cast<std::ptrdiff_t>(column) * a.column_stride();
  return static_cast<char*>(const_cast<void*>(a.address())) + steps * size_of(a.type());
}

Pointers pointers_to(const Operands& operands, std::size_t row, std::size_t column) {
  Pointers all;
  auto* to = all.begin();
  for (const ConstArray* a : operands.arrays) *to++ = element(*a, row, column);
  return all;
}

template <std::size_t bytes>
void copy(const char* from, std::ptrdiff_t from_step, char* to, std::ptrdiff_t to_step,
          std::size_t n) {
  for (std::size_t i = 0; i < n; ++i, from += from_step, to += to_step) {
    std::memcpy(to, from, bytes);
  }
}

// Copies n elements of `bytes` bytes. Steps are in bytes too.
void copy(std::ptrdiff_t bytes, const char* from, std::ptrdiff_t from_step, char* to,
          std::ptrdiff_t to_step, std::size_t n) {
  (bytes == 2 ? copy<2> : bytes == 4 ? copy<4> : copy<8>)(from, from_step, to, to_step, n);
}

// Calls body for columns [from, to) of one row, kBlock at a time. Strided operands go through
// contiguous buffers. Outputs are copied in as well: bias_forward() also reads its output z.
void for_columns(const Operands& operands, std::size_t row, std::size_t from, std::size_t to,
                 const Body& body) {
  alignas(kMaxBytes) char buffers[kMaxArrays][kBlock * kMaxBytes];
  const ConstArray* const* const arrays = operands.arrays.begin();
  const std::size_t count = operands.arrays.size();
  for (std::size_t at = from; at < to; at += kBlock) {
    const std::size_t n = std::min(kBlock, to - at);
    const Pointers places = pointers_to(operands, row, at);
    Pointers pointers = places;
    for (std::size_t k = 0; k < count; ++k) {
      if (arrays[k]->column_stride() == 1) continue;
      const std::ptrdiff_t bytes = size_of(arrays[k]->type());
      const std::ptrdiff_t step = arrays[k]->column_stride() * bytes;
      copy(bytes, static_cast<const char*>(places[k]), step, buffers[k], bytes, n);
      pointers[k] = buffers[k];
    }
    body(pointers.data(), n);
    for (std::size_t k = count - operands.outputs; k < count; ++k) {
      if (arrays[k]->column_stride() == 1) continue;
      const std::ptrdiff_t bytes = size_of(arrays[k]->type());
      const std::ptrdiff_t step = arrays[k]->column_stride() * bytes;
      copy(bytes, buffers[k], bytes, static_cast<char*>(places[k]), step, n);
    }
  }
}

}  // namespace

void for_all(const Operands& operands, std::size_t workers, const Body& body) {
  const auto all = [&](auto&& holds) {
    return std::all_of(operands.arrays.begin(), operands.arrays.end(), holds);
  };
  const ConstArray& like = **operands.arrays.begin();
  if (all([](const ConstArray* a) { return is_contiguous(*a); })) {
    share(like.size(), 64, workers, [&](std::size_t begin, std::size_t end) {
      Pointers pointers = pointers_to(operands, 0, 0);
      auto* at = pointers.begin();
      for (const ConstArray* a : operands.arrays) {
        *at = static_cast<char*>(*at) + static_cast<std::ptrdiff_t>(begin) * size_of(a->type());
        ++at;
      }
      body(pointers.data(), end - begin);
    });
    return;
  }
  const bool unit = all([](const ConstArray* a) { return a->column_stride() == 1; });
  const auto rows = [&](std::size_t first, std::size_t last, std::size_t from, std::size_t to) {
    for (std::size_t r = first; r < last; ++r) {
      if (unit) {
        body(pointers_to(operands, r, from).data(), to - from);
      } else {
        for_columns(operands, r, from, to, body);
      }
    }
  };
  // Each thread gets whole rows, or columns of all rows where there are fewer rows than threads.
  if (like.rows() >= workers) {
    share(like.rows(), 1, workers,
          [&](std::size_t first, std::size_t last) { rows(first, last, 0, like.columns()); });
  } else {
    share(like.columns(), 64, workers,
          [&](std::size_t from, std::size_t to) { rows(0, like.rows(), from, to); });
  }
}

}  // namespace actfn
