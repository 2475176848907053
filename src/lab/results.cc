// SPDX-License-Identifier: Apache-2.0
#include "lab/results.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace actfn::lab {
namespace {

auto place_of(const auto& row, const CompareSettings& settings) {
  const auto seed = std::ranges::find(settings.seeds, row.seed) - settings.seeds.begin();
  return std::tuple(row.activation, seed, row.lr, row.epoch);
}

// The epoch with the lowest validation loss; 0: none was finite.
int last_improvement(std::span<const EpochResult> rows) {
  int best = 0;
  double lowest = std::numeric_limits<double>::infinity();
  for (const EpochResult& row : rows) {
    if (row.epoch == 0 || !row.validation || !improves(row.validation->loss, lowest)) continue;
    lowest = row.validation->loss;
    best = row.epoch;
  }
  return best;
}

// The first of the settings that the activation was trained with; without a training the first.
double first_rate(const CompareSettings& settings, std::span<const EpochResult> epochs,
                  std::size_t activation) {
  for (const double lr : settings.lr) {
    const auto is = [&](const EpochResult& r) { return r.activation == activation && r.lr == lr; };
    if (std::ranges::any_of(epochs, is)) return lr;
  }
  return settings.lr[0];
}

}  // namespace

int best_epoch(std::span<const EpochResult> rows) {
  const int best = last_improvement(rows);
  return best == 0 && !rows.empty() ? rows.back().epoch : best;
}

// The best epoch gets its test before the last one: a killed training may end with it.
bool is_finished(std::span<const EpochResult> rows, const CompareSettings& settings) {
  if (rows.empty() || !rows.back().test) return false;
  if (rows.back().epoch >= settings.epochs) return true;
  return settings.patience > 0 && rows.back().epoch - last_improvement(rows) >= settings.patience;
}

void sort_rows(std::vector<EpochResult>& rows, const CompareSettings& settings) {
  std::ranges::sort(rows, {}, [&](const EpochResult& row) { return place_of(row, settings); });
}

void sort_rows(std::vector<LayerProbe>& probes, const CompareSettings& settings) {
  std::ranges::sort(probes, {}, [&](const LayerProbe& probe) {
    return std::tuple(place_of(probe, settings), probe.layer);
  });
}

const StepTime* step_time_of(const Comparison& comparison, std::size_t activation) {
  const auto found = std::ranges::find(comparison.steps, activation, &StepTime::activation);
  return found == comparison.steps.end() ? nullptr : &*found;
}

std::vector<double> chosen_rates(const CompareSettings& settings,
                                 std::span<const EpochResult> epochs) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const std::size_t count = settings.activations.size();
  const bool one = settings.lr.size() == 1;
  std::vector<double> rates(count, one ? settings.lr[0] : kNone);
  if (one) return rates;
  std::vector<double> lowest(count, std::numeric_limits<double>::infinity());
  for (const EpochResult& row : epochs) {
    const bool counts = row.seed == settings.seeds[0] && row.epoch > 0 && row.validation;
    if (!counts || !improves(row.validation->loss, lowest[row.activation])) continue;
    lowest[row.activation] = row.validation->loss;
    rates[row.activation] = row.lr;
  }
  for (std::size_t a = 0; a < count; ++a) {
    if (std::isnan(rates[a])) rates[a] = first_rate(settings, epochs, a);
  }
  return rates;
}

}  // namespace actfn::lab
