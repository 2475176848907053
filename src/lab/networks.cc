// SPDX-License-Identifier: Apache-2.0
#include "lab/networks.h"

#include <actfn/elementwise.h>
#include <actfn/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace actfn::lab {
namespace {

nn::Architecture network_of(const std::vector<int>& hidden, const Nonlinearity& nonlinearity,
                            int inputs, int outputs) {
  std::vector<nn::Layer> layers;
  int width = inputs;
  for (const int units : hidden) {
    const auto& between = nonlinearity.layers;
    layers.emplace_back(nn::Linear{width, nn::in_features_for(between, units)});
    layers.insert(layers.end(), between.begin(), between.end());
    width = units;
  }
  layers.emplace_back(nn::Linear{width, outputs});
  return nn::Architecture(layers);
}

// What the widths themselves give, and one in a hundred more for what layers learn besides.
std::size_t most_parameters(const std::vector<int>& hidden, int inputs, int outputs) {
  const auto plain = network_of(hidden, Nonlinearity(Relu{}), inputs, outputs);
  return nn::parameter_count(plain) + nn::parameter_count(plain) / 100;
}

// The widest network with at most so many parameters, its hidden layers narrower by n / kSteps.
nn::Architecture narrowed(const std::vector<int>& hidden, const Nonlinearity& nonlinearity,
                          int inputs, int outputs, std::size_t most) {
  constexpr int kSteps = 1024;
  const auto network = [&](int n) {
    std::vector<int> widths;
    for (const int units : hidden) {
      widths.push_back(std::max(1, static_cast<int>(std::int64_t{units} * n / kSteps)));
    }
    return network_of(widths, nonlinearity, inputs, outputs);
  };
  int fits = 0;  // so far
  for (int step = kSteps / 2; step > 0; step /= 2) {
    if (nn::parameter_count(network(fits + step)) <= most) fits += step;
  }
  return network(fits);
}

bool rectifies(const Activation& f) {
  constexpr float kFar = 8;
  const std::array<float, 2> x = {-kFar, kFar};
  std::array<float, 2> y{};
  forward(f, std::span<const float>(x), std::span<float>(y));
  return y[1] > kFar / 2 && std::abs(y[0]) < y[1] / 2;
}

}  // namespace

std::vector<nn::Architecture> networks_of(const CompareSettings& s, std::size_t inputs,
                                          std::size_t outputs) {
  const int in = static_cast<int>(inputs);
  const int out = static_cast<int>(outputs);
  std::vector<nn::Architecture> networks;
  const std::size_t most = most_parameters(s.hidden, in, out);
  for (const Nonlinearity& nonlinearity : s.activations) {
    networks.push_back(network_of(s.hidden, nonlinearity, in, out));
    if (s.match == "parameters" && nn::parameter_count(networks.back()) > most) {
      networks.back() = narrowed(s.hidden, nonlinearity, in, out, most);
    }
    require_memory(nonlinearity.name, networks.back(), 1);
  }
  return networks;
}

nn::Init init_of(const CompareSettings& settings, const Nonlinearity& nonlinearity) {
  if (settings.init != "auto") return nn::parse_init(settings.init);
  if (nonlinearity.name.starts_with("selu")) return nn::Init::lecun_normal;
  const bool rectifier = nonlinearity.curve && rectifies(*nonlinearity.curve);
  return rectifier ? nn::Init::he_uniform : nn::Init::glorot_uniform;
}

std::vector<std::string> inits_of(const CompareSettings& settings) {
  std::vector<std::string> names;
  for (const Nonlinearity& a : settings.activations) {
    names.emplace_back(nn::to_string(init_of(settings, a)));
  }
  return names;
}

void require_memory(const std::string& name, const nn::Architecture& network, std::size_t rows) {
  constexpr std::size_t kMost = std::size_t{1} << 29U;
  constexpr double kPerGib = 0x1p30 / sizeof(float);
  const std::size_t numbers = nn::training_size(network, rows);
  if (numbers <= kMost) return;
  throw Error(
      fmt::format("[compare] a network with {} needs {:.3g} GiB in training, more than {} "
                  "GiB: take fewer units, or smaller batches",
                  name, static_cast<double>(numbers) / kPerGib, kMost / kPerGib));
}

}  // namespace actfn::lab
