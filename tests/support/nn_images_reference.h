// SPDX-License-Identifier: Apache-2.0
// Convolutions and pools in float64, element by element, from their formulas alone.
#pragma once

#include <actfn/nn/nn.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

namespace actfn::testing {

using Numbers = std::vector<double>;

// A batch of samples.
struct Batch {
  Shape sample;
  Numbers values;

  std::size_t size() const {
    std::size_t n = 1;
    for (const std::size_t length : sample) n *= length;
    return n;
  }
  std::size_t rows() const { return values.size() / size(); }
};

// Learned numbers and buffers, in PyTorch's layout.
struct State {
  std::vector<Numbers> parameters, buffers;
  bool training = true;
};

inline Numbers as_pytorch(const nn::Parameter& p, std::span<const float> values) {
  Numbers all(values.begin(), values.end());
  if (!p.transposed) return all;
  for (std::size_t i = 0; i < p.shape[0]; ++i) {
    for (std::size_t j = 0; j < p.shape[1]; ++j) {
      all[i * p.shape[1] + j] = values[j * p.shape[0] + i];
    }
  }
  return all;
}

inline State state_of(nn::Sequential& net, bool training) {
  State state;
  state.training = training;
  for (const auto& p : net.parameters()) state.parameters.push_back(as_pytorch(p, p.values));
  for (const auto& p : net.buffers()) state.buffers.push_back(as_pytorch(p, p.values));
  return state;
}

class ImagesReference {
 public:
  explicit ImagesReference(const State& state) : state_(state) {}

 protected:
  using Int = std::ptrdiff_t;

  const Numbers& next() { return state_.parameters[parameter_++]; }
  const Numbers& next_buffer() { return state_.buffers[buffer_++]; }

  static Batch made(const Batch& x, const Shape& sample) {
    Batch y{sample, {}};
    y.values.resize(x.rows() * y.size());
    return y;
  }

  bool is_training() const { return state_.training; }

  struct Window {
    Int in, out, kernel, stride, padding, dilation;
    Int at(Int position, Int k) const { return position * stride - padding + k * dilation; }
  };
  static Window window(std::size_t in, int kernel, int stride, int padding, int dilation) {
    Window w{static_cast<Int>(in), 0, kernel, stride, padding, dilation};
    w.out = (w.in + 2 * w.padding - w.dilation * (w.kernel - 1) - 1) / w.stride + 1;
    return w;
  }

  struct Convolved {
    Int in_channels, out_channels, groups;
    Window h, w;
    bool bias;
  };

  // x [in_channels, h.in, w.in] and y [out_channels, h.out, w.out] of each sample:
  // f(y's index, weight's index, x's index) for each product.
  template <class F>
  static void for_each_product(const Convolved& c, std::size_t rows, const F& f) {
    const Int in = c.in_channels / c.groups;
    const Int out = c.out_channels / c.groups;
    for (Int s = 0; s < static_cast<Int>(rows); ++s) {
      for (Int o = 0; o < c.out_channels; ++o) {
        for (Int y = 0; y < c.h.out; ++y) {
          for (Int x = 0; x < c.w.out; ++x) {
            for (Int i = 0; i < in; ++i) {
              for (Int a = 0; a < c.h.kernel; ++a) {
                for (Int b = 0; b < c.w.kernel; ++b) {
                  const Int row = c.h.at(y, a);
                  const Int column = c.w.at(x, b);
                  if (row < 0 || row >= c.h.in || column < 0 || column >= c.w.in) continue;
                  const Int channel = o / out * in + i;
                  f(static_cast<std::size_t>(((s * c.out_channels + o) * c.h.out + y) * c.w.out +
                                             x),
                    static_cast<std::size_t>(((o * in + i) * c.h.kernel + a) * c.w.kernel + b),
                    static_cast<std::size_t>(
                        ((s * c.in_channels + channel) * c.h.in + row) * c.w.in + column));
                }
              }
            }
          }
        }
      }
    }
  }

  Batch convolve(const Convolved& c, const Batch& x, const Shape& out) {
    const Numbers& weight = next();
    Batch y = made(x, out);
    const std::size_t plane = y.size() / out[0];
    if (c.bias) {
      const Numbers& bias = next();
      for (std::size_t i = 0; i < y.values.size(); ++i) y.values[i] = bias[i / plane % out[0]];
    }
    for_each_product(c, x.rows(), [&](std::size_t to, std::size_t w, std::size_t from) {
      y.values[to] += weight[w] * x.values[from];
    });
    return y;
  }

  Batch apply(const nn::Conv1d& l, const Batch& x) {
    const Window w = window(x.sample[1], l.kernel_size, l.stride, l.padding, l.dilation);
    const Convolved c = {l.in_channels, l.out_channels, l.groups, window(1, 1, 1, 0, 1), w, l.bias};
    return convolve(c, x,
                    {static_cast<std::size_t>(l.out_channels), static_cast<std::size_t>(w.out)});
  }

  Batch apply(const nn::Conv2d& l, const Batch& x) {
    const Window h = window(x.sample[1], l.kernel_size.height, l.stride.height, l.padding.height,
                            l.dilation.height);
    const Window w =
        window(x.sample[2], l.kernel_size.width, l.stride.width, l.padding.width, l.dilation.width);
    return convolve({l.in_channels, l.out_channels, l.groups, h, w, l.bias}, x,
                    {static_cast<std::size_t>(l.out_channels), static_cast<std::size_t>(h.out),
                     static_cast<std::size_t>(w.out)});
  }

  static std::size_t transposed_length(std::size_t in, int kernel, int stride, int padding,
                                       int added, int dilation) {
    return static_cast<std::size_t>((static_cast<int>(in) - 1) * stride - 2 * padding +
                                    dilation * (kernel - 1) + added + 1);
  }

  Batch apply(const nn::ConvTranspose2d& l, const Batch& x) {
    const Shape out = {
        static_cast<std::size_t>(l.out_channels),
        transposed_length(x.sample[1], l.kernel_size.height, l.stride.height, l.padding.height,
                          l.output_padding.height, l.dilation.height),
        transposed_length(x.sample[2], l.kernel_size.width, l.stride.width, l.padding.width,
                          l.output_padding.width, l.dilation.width)};
    Window h =
        window(out[1], l.kernel_size.height, l.stride.height, l.padding.height, l.dilation.height);
    Window w =
        window(out[2], l.kernel_size.width, l.stride.width, l.padding.width, l.dilation.width);
    h.out = static_cast<Int>(x.sample[1]);
    w.out = static_cast<Int>(x.sample[2]);
    const Numbers& weight = next();
    Batch y = made(x, out);
    if (l.bias) {
      const Numbers& bias = next();
      const std::size_t plane = out[1] * out[2];
      for (std::size_t i = 0; i < y.values.size(); ++i) y.values[i] = bias[i / plane % out[0]];
    }
    // The convolution that it is the gradient of goes from its output to its input.
    const Convolved c = {l.out_channels, l.in_channels, l.groups, h, w, false};
    for_each_product(c, x.rows(), [&](std::size_t from, std::size_t k, std::size_t to) {
      y.values[to] += weight[k] * x.values[from];
    });
    return y;
  }

  static Window pooled(std::size_t in, int kernel, int stride, int padding, int dilation,
                       bool ceil_mode) {
    Window w = window(in, kernel, stride, padding, dilation);
    const Int room = w.in + 2 * w.padding - w.dilation * (w.kernel - 1) - 1;
    if (ceil_mode && room % w.stride != 0 && w.out * w.stride < w.in + w.padding) ++w.out;
    return w;
  }

  // f(x's index) for what a window covers.
  template <class F>
  static void covered(const Window& h, const Window& w, Int plane, Int y, Int x, const F& f) {
    for (Int a = 0; a < h.kernel; ++a) {
      for (Int b = 0; b < w.kernel; ++b) {
        const Int row = h.at(y, a);
        const Int column = w.at(x, b);
        if (row < 0 || row >= h.in || column < 0 || column >= w.in) continue;
        f(static_cast<std::size_t>((plane * h.in + row) * w.in + column));
      }
    }
  }

  // f(plane, y, x) gives each number.
  template <class F>
  static Batch pool(const Batch& x, Int height, Int width, const F& f) {
    Batch y =
        made(x, {x.sample[0], static_cast<std::size_t>(height), static_cast<std::size_t>(width)});
    for (std::size_t i = 0; i < y.values.size(); ++i) {
      const auto at = static_cast<Int>(i);
      y.values[i] = f(at / (height * width), at / width % height, at % width);
    }
    return y;
  }

  static Batch apply(const nn::MaxPool2d& l, const Batch& x) {
    const nn::Size2d stride = l.stride.value_or(l.kernel_size);
    const Window h = pooled(x.sample[1], l.kernel_size.height, stride.height, l.padding.height,
                            l.dilation.height, l.ceil_mode);
    const Window w = pooled(x.sample[2], l.kernel_size.width, stride.width, l.padding.width,
                            l.dilation.width, l.ceil_mode);
    return pool(x, h.out, w.out, [&](Int plane, Int i, Int j) {
      double most = -std::numeric_limits<double>::infinity();
      covered(h, w, plane, i, j, [&](std::size_t at) { most = std::max(most, x.values[at]); });
      return most;
    });
  }

  static Batch apply(const nn::AvgPool2d& l, const Batch& x) {
    const nn::Size2d stride = l.stride.value_or(l.kernel_size);
    const Window h =
        pooled(x.sample[1], l.kernel_size.height, stride.height, l.padding.height, 1, l.ceil_mode);
    const Window w =
        pooled(x.sample[2], l.kernel_size.width, stride.width, l.padding.width, 1, l.ceil_mode);
    const auto within = [](const Window& a, Int i) {
      return std::min(a.at(i, 0) + a.kernel, a.in + a.padding) - a.at(i, 0);
    };
    return pool(x, h.out, w.out, [&](Int plane, Int i, Int j) {
      double sum = 0;
      Int n = 0;
      covered(h, w, plane, i, j, [&](std::size_t at) {
        sum += x.values[at];
        ++n;
      });
      if (l.count_include_pad) n = within(h, i) * within(w, j);
      if (l.divisor_override) n = *l.divisor_override;
      return sum / static_cast<double>(n);
    });
  }

  static Batch apply(const nn::AdaptiveAvgPool2d& l, const Batch& x) {
    const auto begin = [](Int i, Int n, std::size_t all) {
      return static_cast<Int>(
          std::floor(static_cast<double>(i) * static_cast<double>(all) / static_cast<double>(n)));
    };
    const auto end = [](Int i, Int n, std::size_t all) {
      return static_cast<Int>(std::ceil(static_cast<double>(i + 1) * static_cast<double>(all) /
                                        static_cast<double>(n)));
    };
    const Int height = l.output_size.height;
    const Int width = l.output_size.width;
    return pool(x, height, width, [&](Int plane, Int i, Int j) {
      Numbers all;
      for (Int a = begin(i, height, x.sample[1]); a < end(i, height, x.sample[1]); ++a) {
        for (Int b = begin(j, width, x.sample[2]); b < end(j, width, x.sample[2]); ++b) {
          const Int at =
              (plane * static_cast<Int>(x.sample[1]) + a) * static_cast<Int>(x.sample[2]) + b;
          all.push_back(x.values[static_cast<std::size_t>(at)]);
        }
      }
      double sum = 0;
      for (const double v : all) sum += v;
      return sum / static_cast<double>(all.size());
    });
  }

 private:
  const State& state_;
  std::size_t parameter_ = 0;
  std::size_t buffer_ = 0;
};

}  // namespace actfn::testing
