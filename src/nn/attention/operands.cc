// SPDX-License-Identifier: Apache-2.0
#include "nn/attention/operands.h"

#include <algorithm>
#include <cstdint>

namespace actfn::nn::attention {
namespace {

constexpr std::size_t kCacheLine = 16;  // in numbers
// Rows so far apart share few sets of a cache.
constexpr std::ptrdiff_t kSetStride = 1024;

std::size_t bytes_of(Size numbers) { return (numbers * sizeof(float)).value(); }

}  // namespace

std::size_t padded_width(std::size_t width) {
  return round_up(width, std::max(products().panel, kRowUnit));
}

std::size_t Arena::add(Size numbers) {
  const std::size_t at = size_.value();
  size_ = size_ + numbers + kCacheLine;
  if (size_.value() != Size::kMost) size_ = round_up(size_.value(), kCacheLine);
  return at;
}

void Arena::allocate(std::size_t workers) {
  data_ = reinterpret_cast<float*>(scratch_.emplace(bytes_of(size_ * workers)).data());
}

bool has_plain_rows(const Matrices& m) {
  return m.type() == Type::float32 && m.column_stride() == 1 && m.row_stride() >= 0 &&
         m.row_stride() % kSetStride != 0;
}

RowOperand::RowOperand(const Matrices& from, std::size_t batches, std::size_t heads,
                       std::size_t rows, std::size_t width)
    : from_(from), heads_(heads), rows_(rows), width_(width), padded_(padded_width(width)) {
  if (width == padded_ && has_plain_rows(from)) return;
  const std::size_t bytes = bytes_of(Size(batches) * heads * rows * padded_);
  copied_ = reinterpret_cast<float*>(copy_.emplace(bytes).data());
}

void RowOperand::prepare(std::size_t batch, std::size_t head, std::size_t row,
                         std::size_t n) const {
  if (copied_ == nullptr) return;
  float* to = copy_of(batch, head) + row * padded_;
  for (std::size_t i = row; i < row + n; ++i, to += padded_) {
    from_.load(batch, head, i, 0, width_, to);
    std::fill(to + width_, to + padded_, 0.0F);
  }
}

FloatRows RowOperand::of(std::size_t batch, std::size_t head) const {
  if (copied_ != nullptr) return {copy_of(batch, head), padded_};
  return {reinterpret_cast<const float*>(from_.at(batch, head, 0)),
          static_cast<std::size_t>(from_.row_stride())};
}

PanelOperand::PanelOperand(const Matrices& from, std::size_t batches, std::size_t heads,
                           std::size_t rows, std::size_t width, float scale)
    : from_(from),
      heads_(heads),
      width_(width),
      padded_(round_up(rows, products().panel)),
      scale_(scale),
      packed_(bytes_of(Size(batches) * heads * padded_ * width)) {}

void PanelOperand::prepare(std::size_t batch, std::size_t head, std::size_t row, std::size_t n,
                           float* buffer) const {
  float* const to = panels_of(batch, head) + row * width_;
  const bool in_place =
      from_.type() == Type::float32 && from_.column_stride() == 1 && from_.row_stride() >= 0;
  if (in_place) {
    const auto* const at = reinterpret_cast<const float*>(from_.at(batch, head, row));
    const auto stride = static_cast<std::size_t>(from_.row_stride());
    return products().transpose({at, stride, n, width_}, scale_, to);
  }
  for (std::size_t i = 0; i < n; ++i) {
    from_.load(batch, head, row + i, 0, width_, buffer + i * width_);
  }
  products().transpose({buffer, width_, n, width_}, scale_, to);
}

Right PanelOperand::of(std::size_t batch, std::size_t head, std::size_t row) const {
  const std::size_t panel = products().panel;
  return {panels_of(batch, head) + row * width_, panel, panel * width_};
}

memory::Crew crew_of(const Problem& p, std::size_t products) {
  constexpr double kNanoseconds = 0.025;  // for one multiply-add of a number
  const Sizes& s = p.sizes;
  const Size elements = Size(s.batches) * s.heads * s.queries * s.keys;
  const auto width = static_cast<double>(std::max(s.key_width, s.out_width) + 8);
  return memory::crew_for(p.threads, elements.value(),
                          kNanoseconds * width * static_cast<double>(products));
}

}  // namespace actfn::nn::attention
