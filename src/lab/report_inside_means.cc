// SPDX-License-Identifier: Apache-2.0
#include "lab/report_inside_means.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace actfn::lab::report {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

void add(InsidePoint& to, const LayerProbe& probe) {
  ++to.seeds;
  to.gradient_norm += probe.gradient_norm;
  to.dead += probe.units ? probe.units->dead : kNan;
  to.saturated += probe.units ? probe.units->saturated : kNan;
  if (!probe.units) return;
  const auto& counts = probe.units->histogram;
  const double all = std::accumulate(counts.begin(), counts.end(), 0.0);
  for (std::size_t bin = 0; bin < counts.size() && all > 0; ++bin) {
    to.histogram[bin] += counts[bin] / all;
  }
}

void divide(InsidePoint& sum) {
  const double n = sum.seeds == 0 ? kNan : sum.seeds;
  sum.gradient_norm /= n;
  sum.dead /= n;
  sum.saturated /= n;
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

}  // namespace actfn::lab::report
