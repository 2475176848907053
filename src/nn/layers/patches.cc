// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/patches.h"

#include "catalogue/error.h"

#include <limits>

namespace actfn::nn {
namespace {

// Columns of a tile, in numbers: about what the second and third cache levels hold.
constexpr Index kMostNumbers = Index{1} << 18;
// So many lengths and their products stay far from the end of Index.
constexpr Index kMostLength = std::numeric_limits<int>::max();

Axis axis_of(std::size_t in, int kernel, int stride, int padding, int dilation) {
  Axis a{static_cast<Index>(in), 0, kernel, stride, padding, dilation};
  const Index room = a.in + 2 * a.padding - a.covered();
  a.out = room < 0 ? 0 : room / a.stride + 1;
  return a;
}

}  // namespace

Axes axes_of(std::string_view who, std::size_t height, std::size_t width, const Kernel& k) {
  const Axis h =
      axis_of(height, k.size.height, k.stride.height, k.padding.height, k.dilation.height);
  const Axis w = axis_of(width, k.size.width, k.stride.width, k.padding.width, k.dilation.width);
  if (h.out < 1 || w.out < 1) {
    fail("sequential",
         {who, "'s kernel covers ", h.covered(), "x", w.covered(), ", more than the padded image, ",
          h.in + 2 * h.padding, "x", w.in + 2 * w.padding});
  }
  if (h.out > kMostLength / w.out) {
    fail("sequential", {who, " gives more than ", kMostLength, " numbers for a sample"});
  }
  return {h, w};
}

Patches::Patches(Index channels, const Axes& axes)
    : channels_(channels), height_(axes.height), width_(axes.width) {
  const Index of_a_row = depth() * width_.out;
  const Index of_a_sample = of_a_row * height_.out;
  samples_ = std::max<Index>(1, kMostNumbers / of_a_sample);
  rows_ = of_a_sample <= kMostNumbers ? height_.out : std::max<Index>(1, kMostNumbers / of_a_row);
}

Index Patches::most_columns(Index samples) const {
  return std::min(samples, samples_) * rows_ * width_.out;
}

// f(line of the image or -1, its channel, the kernel's column, sample, column) for each row of
// positions and each element of the kernel.
template <class F>
void Patches::for_each_line(const Tile& t, const F& f) const {
  const Index all = columns(t);
  Index at = 0;  // of the matrix
  for (Index c = 0; c < channels_; ++c) {
    for (Index i = 0; i < height_.kernel; ++i) {
      for (Index j = 0; j < width_.kernel; ++j, at += all) {
        Index line = at;
        for (Index s = t.first; s < t.last; ++s) {
          for (Index row = t.top; row < t.bottom; ++row, line += width_.out) {
            const Index y = height_.at(row, i);
            const bool inside = y >= 0 && y < height_.in;
            f(inside ? ((s * channels_ + c) * height_.in + y) * width_.in : -1, j, line);
          }
        }
      }
    }
  }
}

void Patches::gather(const Tile& t, const float* x, float* column) const {
  for_each_line(t, [&](Index from, Index j, Index to) {
    float* const line = column + to;
    const Index first = from < 0 ? width_.out : width_.first(j);
    const Index last = from < 0 ? width_.out : std::max(first, width_.last(j));
    std::fill(line, line + first, 0.0F);
    std::fill(line + last, line + width_.out, 0.0F);
    if (first == last) return;
    const float* const image = x + (from + width_.at(first, j));
    if (width_.stride == 1) {
      std::copy(image, image + (last - first), line + first);
    } else {
      for (Index i = first; i < last; ++i) line[i] = image[(i - first) * width_.stride];
    }
  });
}

void Patches::scatter(const Tile& t, const float* column, float* x) const {
  for_each_line(t, [&](Index to, Index j, Index from) {
    const Index first = width_.first(j);
    const Index last = width_.last(j);
    if (to < 0 || first >= last) return;
    const float* const line = column + from;
    float* const image = x + (to + width_.at(first, j));
    for (Index i = first; i < last; ++i) image[(i - first) * width_.stride] += line[i];
  });
}

void Patches::pack(const Tile& t, Index m, const float* y, float* rows) const {
  const Index height = (t.bottom - t.top) * width_.out;
  for (Index k = 0; k < m; ++k) {
    for (Index s = t.first; s < t.last; ++s, rows += height) {
      const float* const from = y + (s * m + k) * positions() + t.top * width_.out;
      std::copy(from, from + height, rows);
    }
  }
}

void Patches::unpack(const Tile& t, Index m, const float* rows, const float* bias, float* y) const {
  const Index height = (t.bottom - t.top) * width_.out;
  for (Index k = 0; k < m; ++k) {
    const float added = bias == nullptr ? 0.0F : bias[k];
    for (Index s = t.first; s < t.last; ++s, rows += height) {
      float* const to = y + (s * m + k) * positions() + t.top * width_.out;
      for (Index i = 0; i < height; ++i) to[i] = rows[i] + added;
    }
  }
}

}  // namespace actfn::nn
