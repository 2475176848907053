// SPDX-License-Identifier: Apache-2.0
#include "lab/probe.h"

#include "nn/inside.h"

#include <algorithm>
#include <cmath>
#include <variant>

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

using Matrix = std::vector<float>;  // [rows, width]

// A row for each place, all of its columns alike.
Matrix places(std::size_t width) {
  Matrix all;
  for (int i = -kSteps; i <= kSteps; ++i) {
    all.insert(all.end(), width, kFar * static_cast<float>(i) / kSteps);
  }
  return all;
}

// By unit, since prelu may have a slope for each.
std::vector<double> steepest(const nn::Inside& inside, std::size_t layer, std::size_t width) {
  const Matrix x = places(width);
  Matrix slopes(x.size());
  inside.derivative(layer, x, slopes);
  std::vector<double> most(width);
  for (std::size_t i = 0; i < slopes.size(); ++i) {
    most[i % width] = std::max(most[i % width], std::abs(static_cast<double>(slopes[i])));
  }
  return most;
}

void count_units(const nn::Inside& inside, std::size_t layer, std::span<const float> z,
                 std::size_t width, Units& units) {
  Matrix slopes(z.size());
  inside.derivative(layer, z, slopes);
  std::vector<double> sums(width);
  std::vector<char> moves(width);
  for (std::size_t i = 0; i < slopes.size(); ++i) {
    sums[i % width] += std::abs(static_cast<double>(slopes[i]));
    if (slopes[i] != 0) moves[i % width] = 1;
  }
  const std::vector<double> most = steepest(inside, layer, width);
  const std::size_t rows = z.size() / width;
  std::size_t saturated = 0;
  for (std::size_t u = 0; u < width; ++u) {
    if (sums[u] < kSaturated * most[u] * static_cast<double>(rows)) ++saturated;
  }
  const auto dead = static_cast<double>(std::ranges::count(moves, 0));
  units.dead = dead / static_cast<double>(width);
  units.saturated = static_cast<double>(saturated) / static_cast<double>(width);
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

double norm(std::span<const float> values) {
  double squares = 0;
  for (const float v : values) squares += static_cast<double>(v) * static_cast<double>(v);
  return std::sqrt(squares);
}

const data::Samples& probed(const Parts& parts) {
  return parts.validation.count > 0 ? parts.validation : parts.train;
}

}  // namespace

Probe::Probe(const nn::Architecture& network, const Nonlinearity& nonlinearity, const Parts& parts)
    : has_units_(nonlinearity.curve.has_value()),
      samples_(probed(parts), static_cast<int>(std::min(kProbeSamples, probed(parts).count))) {
  for (std::size_t i = 0; i + 1 < network.parts.size(); ++i) {  // the last is the output's
    if (std::holds_alternative<nn::Linear>(network.parts[i].layer)) hidden_.push_back(i);
  }
}

std::vector<LayerProbe> Probe::measure(Trainer& trainer) {
  trainer.differentiate(samples_.get(0));
  const auto linears = trainer.network().linears();
  const nn::Inside inside(trainer.network());
  std::vector<LayerProbe> all;
  for (std::size_t k = 0; k < hidden_.size(); ++k) {
    LayerProbe probe;
    probe.layer = static_cast<int>(k) + 1;
    probe.width = linears[k].shape.out_features;
    probe.gradient_norm = norm(linears[k].weight_gradient);
    if (has_units_) {
      const auto z = inside.output(hidden_[k]);
      Units& units = probe.units.emplace();
      count_units(inside, hidden_[k] + 1, z, static_cast<std::size_t>(probe.width), units);
      describe(z, units);
    }
    all.push_back(probe);
  }
  return all;
}

}  // namespace actfn::lab
