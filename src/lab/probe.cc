// SPDX-License-Identifier: Apache-2.0
#include "lab/probe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <variant>

#include "lab/norm.h"

namespace actfn::lab {
namespace {

// A unit is dead if no sample moves it: its derivative is exactly 0 for all of them, so that its
// weights get no gradient from these samples (Lu et al. 2019, arXiv:1903.06733, of ReLU).
//
// A unit is saturated if, on average over the samples, less than a tenth of the gradient passes
// that passes where the function is steepest. So a unit counts that sits on a plateau most of the
// time, be it at both ends (sigmoid, tanh, hardtanh) or at one (relu, gelu: it is off for nine
// samples in ten). That plateaus stop learning: Glorot & Bengio 2010, AISTATS. They and others
// watch how near the outputs are to bounds, which many functions do not have; derivatives all have.
constexpr double kSaturated = 0.1;

// The steepest slope is looked for where the first pre-activations of a network lie: their
// deviation is about 1. Some functions get steeper without end further out.
constexpr int kSteps = 16;  // to each side
constexpr float kFar = 2;

using Numbers = std::vector<float>;  // of samples, one behind the other

// What a hidden layer gave before its activation: for each sample and place the units, or for each
// sample and unit the places.
struct PreActivations {
  const nn::Inside& inside;
  nn::Inside::Path function;  // what is applied to them
  std::span<const float> z;
  std::size_t rows, units, places;  // places: of a unit, one behind the other

  std::size_t sample_size() const { return z.size() / rows; }
  std::size_t unit_of(std::size_t i) const { return i / places % units; }
  Numbers slopes(std::span<const float> x) const {
    Numbers all(x.size());
    inside.derivative(function, x, all);
    return all;
  }
};

// A sample for each place where the slope is looked at, all of its numbers alike.
Numbers samples_along(std::size_t size) {
  Numbers all;
  for (int i = -kSteps; i <= kSteps; ++i) {
    all.insert(all.end(), size, kFar * static_cast<float>(i) / kSteps);
  }
  return all;
}

// By unit, since prelu may have a slope for each.
std::vector<double> steepest(const PreActivations& layer) {
  const Numbers slopes = layer.slopes(samples_along(layer.sample_size()));
  std::vector<double> most(layer.units);
  for (std::size_t i = 0; i < slopes.size(); ++i) {
    double& one = most[layer.unit_of(i)];
    one = std::max(one, std::abs(static_cast<double>(slopes[i])));
  }
  return most;
}

void count_units(const PreActivations& layer, Units& units) {
  const Numbers slopes = layer.slopes(layer.z);
  std::vector<double> sums(layer.units);
  std::vector<char> moves(layer.units);
  for (std::size_t i = 0; i < slopes.size(); ++i) {
    const std::size_t unit = layer.unit_of(i);
    sums[unit] += std::abs(static_cast<double>(slopes[i]));
    if (slopes[i] != 0) moves[unit] = 1;
  }
  const std::vector<double> most = steepest(layer);
  const auto count = static_cast<double>(layer.units);
  const double of_each = static_cast<double>(layer.z.size()) / count;
  std::size_t saturated = 0;
  for (std::size_t u = 0; u < layer.units; ++u) {
    if (sums[u] < kSaturated * most[u] * of_each) ++saturated;
  }
  units.dead = static_cast<double>(std::ranges::count(moves, 0)) / count;
  units.saturated = static_cast<double>(saturated) / count;
}

std::size_t bin_of(double z) {
  constexpr double kBins = Units::kBins;
  const double place = (z + Units::kReach) / (2 * Units::kReach) * kBins;
  return static_cast<std::size_t>(std::clamp(std::floor(place), 0.0, kBins - 1));
}

void describe(std::span<const float> z, Units& units) {
  double sum = 0;
  for (const float v : z) sum += v;
  units.mean = sum / static_cast<double>(z.size());
  double squares = 0;
  for (const float v : z) {
    squares += (v - units.mean) * (v - units.mean);
    if (!std::isnan(v)) ++units.histogram[bin_of(v)];
  }
  units.deviation = std::sqrt(squares / static_cast<double>(z.size()));
}

const data::Samples& probed(const Parts& parts) {
  return parts.validation.count > 0 ? parts.validation : parts.train;
}

}  // namespace

Probe::Probe(const nn::Architecture& network, const Nonlinearity& nonlinearity, const Parts& parts)
    : has_units_(nonlinearity.curve.has_value()),
      samples_(probed(parts), static_cast<int>(std::min(kProbeSamples, probed(parts).count))) {
  std::vector<nn::Layer> layers;
  for (const nn::Part& part : network.parts) layers.push_back(part.layer);
  nn::Inside::Path at;
  find_hidden(layers, at);
}

// The only functions of a network are those of the activation.
void Probe::find_hidden(std::span<const nn::Layer> layers, nn::Inside::Path& at) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    at.push_back(i);
    const bool is_last = i + 1 == layers.size();
    const bool followed = !is_last && std::holds_alternative<Function>(layers[i + 1]);
    const std::string weight = fmt::format("{}.weight", fmt::join(at, "."));
    const auto* const linear = std::get_if<nn::Linear>(&layers[i]);
    const auto* const convolution = std::get_if<nn::Conv2d>(&layers[i]);
    if (followed && linear != nullptr) {
      hidden_.push_back({at, weight, static_cast<std::size_t>(linear->out_features), false});
    } else if (followed && convolution != nullptr) {
      hidden_.push_back({at, weight, static_cast<std::size_t>(convolution->out_channels), true});
    } else if (const auto* const residual = std::get_if<nn::Residual>(&layers[i])) {
      find_hidden(residual->layers, at);
    }
    at.pop_back();
  }
}

std::vector<LayerProbe> Probe::measure(Trainer& trainer) {
  const Batch batch = samples_.get(0);
  trainer.differentiate(batch);
  const std::vector<nn::Parameter> parameters = trainer.network().parameters();
  const nn::Inside inside(trainer.network());
  std::vector<LayerProbe> all;
  for (const Hidden& hidden : hidden_) {
    LayerProbe probe;
    probe.layer = static_cast<int>(all.size()) + 1;
    probe.width = static_cast<int>(hidden.units);
    probe.gradient_norm =
        norm(std::ranges::find(parameters, hidden.weight, &nn::Parameter::name)->gradients);
    if (has_units_) {
      const auto z = inside.output(hidden.path);
      const std::size_t places = hidden.has_places ? z.size() / batch.rows() / hidden.units : 1;
      nn::Inside::Path function = hidden.path;
      ++function.back();
      Units& units = probe.units.emplace();
      count_units({inside, function, z, batch.rows(), hidden.units, places}, units);
      describe(z, units);
    }
    all.push_back(probe);
  }
  return all;
}

}  // namespace actfn::lab
