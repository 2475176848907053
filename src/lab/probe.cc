// SPDX-License-Identifier: Apache-2.0
#include "lab/probe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <variant>

#include "lab/effective_rank.h"
#include "lab/norm.h"
#include "lab/processor_time.h"
#include "lab/trainer.h"

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
  // f(unit, number) for each number of samples.
  template <class F>
  void for_each(const Numbers& numbers, const F& f) const {
    for (auto at = numbers.begin(); at != numbers.end();) {
      for (std::size_t unit = 0; unit < units; ++unit) {
        for (std::size_t place = 0; place < places; ++place) f(unit, *at++);
      }
    }
  }
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
  layer.for_each(slopes, [&](std::size_t unit, double slope) {
    most[unit] = std::max(most[unit], std::abs(slope));
  });
  return most;
}

void count_units(const PreActivations& layer, Units& units) {
  const Numbers slopes = layer.slopes(layer.z);
  std::vector<double> sums(layer.units);
  std::vector<char> moves(layer.units);
  layer.for_each(slopes, [&](std::size_t unit, double slope) {
    sums[unit] += std::abs(slope);
    if (slope != 0) moves[unit] = 1;
  });
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

bool is_normalisation(const nn::Layer& layer) {
  return std::holds_alternative<nn::BatchNorm1d>(layer) ||
         std::holds_alternative<nn::BatchNorm2d>(layer) ||
         std::holds_alternative<nn::LayerNorm>(layer) || std::holds_alternative<nn::RmsNorm>(layer);
}

bool is_function(const nn::Layer& layer) { return std::holds_alternative<Function>(layer); }

bool is_linear(const nn::Layer& layer) { return std::holds_alternative<nn::Linear>(layer); }

// What a layer with weights gives; 0: it is none.
std::size_t units_of(const nn::Layer& layer) {
  const auto* const linear = std::get_if<nn::Linear>(&layer);
  if (linear != nullptr) return static_cast<std::size_t>(linear->out_features);
  const auto* const two = std::get_if<nn::Conv2d>(&layer);
  if (two != nullptr) return static_cast<std::size_t>(two->out_channels);
  const auto* const one = std::get_if<nn::Conv1d>(&layer);
  if (one != nullptr) return static_cast<std::size_t>(one->out_channels);
  const auto* const back = std::get_if<nn::ConvTranspose2d>(&layer);
  return back == nullptr ? 0 : static_cast<std::size_t>(back->out_channels);
}

nn::Inside::Path sibling(nn::Inside::Path path, std::size_t index) {
  path.back() = index;
  return path;
}

// Of the activations, over units and samples.
void describe(std::span<const float> numbers, Instruments& more) {
  const auto n = static_cast<double>(numbers.size());
  double sum = 0;
  for (const float v : numbers) sum += v;
  more.mean = sum / n;
  double squares = 0;
  for (const float v : numbers) squares += (v - more.mean) * (v - more.mean);
  more.variance = squares / n;
}

double change_of(std::span<const float> now, std::span<const float> first) {
  std::vector<double> steps(now.size());
  for (std::size_t i = 0; i < now.size(); ++i) {
    steps[i] = static_cast<double>(now[i]) - static_cast<double>(first[i]);
  }
  return norm(steps) / norm(first);
}

// Seconds since the last call.
double lap(double& since) {
  const double now = processor_time();
  return now - std::exchange(since, now);
}

}  // namespace

const data::Samples& probed(const Parts& parts) {
  return parts.validation.count > 0 ? parts.validation : parts.train;
}

Probe::Probe(std::span<const nn::Layer> layers, const Parts& parts, int samples, Scope scope)
    : samples_(probed(parts), static_cast<int>(std::min<std::size_t>(
                                  static_cast<std::size_t>(samples), probed(parts).count))),
      scope_(scope) {
  nn::Inside::Path at;
  find_hidden(layers, at);
}

void Probe::find_hidden(std::span<const nn::Layer> layers, nn::Inside::Path& at) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    at.push_back(i);
    const std::size_t units = units_of(layers[i]);
    if (units > 0) {
      add_hidden(layers, at, units);
    } else if (const auto* const residual = std::get_if<nn::Residual>(&layers[i])) {
      find_hidden(residual->layers, at);
    }
    at.pop_back();
  }
}

// `at` is the layer with weights, among its `layers`.
void Probe::add_hidden(std::span<const nn::Layer> layers, nn::Inside::Path at, std::size_t units) {
  const std::size_t i = at.back();
  std::size_t function = i + 1;
  while (function < layers.size() && is_normalisation(layers[function])) ++function;
  if (function >= layers.size() || !is_function(layers[function])) return;
  std::size_t last = function;
  while (last + 1 < layers.size() && is_function(layers[last + 1])) ++last;
  const std::span behind = layers.subspan(function, last + 1 - function);
  Hidden hidden{.weights = at,
                .before = sibling(at, function - 1),
                .function = sibling(at, function),
                .last = sibling(at, last),
                .name = fmt::format("{}.weight", fmt::join(at, ".")),
                .units = units,
                .has_places = !is_linear(layers[i]),
                .has_curve = nn::curve_of(behind).has_value()};
  // A Residual does not keep what its last layer gives.
  if (at.size() > 1 && last + 1 == layers.size()) hidden.last = std::nullopt;
  hidden_.push_back(std::move(hidden));
}

void Probe::measure_more(Hidden& hidden, const nn::Parameter& weights, const nn::Inside& inside,
                         std::size_t rows, Instruments& more) {
  double since = processor_time();
  more.weight_norm = norm(weights.values);
  if (hidden.first.empty()) hidden.first.assign(weights.values.begin(), weights.values.end());
  more.change = change_of(weights.values, hidden.first);
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  if (!hidden.last) {
    more.mean = more.variance = more.effective_rank = kNan;
    return;
  }
  const auto numbers = inside.output(*hidden.last);
  describe(numbers, more);
  more.activations_seconds = lap(since);
  const std::size_t all = inside.output(hidden.before).size() / hidden.units;
  const std::size_t places = hidden.has_places ? all / rows : 1;
  more.effective_rank = effective_rank({numbers, numbers.size() / all, places});
  more.rank_seconds = lap(since);
}

LayerProbe Probe::measure(const Hidden& hidden, const nn::Inside& inside, std::size_t rows) {
  LayerProbe probe;
  probe.width = static_cast<int>(hidden.units);
  if (!hidden.has_curve) return probe;
  const auto z = inside.output(hidden.before);
  const std::size_t places = hidden.has_places ? z.size() / rows / hidden.units : 1;
  Units& units = probe.units.emplace();
  count_units({inside, hidden.function, z, rows, hidden.units, places}, units);
  describe(z, units);
  return probe;
}

std::vector<LayerProbe> Probe::measure(nn::Sequential& network, double label_smoothing) {
  double since = processor_time();
  const Batch batch = samples_.get(0);
  differentiate(network, batch, label_smoothing, gradient_);
  const double pass = lap(since) / static_cast<double>(hidden_.size());
  const std::vector<nn::Parameter> parameters = network.parameters();
  const nn::Inside inside(network);
  std::vector<LayerProbe> all;
  for (Hidden& hidden : hidden_) {
    since = processor_time();
    const auto weights = std::ranges::find(parameters, hidden.name, &nn::Parameter::name);
    LayerProbe probe = measure(hidden, inside, batch.rows());
    probe.layer = static_cast<int>(all.size()) + 1;
    probe.gradient_norm = norm(weights->gradients);
    if (scope_ == Scope::all) {
      Instruments& more = probe.more.emplace();
      more.pass_seconds = pass;
      more.units_seconds = lap(since);
      measure_more(hidden, *weights, inside, batch.rows(), more);
    }
    all.push_back(probe);
  }
  return all;
}

}  // namespace actfn::lab
