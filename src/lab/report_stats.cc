// SPDX-License-Identifier: Apache-2.0
#include "lab/report_stats.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace actfn::lab::report {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr Spread kNothing{kNan, kNan, kNan, 0};

std::size_t slot(Metric metric) { return static_cast<std::size_t>(metric); }

Spread spread_of(const std::vector<double>& values) {
  if (values.empty()) return kNothing;
  double sum = 0;
  for (const double v : values) sum += v;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  // Rounding must not put the mean outside of its own range.
  const double mean = std::clamp(sum / static_cast<double>(values.size()), *low, *high);
  return {mean, *low, *high, static_cast<int>(values.size())};
}

double median(std::vector<double> values) {
  if (values.empty()) return kNan;
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

Run& run_of(Series& series, std::uint64_t seed) {
  const auto it = std::ranges::find(series.runs, seed, &Run::seed);
  if (it != series.runs.end()) return *it;
  series.runs.emplace_back().seed = seed;
  return series.runs.back();
}

void order_rows(Run& run) {
  std::ranges::stable_sort(run.rows, {}, &EpochResult::epoch);
  for (const EpochResult& row : run.rows) {
    if (std::isfinite(row.train_loss) && std::isfinite(row.test_loss)) continue;
    run.diverged_at = row.epoch;
    return;
  }
}

int last_finite_epoch(const Run& run) {
  int last = 0;
  for (const EpochResult& row : run.rows) {
    if (std::isfinite(row.train_loss)) last = row.epoch;
  }
  return last;
}

void choose_runs(Series& series) {
  for (const Run& run : series.runs) {
    if (run.diverged_at != 0) ++series.diverged;
    if (run.diverged_at == 0 && !run.rows.empty()) series.sound = true;
  }
  for (const Run& run : series.runs) {
    if (series.sound && run.diverged_at != 0) continue;
    series.last_epoch = std::max(series.last_epoch, last_finite_epoch(run));
  }
  for (Run& run : series.runs) {
    run.counted = series.sound ? run.diverged_at == 0 && run.last_epoch() == series.last_epoch
                               : !run.rows.empty();
    series.counted += run.counted ? 1 : 0;
  }
}

Spread spread_at(const Series& series, int epoch, Metric metric) {
  std::vector<double> values;
  for (const Run& run : series.runs) {
    const double v = run.counted ? run.at(epoch, metric) : kNan;
    if (std::isfinite(v)) values.push_back(v);
  }
  return spread_of(values);
}

void fill(Series& series) {
  std::vector<double> first;
  std::vector<double> later;
  for (Run& run : series.runs) {
    order_rows(run);
    for (const EpochResult& row : run.rows) {
      if (std::isfinite(row.seconds)) (row.epoch == 1 ? first : later).push_back(row.seconds);
    }
  }
  series.seconds = median(later.empty() ? std::move(first) : std::move(later));
  choose_runs(series);
  for (const Metric metric : kMetrics) {
    for (int epoch = 1; epoch <= series.last_epoch; ++epoch) {
      series.by_epoch[slot(metric)].push_back(spread_at(series, epoch, metric));
    }
  }
}

void count_trainings(Overview& overview, const CompareSettings& settings) {
  overview.planned = static_cast<int>(settings.seeds.size() * overview.series.size());
  for (const Series& series : overview.series) {
    for (const Run& run : series.runs) {
      const bool done = run.diverged_at != 0 || run.last_epoch() >= settings.epochs;
      overview.finished += done ? 1 : 0;
    }
  }
}

}  // namespace

double value(const EpochResult& row, Metric metric) {
  constexpr double EpochResult::*kValues[] = {&EpochResult::train_loss, &EpochResult::test_loss,
                                              &EpochResult::train_accuracy,
                                              &EpochResult::test_accuracy};
  return row.*kValues[slot(metric)];
}

bool is_loss(Metric metric) { return metric == Metric::train_loss || metric == Metric::test_loss; }

bool overlap(const Spread& a, const Spread& b) { return a.low <= b.high && b.low <= a.high; }

double Run::at(int epoch, Metric metric) const {
  for (const EpochResult& row : rows) {
    if (row.epoch == epoch) return value(row, metric);
  }
  return kNan;
}

const Spread& Series::at(int epoch, Metric metric) const {
  const auto& all = by_epoch[slot(metric)];
  const auto i = static_cast<std::size_t>(epoch) - 1;
  return epoch >= 1 && i < all.size() ? all[i] : kNothing;
}

std::vector<const Series*> Overview::ranking() const {
  std::vector<const Series*> ranked;
  for (const Series& s : series) {
    if (s.sound && s.last_epoch == last_epoch) ranked.push_back(&s);
  }
  const auto loss = [](const Series* s) { return s->end(Metric::train_loss).mean; };
  std::ranges::stable_sort(ranked, {}, loss);
  return ranked;
}

Overview summarize(const Comparison& comparison) {
  Overview overview;
  for (const Nonlinearity& a : comparison.settings.activations) {
    overview.series.emplace_back().name = a.name;
    overview.series.back().index = overview.series.size() - 1;
    overview.series.back().classes = comparison.classes;
  }
  for (const EpochResult& row : comparison.epochs) {
    if (row.epoch < 1) continue;
    run_of(overview.series[row.activation], row.seed).rows.push_back(row);
  }
  int sound = 0;
  int any = 0;
  for (Series& series : overview.series) {
    fill(series);
    any = std::max(any, series.last_epoch);
    if (series.sound) sound = std::max(sound, series.last_epoch);
  }
  overview.last_epoch = sound > 0 ? sound : any;
  count_trainings(overview, comparison.settings);
  return overview;
}

}  // namespace actfn::lab::report
