// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/units.h"

#include "nn/inside.h"

#include <algorithm>
#include <cmath>
#include <variant>

namespace actfn::lab::experiments {
namespace {

// The share of units all of whose samples are as f says. f(layer, i) of element i.
template <class F>
double share_of_units(std::span<const HiddenLayer> layers, const F& f) {
  std::size_t units = 0;
  std::size_t alike = 0;
  for (const HiddenLayer& layer : layers) {
    std::vector<char> all(layer.units, 1);
    for (std::size_t i = 0; i < layer.before.size(); ++i) {
      if (!f(layer, i)) all[i % layer.units] = 0;
    }
    units += layer.units;
    alike += static_cast<std::size_t>(std::ranges::count(all, 1));
  }
  return static_cast<double>(alike) / static_cast<double>(units);
}

}  // namespace

std::vector<HiddenLayer> hidden_layers(Study& study) {
  const nn::Inside inside(study.network());
  const std::vector<nn::Layer> layers = study.network().layers();
  std::vector<HiddenLayer> all;
  for (std::size_t i = 0; i + 1 < layers.size(); ++i) {
    const auto* const linear = std::get_if<nn::Linear>(&layers[i]);
    if (linear == nullptr) continue;
    HiddenLayer& layer = all.emplace_back();
    layer.units = static_cast<std::size_t>(linear->out_features);
    layer.before = study.output(i);
    layer.after = study.output(i + 1);
    layer.slopes.resize(layer.before.size());
    inside.derivative({i + 1}, layer.before, layer.slopes);
  }
  return all;
}

double share_of_zeros(std::span<const HiddenLayer> layers) {
  std::size_t zeros = 0;
  std::size_t all = 0;
  for (const HiddenLayer& layer : layers) {
    zeros += static_cast<std::size_t>(std::ranges::count(layer.after, 0.0F));
    all += layer.after.size();
  }
  return static_cast<double>(zeros) / static_cast<double>(all);
}

double share_of_dead(std::span<const HiddenLayer> layers) {
  return share_of_units(layers,
                        [](const HiddenLayer& l, std::size_t i) { return l.slopes[i] == 0; });
}

double share_never_positive(std::span<const HiddenLayer> layers) {
  return share_of_units(layers,
                        [](const HiddenLayer& l, std::size_t i) { return l.before[i] <= 0; });
}

std::vector<double> unit_means_of(std::span<const HiddenLayer> layers) {
  std::vector<double> means;
  for (const HiddenLayer& layer : layers) {
    std::vector<double> sums(layer.units);
    for (std::size_t i = 0; i < layer.after.size(); ++i) sums[i % layer.units] += layer.after[i];
    const auto samples = static_cast<double>(layer.after.size()) / static_cast<double>(layer.units);
    for (const double sum : sums) means.push_back(sum / samples);
  }
  return means;
}

double output_quantile(std::span<const HiddenLayer> layers, double share) {
  std::vector<float> outputs;
  for (const HiddenLayer& layer : layers) {
    outputs.insert(outputs.end(), layer.after.begin(), layer.after.end());
  }
  const auto nan = std::ranges::find_if(outputs, [](float v) { return std::isnan(v); });
  if (nan != outputs.end()) return *nan;
  const double rank = share * static_cast<double>(outputs.size());
  const auto at = outputs.begin() + static_cast<std::ptrdiff_t>(rank);
  std::ranges::nth_element(outputs, at);
  return *at;
}

}  // namespace actfn::lab::experiments
