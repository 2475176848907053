// SPDX-License-Identifier: Apache-2.0
// Minibatches of a labelled set, in an order of their own every epoch.
#pragma once

#include "data/dataset.h"
#include "nn/buffer.h"

#include <cstdint>
#include <span>
#include <vector>

namespace actfn::lab {

// Bytes 0..255 become 0..1; other features are taken as they are.
inline constexpr float kPixelScale = 1.0F / 255.0F;

struct Batch {
  std::span<const float> x;               // [rows, features]
  std::span<const std::uint32_t> labels;  // of a classification
  std::span<const float> targets;         // of a regression
  std::size_t rows() const { return labels.size() + targets.size(); }
};

class Batches {
 public:
  Batches(const data::Samples& set, int batch_size);

  int count() const { return count_; }

  // The order of epoch `epoch` (from 1): a permutation that depends on seed and epoch alone.
  void shuffle(std::uint64_t seed, int epoch);
  // The set as it lies.
  void in_order();

  // The result holds until the next call. The last batch may be shorter.
  Batch get(int index);

 private:
  void prefetch(std::size_t begin, std::size_t end) const;
  void copy_row(std::size_t from, float* to) const;

  const data::Samples& set_;
  std::size_t batch_size_;
  int count_;
  std::vector<std::uint32_t> order_;
  nn::Buffer x_;
  std::vector<std::uint32_t> labels_;
  std::vector<float> targets_;
};

}  // namespace actfn::lab
