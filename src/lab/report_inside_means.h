// SPDX-License-Identifier: Apache-2.0
// The probe's numbers as the page shows them: means over seeds.
#pragma once

#include "lab/report_stats.h"

#include <array>
#include <span>
#include <vector>

namespace actfn::lab::report {

// After one epoch; NaN where nothing was measured.
struct InsidePoint {
  int seeds = 0;
  double gradient_norm = 0;
  double dead = 0;  // shares of the units
  double saturated = 0;
  std::array<double, Units::kBins> histogram{};  // shares of the pre-activations
  double z_mean = 0;
  double z_deviation = 0;
  // Of inspect.
  double mean = 0;  // of the activations
  double variance = 0;
  double gradient_ratio = 0;
  double change = 0;
  double effective_rank = 0;
};

// A layer of one activation's networks.
struct InsideLayer {
  const Series* series;
  int layer;  // from 1
  int width = 0;
  bool has_units = false;           // only gradients, otherwise
  std::vector<InsidePoint> points;  // by epoch, from 0

  const InsidePoint& last() const { return points.back(); }
  int last_epoch() const { return static_cast<int>(points.size()) - 1; }
};

// By layer, then as the series: those that were probed. Means are over the seeds that the series
// counts, at the learning rate that was chosen.
std::vector<InsideLayer> inside_layers(const Comparison& comparison, const Overview& overview);

// Those of one network after no epoch, by layer.
std::vector<InsideLayer> inside_layers(std::span<const LayerProbe> probes, const Series& series);

}  // namespace actfn::lab::report
