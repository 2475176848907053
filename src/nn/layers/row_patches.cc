// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/row_patches.h"

#include "nn/layers/patch_products.h"

#include <algorithm>

namespace actfn::nn {
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
void RowPatches::for_each_line(const F& f) const {
  Index at = 0;
  for (const Index below : planes_) {
    // The first row in the image, and the one behind the last.
    const Axis rows = {height_.in, rows_, 1, height_.stride, height_.padding - below, 1};
    const Index first = rows.first(0), last = std::max(first, rows.last(0));
    for (Index c = 0; c < channels_; ++c) {
      for (Index j = 0; j < width_.kernel; ++j, at += plane_) {
        const Index left = width_.first(j), right = std::max(left, width_.last(j));
        const Index image = (c * height_.in + rows.at(first, 0)) * width_.in + width_.at(left, j);
        f(Line{at + first * width_.out + left, image, last - first, right - left}, at);
      }
    }
  }
}

void RowPatches::gather(const float* image, float* array) const {
  const Index step = height_.stride * width_.in;
  for_each_line([&](const Line& l, Index at) {
    if (l.rows * l.columns < plane_) std::fill_n(array + at, plane_, 0.0F);
    float* to = array + l.array;
    if (l.rows * l.columns == 0) return;
    const float* from = image + l.image;
    if (width_.stride == 1) {
      return patch_products().copy_rows({from, step, to, width_.out,
                                         static_cast<std::size_t>(l.rows),
                                         static_cast<std::size_t>(l.columns)});
    }
    for (Index i = 0; i < l.rows; ++i, from += step, to += width_.out) {
      for (Index k = 0; k < l.columns; ++k) to[k] = from[k * width_.stride];
    }
  });
}

void RowPatches::scatter(const float* array, float* image) const {
  const Index step = height_.stride * width_.in;
  for_each_line([&](const Line& l, Index /*at*/) {
    if (l.rows * l.columns == 0) return;
    const float* from = array + l.array;
    float* to = image + l.image;
    if (width_.stride == 1) {
      return patch_products().add_rows({from, width_.out, to, step,
                                        static_cast<std::size_t>(l.rows),
                                        static_cast<std::size_t>(l.columns)});
    }
    for (Index i = 0; i < l.rows; ++i, from += width_.out, to += step) {
      for (Index k = 0; k < l.columns; ++k) to[k * width_.stride] += from[k];
    }
  });
}

}  // namespace actfn::nn
