// SPDX-License-Identifier: Apache-2.0
// Gradients that several parts of the work add to. Each part has sums of its own, and the parts are
// added in their order: so the bits do not depend on threads.
#pragma once

#include "catalogue/size.h"
#include "memory/scratch.h"
#include "nn/attention/operands.h"
#include "nn/attention/problem.h"
#include "nn/attention/tiles.h"

#include <algorithm>
#include <cstddef>

namespace actfn::nn::attention {

class GradientSums {
 public:
  GradientSums(std::size_t parts, std::size_t batches, std::size_t heads, std::size_t rows,
               std::size_t width)
      : parts_(parts),
        heads_(heads),
        rows_(rows),
        width_(width),
        padded_(padded_width(width)),
        part_(Size(batches) * heads * rows * padded_),
        sums_((part_ * parts * sizeof(float)).value()) {}

  std::size_t width() const { return padded_; }
  float* of(std::size_t part, std::size_t batch, std::size_t head) const {
    return reinterpret_cast<float*>(sums_.data()) + part * part_.value() +
           (batch * heads_ + head) * rows_ * padded_;
  }
  void clear(std::size_t part, std::size_t batch, std::size_t head) const {
    std::fill_n(of(part, batch, head), rows_ * padded_, 0.0F);
  }
  // Writes `factor` times the sum of all parts.
  void store(std::size_t batch, std::size_t head, float factor, const Matrices& to) const {
    float* const sum = of(0, batch, head);
    for (std::size_t part = 1; part < parts_; ++part) {
      row_ops().add(of(part, batch, head), sum, rows_ * padded_);
    }
    if (factor != 1) row_ops().scale(sum, rows_ * padded_, factor);
    for (std::size_t row = 0; row < rows_; ++row) {
      to.store(sum + row * padded_, batch, head, row, width_);
    }
  }

 private:
  std::size_t parts_, heads_, rows_, width_, padded_;
  Size part_;
  memory::Scratch sums_;
};

// Into how many parts the work of one head is cut, at most: few heads leave threads idle.
inline std::size_t parts_of(const Sizes& s, std::size_t blocks) {
  constexpr std::size_t kUnits = 8;
  const std::size_t heads = std::max<std::size_t>(s.batches * s.kv_heads, 1);
  return std::clamp<std::size_t>(kUnits / heads, 1, std::max<std::size_t>(blocks, 1));
}

}  // namespace actfn::nn::attention
