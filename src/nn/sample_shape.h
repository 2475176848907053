// SPDX-License-Identifier: Apache-2.0
// Shapes of samples.
#pragma once

#include <actfn/tensor.h>

#include "catalogue/shape.h"
#include "catalogue/size.h"

#include <cstddef>
#include <string_view>

namespace actfn::nn {

inline Size size_of(const Shape& shape) {
  Size n = 1;
  for (const std::size_t length : shape) n = n * length;
  return n;
}

// A sample as [outer, features, inner]: features are the channels of an image, and the last
// dimension of others.
struct Features {
  std::size_t axis;  // of the sample
  std::size_t outer = 1, count, inner = 1;

  explicit Features(const Shape& sample)
      : axis(sample.count() == 3 ? 0 : sample.count() - 1), count(sample[axis]) {
    for (std::size_t i = 0; i < axis; ++i) outer *= sample[i];
    for (std::size_t i = axis + 1; i < sample.count(); ++i) inner *= sample[i];
  }
};

// The shape with another number of features.
inline Shape with_features(Shape sample, std::size_t features) {
  sample[Features(sample).axis] = features;
  return sample;
}

inline Shape with_last(Shape sample, std::size_t last) {
  sample[sample.count() - 1] = last;
  return sample;
}

// Throws Error unless a sample has so many dimensions: "[sequential] conv2d takes samples of 3
// dimensions, channels x height x width, where 784 come in".
void require_dimensions(std::string_view who, const Shape& in, std::size_t dimensions,
                        std::string_view names);

}  // namespace actfn::nn
