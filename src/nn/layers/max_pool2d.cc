// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/pool_2x2.h"
#include "nn/layers/pooling.h"
#include "nn/layers/text.h"

#include <cmath>
#include <limits>

namespace actfn::nn {
namespace {

class MaxPoolModule : public PoolModule {
 public:
  MaxPoolModule(const Shape& in, const Axes& axes)
      : PoolModule(in, static_cast<std::size_t>(axes.height.out),
                   static_cast<std::size_t>(axes.width.out)),
        height_(axes.height),
        width_(axes.width),
        is_2x2_(has_pairs(axes.height) && has_pairs(axes.width)) {}

 protected:
  void forward_plane(const float* x, float* y) const override {
    const auto columns = static_cast<std::size_t>(width_.out);
    if (is_2x2_) {
      for_each_pair(height_.out, [&](Index in, Index out) {
        pool_2x2().max(x + in, x + in + width_.in, columns, y + out);
      });
    } else {
      for_each_window([&](Index row, Index column) { *y++ = largest(x, row, column).value; });
    }
  }
  void backward_plane(const float* x, const float* dy, float* dx) const override {
    const auto columns = static_cast<std::size_t>(width_.out);
    if (is_2x2_) {
      return for_each_pair(height_.out, [&](Index in, Index out) {
        pool_2x2().max_backward(x + in, x + in + width_.in, dy + out, columns, dx + in,
                                dx + in + width_.in);
      });
    }
    for_each_window([&](Index row, Index column) {
      const Index at = largest(x, row, column).at;
      if (at >= 0) dx[at] += *dy;
      ++dy;
    });
  }

 private:
  struct Largest {
    float value;
    Index at;  // -1 where the window is all padding
  };

  // Whether the windows are pairs that follow each other, all inside the image.
  static bool has_pairs(const Axis& a) {
    return a.kernel == 2 && a.stride == 2 && a.padding == 0 && a.dilation == 1 && 2 * a.out <= a.in;
  }
  template <class F>
  void for_each_window(const F& f) const {
    for (Index row = 0; row < height_.out; ++row) {
      for (Index column = 0; column < width_.out; ++column) f(row, column);
    }
  }

  // The first of several; the last NaN if there is one.
  Largest largest(const float* x, Index row, Index column) const {
    Largest best = {-std::numeric_limits<float>::infinity(), -1};
    for (Index i = 0; i < height_.kernel; ++i) {
      const Index y = height_.at(row, i);
      if (y < 0 || y >= height_.in) continue;
      for (Index j = 0; j < width_.kernel; ++j) {
        const Index z = width_.at(column, j);
        if (z < 0 || z >= width_.in) continue;
        const Index at = y * width_.in + z;
        const float value = x[at];
        if (best.at < 0 || value > best.value || std::isnan(value)) best = {value, at};
      }
    }
    return best;
  }

  Axis height_, width_;
  bool is_2x2_;
};

}  // namespace

template <>
ModulePointer LayerFile<MaxPool2d>::make(const MaxPool2d& l, const Shape& in) {
  const Kernel kernel = {l.kernel_size, l.stride.value_or(l.kernel_size), l.padding, l.dilation};
  return std::make_shared<MaxPoolModule>(in, pooled_axes({"max_pool2d", kernel, l.ceil_mode}, in));
}

template <>
std::string LayerFile<MaxPool2d>::text(const MaxPool2d& l) {
  return Text("max_pool2d")
      .add("kernel_size", l.kernel_size)
      .add("stride", l.stride.value_or(l.kernel_size), l.kernel_size)
      .add("padding", l.padding, 0)
      .add("dilation", l.dilation, 1)
      .add("ceil_mode", l.ceil_mode, false)
      .text();
}

}  // namespace actfn::nn
