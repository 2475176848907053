// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/init.h>

#include "catalogue/suggest.h"
#include "nn/weight_source.h"
#include "random/kernels/philox.h"
#include "random/kernels/table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>

namespace actfn::nn {
namespace {

constexpr std::array<std::string_view, 6> kNames = {
    "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform", "lecun_normal"};

double variance(Init init, double fan_in, double fan_out) {
  switch (init) {
    case Init::glorot_uniform:
    case Init::glorot_normal:
      return 2 / (fan_in + fan_out);
    case Init::he_uniform:
    case Init::he_normal:
      return 2 / fan_in;
    case Init::lecun_uniform:
    case Init::lecun_normal:
      return 1 / fan_in;
  }
  return 0;
}

bool is_normal(Init init) {
  return init == Init::glorot_normal || init == Init::he_normal || init == Init::lecun_normal;
}

// By the kernels: the last bit of the C library's logarithm and cosine depends on the CPU.
void normal(const Philox& random, double deviation, std::span<float> weight) {
  constexpr std::size_t kMost = 256;  // weights at a time; each takes the first number of a pair
  const auto& kernels = random::table(kernels::active_target());
  std::array<std::uint32_t, 2 * kMost + random::kExtraWords> words{};
  std::array<double, 2 * kMost + random::kExtraWords> numbers{};
  for (std::size_t begin = 0; begin < weight.size(); begin += kMost) {
    const std::size_t n = std::min(kMost, weight.size() - begin);
    for (std::size_t i = 0; i < n; ++i) {
      const auto bits = random(begin + i);
      words[2 * i] = bits[0];
      words[2 * i + 1] = bits[1];
    }
    kernels.normals(words.data(), numbers.data(), 2 * n);
    for (std::size_t i = 0; i < n; ++i) {
      weight[begin + i] = static_cast<float>(deviation * numbers[2 * i]);
    }
  }
}

}  // namespace

Init parse_init(std::string_view name) {
  return static_cast<Init>(choose("init", "", kNames, name));
}

std::string_view to_string(Init init) { return kNames.at(static_cast<std::size_t>(init)); }

void WeightSource::draw(Init init, double fan_in, double fan_out, std::span<float> weight) {
  const double deviation = std::sqrt(variance(init, fan_in, fan_out));
  if (is_normal(init)) return draw_normal(deviation, weight);
  draw_uniform(std::sqrt(3.0) * deviation, weight);
}

void WeightSource::draw_uniform(double bound, std::span<float> weight) {
  const Philox random(seed_, Purpose::weights, next_++);
  for (std::size_t i = 0; i < weight.size(); ++i) {
    weight[i] = static_cast<float>(bound * (2 * unit(random(i)[0]) - 1));
  }
}

void WeightSource::draw_normal(double deviation, std::span<float> weight) {
  normal(Philox(seed_, Purpose::weights, next_++), deviation, weight);
}

}  // namespace actfn::nn
