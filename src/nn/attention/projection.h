// SPDX-License-Identifier: Apache-2.0
// The projections before and behind attention.
#pragma once

#include "nn/product.h"
#include "nn/team.h"

#include <cstddef>
#include <optional>

namespace actfn::nn::attention {

// y = x W^T + b, W being [outputs, inputs].
struct Projection {
  std::size_t inputs = 0, outputs = 0;
  std::size_t weight = 0;           // offsets into the parameters
  std::optional<std::size_t> bias;  // nothing: none
};

// Computes projections of rows. Products are cut alike whatever the number of threads.
struct Projector {
  Team& team;
  decltype(&product) multiply;
  const float* parameters;

  void project(const Projection& f, const float* x, std::size_t rows, float* y) const;
  // The gradients of weight and bias, at their places in `gradients`, and that of x unless dx is
  // null.
  void differentiate(const Projection& f, const float* x, const float* dy, std::size_t rows,
                     float* gradients, float* dx) const;
};

}  // namespace actfn::nn::attention
