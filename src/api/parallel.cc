#include "api/parallel.h"

#include <array>
#include <cstring>

namespace actfn {
namespace {

constexpr std::size_t kMostArrays = 5;
constexpr std::size_t kBlock = 512;
constexpr std::size_t kMostBytes = 8;  // of an element
using Firsts = std::array<void*, kMostArrays>;

char* element(const ConstArray& a, std::size_t row, std::size_t column) {
  const std::ptrdiff_t steps = static_cast<std::ptrdiff_t>(row) * a.row_stride() +
                               static_cast<std::ptrdiff_t>(column) * a.column_stride();
  return static_cast<char*>(const_cast<void*>(a.address())) + steps * size_of(a.type());
}

Firsts firsts(const Operands& operands, std::size_t row, std::size_t column) {
  Firsts all;
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

// Steps are in bytes.
void copy(std::ptrdiff_t bytes, const char* from, std::ptrdiff_t from_step, char* to,
          std::ptrdiff_t to_step, std::size_t n) {
  (bytes == 2 ? copy<2> : bytes == 4 ? copy<4> : copy<8>)(from, from_step, to, to_step, n);
}

// One row's columns [from, to), some of them strided.
void for_columns(const Operands& operands, std::size_t row, std::size_t from, std::size_t to,
                 const Body& body) {
  alignas(kMostBytes) char buffer[kMostArrays][kBlock * kMostBytes];
  const auto outputs_from = operands.arrays.size() - operands.outputs;
  for (std::size_t at = from; at < to; at += kBlock) {
    const std::size_t n = std::min(kBlock, to - at);
    Firsts pointers = firsts(operands, row, at);
    const Firsts places = pointers;
    std::size_t k = 0;
    const auto strided = [&](const auto& move) {
      k = 0;
      for (const ConstArray* a : operands.arrays) {
        const std::ptrdiff_t bytes = size_of(a->type());
        if (a->column_stride() != 1) move(bytes, a->column_stride() * bytes);
        ++k;
      }
    };
    strided([&](std::ptrdiff_t bytes, std::ptrdiff_t step) {
      copy(bytes, static_cast<const char*>(places[k]), step, buffer[k], bytes, n);
      pointers[k] = buffer[k];
    });
    body(pointers.data(), n);
    strided([&](std::ptrdiff_t bytes, std::ptrdiff_t step) {
      if (k < outputs_from) return;
      copy(bytes, buffer[k], bytes, static_cast<char*>(places[k]), step, n);
    });
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
      Firsts pointers = firsts(operands, 0, 0);
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
        body(firsts(operands, r, from).data(), to - from);
      } else {
        for_columns(operands, r, from, to, body);
      }
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
