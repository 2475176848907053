// SPDX-License-Identifier: Apache-2.0
// The order in which a walk visits dimensions: it looks for long rows.
#include "memory/walk.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace actfn::memory {
namespace {

// The longest dimension becomes the row where rows are shorter than this.
constexpr std::size_t kShortRow = 16;

}  // namespace

void Walk::swap(std::size_t i, std::size_t j) {
  std::swap(lengths_[i], lengths_[j]);
  for (std::size_t k = 0; k < operands_; ++k) {
    std::swap(operand_[k].strides[i], operand_[k].strides[j]);
  }
}

// Sorts dimensions by their strides, the smallest last. For so few, insertion sort is fast.
void Walk::sort() {
  const auto spread = [&](std::size_t i) {
    std::ptrdiff_t sum = 0;
    for (std::size_t k = 0; k < operands_; ++k) sum += std::abs(operand_[k].strides[i]);
    return sum;
  };
  for (std::size_t i = 1; i < count_; ++i) {
    for (std::size_t k = i; k > 0 && spread(k - 1) < spread(k); --k) swap(k - 1, k);
  }
}

// Whether a step along `outer` is a whole row along the next dimension, for all operands.
bool Walk::adjoin(std::size_t outer) const {
  const auto length = static_cast<std::ptrdiff_t>(lengths_[outer + 1]);
  for (std::size_t k = 0; k < operands_; ++k) {
    const Steps& strides = operand_[k].strides;
    if (strides[outer] != strides[outer + 1] * length) return false;
  }
  return true;
}

// Merges two dimensions into one where all operands allow it, and drops those of length 1.
void Walk::merge() {
  for (std::size_t i = count_; i-- > 0;) {
    const bool single = lengths_[i] == 1;
    if (!single && (i + 1 >= count_ || !adjoin(i))) continue;
    if (!single) {
      lengths_[i] *= lengths_[i + 1];
      for (std::size_t k = 0; k < operands_; ++k) {
        operand_[k].strides[i] = operand_[k].strides[i + 1];
      }
    }
    for (std::size_t k = single ? i : i + 1; k + 1 < count_; ++k) swap(k, k + 1);
    --count_;
  }
}

void Walk::lengthen_rows() {
  if (count_ < 2 || row() >= kShortRow) return;
  const auto* const longest = std::max_element(lengths_.begin(), lengths_.begin() + count_);
  if (*longest >= 4 * row()) {
    swap(static_cast<std::size_t>(longest - lengths_.begin()), count_ - 1);
  }
}

void Walk::find_pairs() {
  if (rounds_ != 1 || pairs_ == nullptr) return;
  const auto bytes = static_cast<std::ptrdiff_t>(copies_.size);
  for (std::size_t k = 0; k + 1 < operands_; ++k) {
    const Operand& next = operand_[k + 1];
    Operand& o = operand_[k];
    const bool adjacent = next.data == o.data + bytes || o.data == next.data + bytes;
    o.leads_pair = o.strides[count_ - 1] == 2 && o.strides == next.strides && adjacent &&
                   o.role == next.role && o.role != Role::both;
    if (o.leads_pair) ++k;
  }
}

void Walk::find_repetitions() {
  if (rounds_ != 1) return;
  for (std::size_t k = 0; k < operands_; ++k) {
    Operand& o = operand_[k];
    if (o.role != Role::input) continue;
    std::size_t outer = 0;  // leading dimensions of stride 0
    while (outer < count_ && o.strides[outer] == 0) ++outer;
    o.repeats = std::count(o.strides.begin(), o.strides.begin() + count_, 0) != 0;
    if (outer == 0 || outer == count_) continue;
    o.period = 1;
    for (std::size_t i = outer; i < count_; ++i) o.period *= lengths_[i];
    periodic_ = true;
  }
}

void Walk::arrange() {
  count_ = shape_.count();
  std::copy(shape_.begin(), shape_.end(), lengths_.begin());
  for (std::size_t k = 0; k < operands_; ++k) {
    Operand& o = operand_[k];
    o.leads_pair = o.repeats = false;
    o.period = 0;
    for (std::size_t i = 0; i < count_; ++i) {  // strides of dimensions of length 1 mean nothing
      o.strides[i] = lengths_[i] == 1 || o.source == nullptr ? 0 : (*o.source)[i];
    }
  }
  if (!in_order_) sort();
  merge();
  if (count_ == 0) {
    count_ = 1;
    lengths_[0] = 1;
    for (std::size_t k = 0; k < operands_; ++k) operand_[k].strides[0] = 1;
  }
  if (!in_order_) lengthen_rows();
  find_pairs();
  find_repetitions();
}

}  // namespace actfn::memory
