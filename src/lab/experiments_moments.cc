// SPDX-License-Identifier: Apache-2.0
#include "lab/batches.h"
#include "lab/experiments/moments.h"
#include "lab/experiments/training.h"
#include "nn/inside.h"

namespace actfn::lab::experiments {

data::Samples unscaled(const data::Samples& images, std::size_t count) {
  data::Samples some = first_of(images, count);
  some.floats.reserve(some.bytes.size());
  for (const std::uint8_t byte : some.bytes) {
    some.floats.push_back(kPixelScale * static_cast<float>(byte));
  }
  some.bytes.clear();
  return some;
}

data::Samples standardised(const data::Samples& images, std::size_t count) {
  data::Samples some = unscaled(images, count);
  data::apply(data::fit(some), some);
  return some;
}

Moments moments_of(std::span<const float> values) {
  const auto n = static_cast<double>(values.size());
  double sum = 0;
  for (const float v : values) sum += static_cast<double>(v);
  const double mean = sum / n;
  double squares = 0;
  for (const float v : values) {
    const double off = static_cast<double>(v) - mean;
    squares += off * off;
  }
  return {mean, squares / n};
}

std::vector<Moments> moments_of(const nn::Sequential& network,
                                std::span<const std::size_t> layers) {
  const nn::Inside inside(network);
  std::vector<Moments> all;
  for (const std::size_t layer : layers) all.push_back(moments_of(inside.output({layer})));
  return all;
}

std::vector<std::size_t> every(std::size_t step, std::size_t first, std::size_t count) {
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < count; ++i) all.push_back(first + step * i);
  return all;
}

}  // namespace actfn::lab::experiments
