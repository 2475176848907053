// SPDX-License-Identifier: Apache-2.0
// The images of one sample as small kernels read them. Where Patches has a row of its own for every
// element of the kernel, rows of the kernel share theirs here: the one below begins one row of
// positions later. So there are not much more numbers than in the images, times the width of the
// kernel.
#pragma once

#include "nn/layers/patches.h"

#include <cstddef>
#include <vector>

namespace actfn::nn {

class RowPatches {
 public:
  RowPatches(Index channels, const Axes& axes);

  // Numbers of the array.
  Index size() const { return static_cast<Index>(planes_.size()) * lines() * plane_; }
  // Where the positions begin for the element (channel, row, column) of a kernel: the channel's
  // lines of one column follow each other, `plane()` apart, those of the columns and then those of
  // the channels.
  Index at(Index channel, Index row, Index column) const {
    const Place& place = places_[static_cast<std::size_t>(row)];
    return (place.plane * lines() + channel * width_.kernel + column) * plane_ +
           place.row * width_.out;
  }
  Index plane() const { return plane_; }

  // array = the image's elements, 0 in the padding.
  void gather(const float* image, float* array) const;
  // The image's elements += the array's.
  void scatter(const float* array, float* image) const;

 private:
  // Where a row of the kernel is: rows of positions after the beginning of one of the planes.
  struct Place {
    Index plane, row;
  };

  void place_rows(bool shared);
  Index lines() const { return channels_ * width_.kernel; }
  // What a channel and a column of the kernel have in the image: rows and columns of positions, and
  // where the first of them is in the array and in the image.
  struct Line {
    Index array, image, rows, columns;
  };
  // f(line, where it begins in the array with what is in the padding)
  template <class F>
  void for_each_line(const F& f) const;

  Index channels_;
  Axis height_, width_;
  std::vector<Place> places_;
  std::vector<Index> planes_;  // rows of the image by which they begin below the first one
  Index rows_ = 0, plane_ = 0;
};

}  // namespace actfn::nn
