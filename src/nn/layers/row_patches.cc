// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/row_patches.h"

#include <algorithm>
#include <cstring>

namespace actfn::nn {
namespace {

// Rows are short: calls would cost more than the numbers.
void copy(const float* from, Index n, float* to) {
  constexpr Index kAtOnce = 8;
  constexpr std::size_t kBytes = kAtOnce * sizeof(float);
  Index i = 0;
  for (; i + kAtOnce <= n; i += kAtOnce) std::memcpy(to + i, from + i, kBytes);
  if (i < n && n >= kAtOnce) return void(std::memcpy(to + n - kAtOnce, from + n - kAtOnce, kBytes));
  for (; i < n; ++i) to[i] = from[i];
}

void clear(float* to, Index n) {
  for (Index i = 0; i < n; ++i) to[i] = 0;
}

}  // namespace

RowPatches::RowPatches(Index channels, const Axes& axes)
    : channels_(channels), height_(axes.height), width_(axes.width) {
  place_rows(true);
  // Far apart, as large dilations make them, rows are better alone.
  if (static_cast<Index>(planes_.size()) * rows_ > height_.kernel * height_.out) place_rows(false);
}

void RowPatches::place_rows(bool shared) {
  places_.clear();
  planes_.clear();
  rows_ = height_.out;
  for (Index i = 0; i < height_.kernel; ++i) {
    const Index below = i * height_.dilation;
    const auto fits = [&](Index plane) { return shared && (below - plane) % height_.stride == 0; };
    const auto found = std::ranges::find_if(planes_, fits);
    const Index plane = found - planes_.begin();
    if (found == planes_.end()) planes_.push_back(below);
    const Index row = (below - planes_[static_cast<std::size_t>(plane)]) / height_.stride;
    places_.push_back({plane, row});
    rows_ = std::max(rows_, height_.out + row);
  }
  plane_ = rows_ * width_.out;
}

template <class F>
void RowPatches::for_each_row(const F& f) const {
  Index at = 0;
  for (const Index below : planes_) {
    for (Index c = 0; c < channels_; ++c) {
      for (Index j = 0; j < width_.kernel; ++j) {
        for (Index row = 0; row < rows_; ++row, at += width_.out) {
          const Index y = height_.at(row, 0) + below;
          f(y >= 0 && y < height_.in ? (c * height_.in + y) * width_.in : -1, j, at);
        }
      }
    }
  }
}

void RowPatches::gather(const float* image, float* array) const {
  for_each_row([&](Index from, Index j, Index to) {
    float* const line = array + to;
    if (from < 0) return clear(line, width_.out);
    const Index first = width_.first(j);
    const Index last = std::max(first, width_.last(j));
    clear(line, first);
    clear(line + last, width_.out - last);
    if (first == last) return;
    const float* const x = image + (from + width_.at(first, j));
    if (width_.stride == 1) return copy(x, last - first, line + first);
    for (Index i = first; i < last; ++i) line[i] = x[(i - first) * width_.stride];
  });
}

void RowPatches::scatter(const float* array, float* image) const {
  for_each_row([&](Index to, Index j, Index from) {
    const Index first = width_.first(j);
    const Index last = width_.last(j);
    if (to < 0 || first >= last) return;
    const float* const line = array + from;
    float* const x = image + (to + width_.at(first, j));
    for (Index i = first; i < last; ++i) x[(i - first) * width_.stride] += line[i];
  });
}

}  // namespace actfn::nn
