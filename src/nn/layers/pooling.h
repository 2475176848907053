// SPDX-License-Identifier: Apache-2.0
// What the layers share that make images smaller. Each channel of each sample is a plane of its
// own.
#pragma once

#include "nn/layers/patches.h"
#include "nn/module.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace actfn::nn {

// The arguments that MaxPool2d and AvgPool2d share.
struct Pooling {
  std::string_view who;
  Kernel kernel;
  bool ceil_mode;
};

// Throws Error where the arguments are out of range, or the kernel does not fit.
Axes pooled_axes(const Pooling& p, const Shape& in);

class PoolModule : public Module {
 public:
  void forward(const Pass& pass, const float* x, float* y) const override;
  void backward(const Pass& pass, const Gradients& g) const override;

 protected:
  PoolModule(const Shape& in, std::size_t height, std::size_t width);

  virtual void forward_plane(const float* x, float* y) const = 0;
  // dx is 0 before.
  virtual void backward_plane(const float* x, const float* dy, float* dx) const = 0;

  // f(where two rows of a plane begin, where their results do), for so many rows of results.
  template <class F>
  void for_each_pair(Index rows, const F& f) const {
    const auto wide = static_cast<Index>(in()[2]), narrow = static_cast<Index>(out()[2]);
    for (Index row = 0; row < rows; ++row) f(2 * row * wide, row * narrow);
  }

 private:
  template <class F>
  void for_each_plane(const Pass& pass, const F& f) const;

  std::size_t in_plane_, out_plane_;
};

// The elements of one dimension that a window covers, and how many count in the mean.
struct PoolWindow {
  Index begin, end;
  Index counted;
};

// Means of windows.
class MeanModule : public PoolModule {
 public:
  // divisor: in place of the number of elements, unless it is 0.
  MeanModule(const Shape& in, std::vector<PoolWindow> rows, std::vector<PoolWindow> columns,
             int divisor);

 protected:
  void forward_plane(const float* x, float* y) const override;
  void backward_plane(const float* x, const float* dy, float* dx) const override;

 private:
  double divisor(const PoolWindow& row, const PoolWindow& column) const;

  std::vector<PoolWindow> rows_, columns_;
  Index width_;
  int divisor_;
  bool is_2x2_;
};

}  // namespace actfn::nn
