// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/common.h"
#include "lab/experiments/selu_network.h"

#include <array>
#include <cmath>
#include <utility>

namespace actfn::lab::experiments {
namespace {

constexpr Interval kMean = {-0.05, 0.05};
constexpr Interval kVariance = {0.8, 1.5};
constexpr int kMostDraws = 1000;   // of a seed
constexpr double kMostMean = 0.5;  // that is drawn

}  // namespace

SeluSize selu_size(const Scope& scope) {
  if (scope.quick) return {.depth = 64, .width = 96, .networks = 3, .images = 64};
  return {.depth = 64, .width = 256, .networks = 16, .images = 128};
}

std::string name_of(const SeluSize& size) {
  return fmt::format("depth-{}-width-{}-networks-{}-images-{}", size.depth, size.width,
                     size.networks, size.images);
}

std::uint64_t seed_of_draw(int seed, int draw) {
  return static_cast<std::uint64_t>(kMostDraws) * static_cast<std::uint64_t>(seed) +
         static_cast<std::uint64_t>(draw);
}

void LayerMoments::add(const std::vector<Moments>& network) {
  sums_.resize(network.size());
  for (std::size_t i = 0; i < network.size(); ++i) {
    sums_[i].mean += network[i].mean;
    sums_[i].variance += network[i].variance;
  }
  ++count_;
}

std::vector<Moments> LayerMoments::means() const {
  std::vector<Moments> means = sums_;
  for (Moments& m : means) m = {m.mean / count_, m.variance / count_};
  return means;
}

std::vector<Row> rows_of(std::string_view name, int seed, const LayerMoments& moments) {
  std::vector<Row> rows;
  const auto means = moments.means();
  for (std::size_t i = 0; i < means.size(); ++i) {
    rows.push_back(row(name, seed, i + 1, means[i].mean, means[i].variance));
  }
  return rows;
}

LastLayer last_layer(const Readings& of_case) {
  const Readings last = of_case.where("layer", of_case.values("layer").back());
  return {mean_point(0, last.numbers("mean")), mean_point(0, last.numbers("variance"))};
}

Holds in_corridor(const LastLayer& last) {
  const std::array<Holds, 2> parts = {inside(interval_of(last.mean), kMean),
                                      inside(interval_of(last.variance), kVariance)};
  return all_hold(parts);
}

std::string text_of(const LastLayer& last) {
  return fmt::format("{:.3g} and {:.3g}", last.mean.y, last.variance.y);
}

std::string corridor_text() {
  return fmt::format("mean from {} to {}, variance from {} to {} at the last layer", kMean.low,
                     kMean.high, kVariance.low, kVariance.high);
}

std::string measured_of(const Readings& readings) {
  std::string text;
  for (const std::string& name : readings.values("case")) {
    const LastLayer last = last_layer(readings.where("case", name));
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", name, text_of(last));
  }
  return text;
}

std::vector<Chart> moments_figures(const Readings& readings, const std::string& title) {
  Chart variances{
      .file = "variance",
      .title = title,
      .x = {"layer, from the input"},
      .y = {.label = "variance of the layer's outputs (log); dashed: the corridor", .log = true},
      .marks = {{kVariance.low, ""}, {kVariance.high, ""}}};
  Chart means{
      .file = "mean",
      .title = "The means of the outputs, in the same networks",
      .x = {"layer, from the input"},
      .y = {fmt::format("mean of the layer's outputs, up to {}; dashed: the corridor", kMostMean)},
      .marks = {{kMean.low, ""}, {kMean.high, ""}}};
  for (const std::string& name : readings.values("case")) {
    const Readings of = readings.where("case", name);
    variances.lines.push_back(geometric_line(of, "layer", "variance", name));
    means.lines.push_back(mean_line(of, "layer", "mean", name));
    // What explodes would hide the others.
    std::erase_if(means.lines.back().points,
                  [](const Point& p) { return !(std::fabs(p.y) <= kMostMean); });
  }
  return {std::move(variances), std::move(means)};
}

}  // namespace actfn::lab::experiments
