// SPDX-License-Identifier: Apache-2.0
// Images as matrices: a column has what one position of a kernel covers. With them, convolutions
// are matrix products, whose bits are known: see product.h and product_reproducible.h.
#pragma once

#include <actfn/nn/layers.h>

#include "nn/cut.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace actfn::nn {

using Index = std::ptrdiff_t;

// A kernel that moves along one dimension of an image.
struct Axis {
  Index in, out;  // lengths of the image and of the result
  Index kernel, stride, padding, dilation;

  Index covered() const { return dilation * (kernel - 1) + 1; }
  // Where the element k of the kernel is at the position i.
  Index at(Index i, Index k) const { return i * stride - padding + k * dilation; }
  // The positions whose element k is inside the image: from `first` to before `last`.
  Index first(Index k) const {
    const Index before = padding - k * dilation;  // elements beyond the beginning at position 0
    return before <= 0 ? 0 : std::min(out, (before + stride - 1) / stride);
  }
  Index last(Index k) const {
    const Index most = in - 1 + padding - k * dilation;
    return most < 0 ? 0 : std::min(out, most / stride + 1);
  }
};

struct Kernel {
  Size2d size, stride, padding, dilation;
};

// Throws Error: "[sequential] conv2d's kernel covers 5x5, more than the padded image, 4x4".
struct Axes {
  Axis height, width;
};
Axes axes_of(std::string_view who, std::size_t height, std::size_t width, const Kernel& kernel);

// Positions that are computed together: of several samples, or some rows of one.
struct Tile {
  Index first, last;  // samples
  Index top, bottom;  // rows of positions
};

class Patches {
 public:
  // Of images of so many channels.
  Patches(Index channels, const Axes& axes);

  Index channels() const { return channels_; }
  Index depth() const { return channels_ * height_.kernel * width_.kernel; }
  Index positions() const { return height_.out * width_.out; }
  Index row() const { return width_.out; }  // of positions
  Index image() const { return channels_ * height_.in * width_.in; }
  // Of the largest tile for so many samples.
  Index most_columns(Index samples) const;
  Index columns(const Tile& t) const {
    return (t.last - t.first) * (t.bottom - t.top) * width_.out;
  }

  // f(tile) for all positions of the samples, always cut alike.
  template <class F>
  void for_each_tile(const Range& samples, const F& f) const {
    for (Index s = samples.begin; s < samples.end; s += samples_) {
      for (Index row = 0; row < height_.out; row += rows_) {
        f(Tile{s, std::min<Index>(samples.end, s + samples_), row,
               std::min(height_.out, row + rows_)});
      }
    }
  }

  // column[depth][columns] = the images' elements, 0 in the padding. x begins with sample 0.
  void gather(const Tile& t, const float* x, float* column) const;
  // The images' elements += the columns'.
  void scatter(const Tile& t, const float* column, float* x) const;

  // rows[m][columns] = y[sample][m][positions], and the inverse, with bias[m] added unless it is
  // null.
  void pack(const Tile& t, Index m, const float* y, float* rows) const;
  void unpack(const Tile& t, Index m, const float* rows, const float* bias, float* y) const;

 private:
  template <class F>
  void for_each_line(const Tile& t, const F& f) const;

  Index channels_;
  Axis height_, width_;
  Index samples_, rows_;  // of a tile, at most
};

}  // namespace actfn::nn
