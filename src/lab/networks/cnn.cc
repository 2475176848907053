// SPDX-License-Identifier: Apache-2.0
// A convolutional network after LeNet-5 (LeCun et al. 1998, Proc. IEEE 86): two convolutions, each
// with the activation and a pooling behind it, and a hidden linear layer. It has LeNet's widths up
// to there, the largest number of each window where that has the mean, and no second linear layer.
#include "lab/networks/network.h"

#include <fmt/format.h>

namespace actfn::lab {
namespace {

constexpr int kKernel = 5;
constexpr int kPool = 2;

constexpr std::size_t kLeastSide = std::size_t{kPool + kKernel - 1} * kPool;  // leaves one place

std::string needs(const SampleForm& form) {
  if (form.kind != SampleForm::Kind::image) return "images";
  if (form.shape.height >= kLeastSide && form.shape.width >= kLeastSide) return "";
  return fmt::format("images of at least {0}x{0}", kLeastSide);
}

nn::Architecture build(std::span<const int> widths, const Nonlinearity& nonlinearity,
                       const SampleForm& form, int outputs) {
  const Shape image = {form.shape.channels, form.shape.height, form.shape.width};
  std::vector<nn::Layer> layers;
  add_hidden(layers, widths[0], nonlinearity, [&](int out) {
    return nn::Conv2d{.in_channels = static_cast<int>(image[0]),
                      .out_channels = out,
                      .kernel_size = kKernel,
                      .padding = kKernel / 2};
  });
  layers.emplace_back(nn::MaxPool2d{.kernel_size = kPool});
  add_hidden(layers, widths[1], nonlinearity, [&](int out) {
    return nn::Conv2d{.in_channels = widths[0], .out_channels = out, .kernel_size = kKernel};
  });
  layers.emplace_back(nn::MaxPool2d{.kernel_size = kPool});
  layers.emplace_back(nn::Flatten{});
  const int flat = nn::Architecture(image, layers).parts.back().size;
  add_hidden(layers, widths[2], nonlinearity, [&](int out) { return nn::Linear{flat, out}; });
  layers.emplace_back(nn::Linear{widths[2], outputs});
  return {image, layers};
}

std::string text(std::span<const int> widths, const SampleForm& form, std::size_t outputs) {
  return fmt::format(
      "{} – {}x{} convolution, {} channels – pooling – {}x{} convolution, {} channels – pooling – "
      "{} – {}",
      data::to_string(form.shape), kKernel, kKernel, widths[0], kKernel, kKernel, widths[1],
      widths[2], outputs);
}

CompareSettings defaults() {
  CompareSettings s;
  s.network = "cnn";
  s.hidden = {};
  s.epochs = 8;
  s.batch = 64;
  s.lr = {0.003};
  s.schedule = "cosine";
  return s;
}

}  // namespace

extern constinit const Network kCnn = {
    .name = "cnn",
    .summary = "two convolutions with pooling, a linear layer",
    .defaults = defaults,
    .has_hidden = false,
    .widths =
        [](const CompareSettings& /*s*/) {
          return std::vector{6, 16, 120};
        },
    .usual = {SampleForm::Kind::image, {1, 28, 28}},
    .needs = needs,
    .build = build,
    .text = text,
    .units =
        "Units of a convolution are its channels: each has a value for every place of a sample.",
};

}  // namespace actfn::lab
