// SPDX-License-Identifier: Apache-2.0
// Heads as the kernels read them: float32, in rows or in panels, copied where they lie otherwise.
#pragma once

#include "catalogue/size.h"
#include "memory/scratch.h"
#include "memory/share.h"
#include "nn/attention/problem.h"
#include "nn/attention/tiles.h"

#include <cstddef>
#include <optional>

namespace actfn::nn::attention {

// n / d, rounded up.
inline std::size_t quotient(std::size_t n, std::size_t d) { return (n + d - 1) / d; }
inline std::size_t round_up(std::size_t n, std::size_t unit) { return quotient(n, unit) * unit; }

// Rows that are copied, and packed, at once: whole panels of every instruction set.
inline constexpr std::size_t kPackedRows = 256;

// Runs the turns of a computation for all kv heads. work(turn) calls turn(n, body) for each: a turn
// of n parts of each head. body(worker, i) gets part i % n of head i / n. Where there are heads
// enough for all workers, each head takes all turns at once, while what it needs is in the cache;
// else all heads take one turn after the other.
template <class Work>
void run_turns(const memory::Crew& crew, std::size_t heads, const Work& work) {
  constexpr std::size_t kHeadsEach = 2;
  const auto for_each = [&](std::size_t n, const auto& body) {
    memory::share(n, 1, crew, [&](std::size_t worker, std::size_t i, std::size_t end) {
      for (; i < end; ++i) body(worker, i);
    });
  };
  if (heads < kHeadsEach * crew.workers) {
    return work([&](std::size_t n, const auto& body) { for_each(heads * n, body); });
  }
  for_each(heads, [&](std::size_t worker, std::size_t head) {
    work([&](std::size_t n, const auto& body) {
      for (std::size_t i = head * n; i < (head + 1) * n; ++i) body(worker, i);
    });
  });
}

// Arrays of float32 for each of some workers, in one allocation.
class Arena {
 public:
  // The number by which at() finds an array of so many numbers.
  std::size_t add(Size numbers);
  void allocate(std::size_t workers);
  float* at(std::size_t worker, std::size_t array) const {
    return data_ + worker * size_.value() + array;
  }

 private:
  Size size_ = 0;
  std::optional<memory::Scratch> scratch_;
  float* data_ = nullptr;
};

struct FloatRows {
  const float* at;
  std::size_t stride;

  FloatRows from(std::size_t row) const { return {at + row * stride, stride}; }
};

// Whether the kernels may read the rows where they are.
bool has_plain_rows(const Matrices& m);

// The rows of all heads, of a width rounded up to whole vectors, with zeros beside them.
class RowOperand {
 public:
  // heads and rows: of the tensor.
  RowOperand(const Matrices& from, std::size_t batches, std::size_t heads, std::size_t rows,
             std::size_t width);

  std::size_t width() const { return padded_; }
  // Copies some rows of one head where that is needed.
  void prepare(std::size_t batch, std::size_t head, std::size_t row, std::size_t n) const;
  FloatRows of(std::size_t batch, std::size_t head) const;

 private:
  float* copy_of(std::size_t batch, std::size_t head) const {
    return copied_ + (batch * heads_ + head) * rows_ * padded_;
  }

  const Matrices& from_;
  std::size_t heads_, rows_, width_, padded_;
  std::optional<memory::Scratch> copy_;
  float* copied_ = nullptr;  // null: read in place
};

// The transposes of all heads, times a scale, in panels.
class PanelOperand {
 public:
  PanelOperand(const Matrices& from, std::size_t batches, std::size_t heads, std::size_t rows,
               std::size_t width, float scale = 1);

  // Packs n rows; the first is a multiple of kPackedRows. `buffer` has kPackedRows * width numbers.
  void prepare(std::size_t batch, std::size_t head, std::size_t row, std::size_t n,
               float* buffer) const;
  // The panels from a row on, which is a multiple of the panels' width.
  Right of(std::size_t batch, std::size_t head, std::size_t row) const;
  std::size_t buffer_size() const { return kPackedRows * width_; }

 private:
  float* panels_of(std::size_t batch, std::size_t head) const {
    return reinterpret_cast<float*>(packed_.data()) + (batch * heads_ + head) * padded_ * width_;
  }

  const Matrices& from_;
  std::size_t heads_, width_, padded_;
  float scale_;
  memory::Scratch packed_;
};

// The width of a row, rounded up to whole panels and to kRowUnit.
std::size_t padded_width(std::size_t width);

// As many workers as the problem is worth, with `products` products of the size of the scores.
memory::Crew crew_of(const Problem& p, std::size_t products);

}  // namespace actfn::nn::attention
