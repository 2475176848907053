// SPDX-License-Identifier: Apache-2.0
#include "lab/report_inside_means.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace actfn::lab::report {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

void add_more(InsidePoint& to, const LayerProbe& probe) {
  const bool has = probe.more.has_value();
  to.mean += has ? probe.more->mean : kNan;
  to.variance += has ? probe.more->variance : kNan;
  to.gradient_ratio += has ? probe.gradient_norm / probe.more->weight_norm : kNan;
  to.change += has ? probe.more->change.value_or(kNan) : kNan;
  to.effective_rank += has ? probe.more->effective_rank : kNan;
}

void add(InsidePoint& to, const LayerProbe& probe) {
  ++to.seeds;
  to.gradient_norm += probe.gradient_norm;
  to.dead += probe.units ? probe.units->dead : kNan;
  to.saturated += probe.units ? probe.units->saturated : kNan;
  to.z_mean += probe.units ? probe.units->mean : kNan;
  to.z_deviation += probe.units ? probe.units->deviation : kNan;
  add_more(to, probe);
  if (!probe.units) return;
  const auto& counts = probe.units->histogram;
  const double all = std::accumulate(counts.begin(), counts.end(), 0.0);
  for (std::size_t bin = 0; bin < counts.size() && all > 0; ++bin) {
    to.histogram[bin] += counts[bin] / all;
  }
}

void divide(InsidePoint& sum) {
  const double n = sum.seeds == 0 ? kNan : sum.seeds;
  for (double* v :
       {&sum.gradient_norm, &sum.dead, &sum.saturated, &sum.z_mean, &sum.z_deviation, &sum.mean,
        &sum.variance, &sum.gradient_ratio, &sum.change, &sum.effective_rank}) {
    *v /= n;
  }
  for (double& share : sum.histogram) share /= n;
}

InsideLayer layer_of(const Comparison& c, const Series& series, int layer, double rate) {
  InsideLayer line{&series, layer, 0, false, {}};
  line.points.resize(static_cast<std::size_t>(series.last_epoch) + 1);
  for (const LayerProbe& p : c.probes) {
    const bool mine = p.activation == series.index && p.layer == layer && p.lr == rate;
    if (!mine || p.epoch > series.last_epoch || series.run_of(p.seed) == nullptr) continue;
    line.width = p.width;
    line.has_units = line.has_units || p.units.has_value();
    add(line.points[static_cast<std::size_t>(p.epoch)], p);
  }
  while (!line.points.empty() && line.last().seeds == 0) line.points.pop_back();
  std::ranges::for_each(line.points, divide);
  return line;
}

}  // namespace

std::vector<InsideLayer> inside_layers(const Comparison& c, const Overview& overview) {
  std::vector<InsideLayer> all;
  int layers = 0;
  for (const LayerProbe& p : c.probes) layers = std::max(layers, p.layer);
  const std::vector<double> rates = chosen_rates(c.settings, c.epochs);
  for (int layer = 1; layer <= layers; ++layer) {
    for (const Series& series : overview.series) {
      InsideLayer line = layer_of(c, series, layer, rates[series.index]);
      if (!line.points.empty()) all.push_back(std::move(line));
    }
  }
  return all;
}

std::vector<InsideLayer> inside_layers(std::span<const LayerProbe> probes, const Series& series) {
  std::vector<InsideLayer> all;
  for (const LayerProbe& p : probes) {
    InsideLayer layer{&series, p.layer, p.width, p.units.has_value(), {}};
    add(layer.points.emplace_back(), p);
    all.push_back(std::move(layer));
  }
  return all;
}

}  // namespace actfn::lab::report
