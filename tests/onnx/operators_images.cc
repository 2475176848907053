// SPDX-License-Identifier: Apache-2.0
// Operators of images and sequences, of norms and of embeddings.
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "onnx/operators.h"

namespace actfn::testing {
namespace {

using Shape = std::vector<std::size_t>;

struct Two {
  std::size_t height, width;
};

// A sequence is an image of the height 1.
Two space_of(const Shape& shape) {
  return shape.size() == 3 ? Two{1, shape[2]} : Two{shape[2], shape[3]};
}

// Of the two axes of an image, or of the one of a sequence.
Two lengths(const Attributes& a, const char* name, std::size_t usual) {
  const auto found = a.ints.find(name);
  if (found == a.ints.end()) return {usual, usual};
  const auto width = static_cast<std::size_t>(found->second.back());
  if (found->second.size() == 1) return {usual, width};
  return {static_cast<std::size_t>(found->second[0]), width};
}

// Both ends of an axis have the same.
Two pads_of(const Attributes& a) {
  const auto found = a.ints.find("pads");
  if (found == a.ints.end()) return {0, 0};
  const std::vector<std::int64_t>& all = found->second;
  const std::size_t half = all.size() / 2;
  if (!std::equal(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(half),
                  all.begin() + static_cast<std::ptrdiff_t>(half))) {
    throw std::runtime_error("pads that differ");
  }
  return {half == 1 ? 0 : static_cast<std::size_t>(all[0]), static_cast<std::size_t>(all.back())};
}

struct Window {
  Two kernel, stride, pad, dilation;

  Window(const Attributes& a, Two kernel_size)
      : kernel(kernel_size),
        stride(lengths(a, "strides", 1)),
        pad(pads_of(a)),
        dilation(lengths(a, "dilations", 1)) {}

  Two reach() const {
    return {dilation.height * (kernel.height - 1) + 1, dilation.width * (kernel.width - 1) + 1};
  }
  // How often the window fits.
  Two steps(Two image) const {
    return {(image.height + 2 * pad.height - reach().height) / stride.height + 1,
            (image.width + 2 * pad.width - reach().width) / stride.width + 1};
  }
  // f(place in the kernel, place in the image) for what lies in the image, of one step.
  template <class F>
  void for_each(Two image, std::size_t y, std::size_t x, const F& f) const {
    for (std::size_t i = 0; i < kernel.height; ++i) {
      for (std::size_t j = 0; j < kernel.width; ++j) {
        const std::size_t row = y * stride.height + i * dilation.height;
        const std::size_t column = x * stride.width + j * dilation.width;
        if (row < pad.height || row >= pad.height + image.height) continue;
        if (column < pad.width || column >= pad.width + image.width) continue;
        f(i * kernel.width + j, (row - pad.height) * image.width + column - pad.width);
      }
    }
  }
};

std::size_t area(Two size) { return size.height * size.width; }

Array zeros(const Array& like, std::size_t channels, Two space) {
  Shape shape = {like.shape[0], channels, space.height, space.width};
  if (like.shape.size() == 3) shape.erase(shape.begin() + 2);
  return {Array::Type::float32, shape, std::vector<double>(size_of(shape))};
}

Array in_float32(Array y) {
  for (double& v : y.values) v = static_cast<double>(static_cast<float>(v));
  return y;
}

// f(sample, channel of x, channel of y in its group, channel of y) for all pairs of a group.
template <class F>
void for_each_pair(std::size_t samples, std::size_t groups, std::size_t in, std::size_t out,
                   const F& f) {
  for (std::size_t n = 0; n < samples; ++n) {
    for (std::size_t c = 0; c < in; ++c) {
      for (std::size_t m = 0; m < out / groups; ++m) {
        f(n, c, m, c / (in / groups) * (out / groups) + m);
      }
    }
  }
}

void add_bias(Array& y, const std::vector<Array>& in, std::size_t plane) {
  if (in.size() < 3) return;
  for (std::size_t i = 0; i < y.values.size(); ++i) {
    y.values[i] += in[2].values[i / plane % y.shape[1]];
  }
}

// Weights [out, in / groups, kernel].
Array conv(const std::vector<Array>& in, const Attributes& a) {
  const Array &x = in[0], &w = in.at(1);
  const auto groups = static_cast<std::size_t>(a.ints.at("group")[0]);
  const Two image = space_of(x.shape);
  const Window window(a, space_of(w.shape));
  const Two steps = window.steps(image);
  const std::size_t channels = x.shape[1], each = channels / groups;
  Array y = zeros(x, w.shape[0], steps);
  const auto add = [&](std::size_t n, std::size_t c, std::size_t /*m*/, std::size_t out) {
    const double* const from = x.values.data() + (n * channels + c) * area(image);
    const double* const by = w.values.data() + (out * each + c % each) * area(window.kernel);
    double* const to = y.values.data() + (n * w.shape[0] + out) * area(steps);
    for (std::size_t i = 0; i < area(steps); ++i) {
      window.for_each(image, i / steps.width, i % steps.width,
                      [&](std::size_t tap, std::size_t at) { to[i] += from[at] * by[tap]; });
    }
  };
  for_each_pair(x.shape[0], groups, channels, w.shape[0], add);
  add_bias(y, in, area(steps));
  return in_float32(y);
}

// The transpose of a convolution from y to x. Weights [in, out / groups, kernel].
Array conv_transpose(const std::vector<Array>& in, const Attributes& a) {
  const Array &x = in[0], &w = in.at(1);
  const auto groups = static_cast<std::size_t>(a.ints.at("group")[0]);
  const Two steps = space_of(x.shape), more = lengths(a, "output_padding", 0);
  const Window window(a, space_of(w.shape));
  const Two reach = window.reach();
  const auto length = [](std::size_t n, std::size_t stride, std::size_t rest, std::size_t pad) {
    return (n - 1) * stride + rest - 2 * pad;
  };
  const Two image = {
      length(steps.height, window.stride.height, reach.height + more.height, window.pad.height),
      length(steps.width, window.stride.width, reach.width + more.width, window.pad.width)};
  const std::size_t channels = w.shape[1] * groups;
  Array y = zeros(x, channels, image);
  const auto add = [&](std::size_t n, std::size_t c, std::size_t m, std::size_t out) {
    const double* const from = x.values.data() + (n * x.shape[1] + c) * area(steps);
    const double* const by = w.values.data() + (c * w.shape[1] + m) * area(window.kernel);
    double* const to = y.values.data() + (n * channels + out) * area(image);
    for (std::size_t i = 0; i < area(steps); ++i) {
      window.for_each(image, i / steps.width, i % steps.width,
                      [&](std::size_t tap, std::size_t at) { to[at] += from[i] * by[tap]; });
    }
  };
  for_each_pair(x.shape[0], groups, x.shape[1], channels, add);
  add_bias(y, in, area(image));
  return in_float32(y);
}

// f(the numbers of a window, how many numbers it has room for) of each window.
template <class F>
Array pool(const Array& x, const Attributes& a, const F& f) {
  const Two image = space_of(x.shape);
  const Window window(a, lengths(a, "kernel_shape", 1));
  const Two steps = window.steps(image);
  Array y = zeros(x, x.shape[1], steps);
  for (std::size_t i = 0; i < y.values.size(); ++i) {
    const double* const plane = x.values.data() + i / area(steps) * area(image);
    std::vector<double> seen;
    window.for_each(image, i % area(steps) / steps.width, i % steps.width,
                    [&](std::size_t /*tap*/, std::size_t at) { seen.push_back(plane[at]); });
    y.values[i] = f(seen, area(window.kernel));
  }
  return in_float32(y);
}

double sum_of(const std::vector<double>& x) {
  double sum = 0;
  for (const double v : x) sum += v;
  return sum;
}

Array average_pool(const Array& x, const Attributes& a) {
  const auto found = a.ints.find("count_include_pad");
  const bool all = found != a.ints.end() && found->second[0] == 1;
  return pool(x, a, [&](const std::vector<double>& seen, std::size_t room) {
    return sum_of(seen) / static_cast<double>(all ? room : seen.size());
  });
}

Array max_pool(const Array& x, const Attributes& a) {
  return pool(x, a, [](const std::vector<double>& seen, std::size_t /*room*/) {
    return *std::max_element(seen.begin(), seen.end());
  });
}

// In evaluation: scale, bias, mean and variance of each channel.
Array batch_normalization(const std::vector<Array>& in, const Attributes& a) {
  Array y = in[0];
  const std::size_t channels = y.shape[1];
  const std::size_t plane = y.values.size() / y.shape[0] / channels;
  for (std::size_t i = 0; i < y.values.size(); ++i) {
    const std::size_t c = i / plane % channels;
    const double root = std::sqrt(in.at(4).values[c] + a.floats.at("epsilon"));
    y.values[i] = (y.values[i] - in[3].values[c]) / root * in[1].values[c] + in[2].values[c];
  }
  return in_float32(y);
}

Array layer_normalization(const std::vector<Array>& in, const Attributes& a) {
  Array y = in[0];
  std::size_t n = 1;
  for (std::int64_t i = a.ints.at("axis")[0]; i < 0; ++i) n *= *(y.shape.end() + i);
  for (std::size_t first = 0; first < y.values.size(); first += n) {
    double* const row = y.values.data() + first;
    const double mean = sum_of({row, row + n}) / static_cast<double>(n);
    double squares = 0;
    for (std::size_t i = 0; i < n; ++i) squares += (row[i] - mean) * (row[i] - mean);
    const double root = std::sqrt(squares / static_cast<double>(n) + a.floats.at("epsilon"));
    for (std::size_t i = 0; i < n; ++i) {
      row[i] = (row[i] - mean) / root * in.at(1).values[i];
      if (in.size() > 2) row[i] += in[2].values[i];
    }
  }
  return in_float32(y);
}

// Rows of a matrix.
Array gather(const Array& rows, const Array& indices) {
  Array y = {rows.type, indices.shape, {}};
  y.shape.push_back(rows.shape.at(1));
  for (const double index : indices.values) {
    const auto first = rows.values.begin() + static_cast<std::ptrdiff_t>(index) *
                                                 static_cast<std::ptrdiff_t>(rows.shape[1]);
    y.values.insert(y.values.end(), first, first + static_cast<std::ptrdiff_t>(rows.shape[1]));
  }
  return y;
}

}  // namespace

std::vector<Array> image_operator(const std::string& op, const std::vector<Array>& in,
                                  const Attributes& a) {
  if (op == "Conv") return {conv(in, a)};
  if (op == "ConvTranspose") return {conv_transpose(in, a)};
  if (op == "MaxPool") return {max_pool(in[0], a)};
  if (op == "AveragePool") return {average_pool(in[0], a)};
  if (op == "BatchNormalization") return {batch_normalization(in, a)};
  if (op == "LayerNormalization") return {layer_normalization(in, a)};
  if (op == "Gather") return {gather(in[0], in.at(1))};
  return {};
}

}  // namespace actfn::testing
