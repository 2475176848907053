// SPDX-License-Identifier: Apache-2.0
#include "lab/batches.h"

#include "nn/vector_ops.h"
#include "random/kernels/philox.h"

#include <algorithm>
#include <numeric>

namespace actfn::lab {

Batches::Batches(const data::Samples& set, int batch_size)
    : set_(set),
      batch_size_(std::min(static_cast<std::size_t>(batch_size), set.count)),
      count_(static_cast<int>((set.count + batch_size_ - 1) / batch_size_)),
      order_(set.count),
      x_(batch_size_ * set.features),
      labels_(set.labels.empty() ? 0 : batch_size_),
      targets_(set.targets.empty() ? 0 : batch_size_) {
  in_order();
}

void Batches::in_order() { std::iota(order_.begin(), order_.end(), 0U); }

// Fisher and Yates; the draws are keyed by epoch and position.
void Batches::shuffle(std::uint64_t seed, int epoch) {
  in_order();
  const Philox random(seed, Purpose::shuffle, static_cast<std::uint32_t>(epoch));
  for (auto i = static_cast<std::uint32_t>(order_.size() - 1); i > 0; --i) {
    const auto bits = random(i);
    std::swap(order_[i], order_[below(i + 1, bits[0], bits[1])]);
  }
}

// Rows lie anywhere in the set: ask for the next batch's while this one is worked on.
void Batches::prefetch(std::size_t begin, std::size_t end) const {
  constexpr std::size_t kLine = 64;
  const bool has_bytes = set_.floats.empty();
  const std::size_t size = set_.features * (has_bytes ? 1 : sizeof(float));
  const void* rows = has_bytes ? static_cast<const void*>(set_.bytes.data()) : set_.floats.data();
  for (std::size_t i = begin; i < std::min(end, order_.size()); ++i) {
    const char* row = static_cast<const char*>(rows) + order_[i] * size;
    for (std::size_t at = 0; at < size; at += kLine) __builtin_prefetch(row + at);
  }
}

void Batches::copy_row(std::size_t from, float* to) const {
  const std::size_t size = set_.features;
  if (set_.floats.empty()) {
    nn::scale_bytes(set_.bytes.data() + from * size, size, kPixelScale, to);
  } else {
    std::copy_n(set_.floats.data() + from * size, size, to);
  }
}

Batch Batches::get(int index) {
  const std::size_t size = set_.features;
  const std::size_t begin = static_cast<std::size_t>(index) * batch_size_;
  const std::size_t rows = std::min(batch_size_, order_.size() - begin);
  for (std::size_t r = 0; r < rows; ++r) {
    const std::size_t from = order_[begin + r];
    copy_row(from, x_.data() + r * size);
    if (!labels_.empty()) labels_[r] = set_.labels[from];
    if (!targets_.empty()) targets_[r] = set_.targets[from];
  }
  prefetch(begin + rows, begin + rows + batch_size_);
  return {std::span<const float>(x_).first(rows * size),
          std::span<const std::uint32_t>(labels_).first(labels_.empty() ? 0 : rows),
          std::span<const float>(targets_).first(targets_.empty() ? 0 : rows)};
}

}  // namespace actfn::lab
