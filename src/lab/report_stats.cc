// SPDX-License-Identifier: Apache-2.0
#include "lab/report_stats.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace actfn::lab::report {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr Score kUnknown{kNan, kNan};
constexpr Spread kNothing{kNan, kNan, kNan, 0, {kNan, kNan}};

std::size_t slot(Metric metric) { return static_cast<std::size_t>(metric); }

// The interval of a mean, within what the metric may be: an accuracy is never above 1.
Interval interval_of(const std::vector<double>& values, Metric metric) {
  Interval i = mean_interval(values);
  if (i.low < 0) i.low = 0;
  if (!is_loss(metric) && i.high > 1) i.high = 1;
  return i;
}

Spread spread_of(const std::vector<double>& values, Metric metric) {
  if (values.empty()) return kNothing;
  double sum = 0;
  for (const double v : values) sum += v;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  // Rounding must not put the mean outside of its own range.
  const double mean = std::clamp(sum / static_cast<double>(values.size()), *low, *high);
  return {mean, *low, *high, static_cast<int>(values.size()), interval_of(values, metric)};
}

Run& run_of(Series& series, std::uint64_t seed) {
  const auto it = std::ranges::find(series.runs, seed, &Run::seed);
  if (it != series.runs.end()) return *it;
  series.runs.emplace_back().seed = seed;
  return series.runs.back();
}

bool is_finite(const EpochResult& row) {
  return std::isfinite(row.train.loss) && std::isfinite(row.validation.value_or(row.train).loss) &&
         std::isfinite(row.test.value_or(row.train).loss);
}

void order_rows(Run& run, const CompareSettings& settings) {
  std::ranges::stable_sort(run.rows, {}, &EpochResult::epoch);
  const auto sick = std::ranges::find_if_not(run.rows, is_finite);
  if (sick != run.rows.end()) run.diverged_at = std::max(1, sick->epoch);
  run.finished = is_finished(run.rows, settings);
}

// Of runs that ended early by their own rule, the epochs asked for.
int level_of(const Run& run, const CompareSettings& settings) {
  return run.finished ? settings.epochs : run.last_epoch();
}

void choose_runs(Series& series, const CompareSettings& settings) {
  for (const Run& run : series.runs) {
    if (run.diverged_at != 0) ++series.diverged;
    if (run.diverged_at == 0) series.sound = true;
  }
  const auto eligible = [&](const Run& run) { return !series.sound || run.diverged_at == 0; };
  for (const Run& run : series.runs) {
    if (eligible(run)) series.level = std::max(series.level, level_of(run, settings));
  }
  for (Run& run : series.runs) {
    run.counted = eligible(run) && level_of(run, settings) == series.level;
    if (!run.counted) continue;
    series.last_epoch =
        series.counted == 0 ? run.last_epoch() : std::min(series.last_epoch, run.last_epoch());
    ++series.counted;
  }
}

// Over the counted runs.
template <class F>
Spread spread(const Series& series, Metric metric, const F& value_of) {
  std::vector<double> values;
  for (const Run& run : series.runs) {
    const double v = run.counted ? value_of(run) : kNan;
    if (std::isfinite(v)) values.push_back(v);
  }
  return spread_of(values, metric);
}

void fill(Series& series, const CompareSettings& settings) {
  for (Run& run : series.runs) order_rows(run, settings);
  choose_runs(series, settings);
  for (const Metric metric : kMetrics) {
    for (int epoch = 0; epoch <= series.last_epoch && series.counted > 0; ++epoch) {
      series.by_epoch[slot(metric)].push_back(
          spread(series, metric, [&](const Run& run) { return run.at(epoch, metric); }));
    }
  }
}

void count_trainings(Overview& overview, const CompareSettings& settings) {
  overview.planned = static_cast<int>(settings.seeds.size() * overview.series.size());
  for (const Series& series : overview.series) {
    overview.finished += static_cast<int>(
        std::ranges::count_if(series.runs, [](const Run& run) { return run.finished; }));
  }
}

void find_level(Overview& overview) {
  int sound = 0;
  int any = 0;
  for (const Series& series : overview.series) {
    any = std::max(any, series.level);
    if (series.sound) sound = std::max(sound, series.level);
    overview.last_epoch = std::max(overview.last_epoch, series.last_epoch);
  }
  overview.level = sound > 0 ? sound : any;
  for (const Series* s : overview.ranking()) {
    overview.tested = overview.tested || s->end(Metric::test_loss).count > 0;
  }
}

void give_looks(Overview& overview) {
  std::vector<std::string> names;
  for (const Series& s : overview.series) names.push_back(s.name);
  const std::vector<Look> looks = looks_of(names);
  for (Series& s : overview.series) s.look = looks[s.index];
}

}  // namespace

double value(const EpochResult& row, Metric metric) {
  const Score validation = row.validation.value_or(kUnknown);
  const Score test = row.test.value_or(kUnknown);
  const double values[] = {row.train.loss,     validation.loss,     test.loss,
                           row.train.accuracy, validation.accuracy, test.accuracy};
  return values[slot(metric)];
}

bool is_loss(Metric metric) { return metric <= Metric::test_loss; }

bool is_test(Metric metric) {
  return metric == Metric::test_loss || metric == Metric::test_accuracy;
}

int Run::best_epoch() const { return lab::best_epoch(rows); }

double Run::at(int epoch, Metric metric) const {
  const auto row = std::ranges::find(rows, epoch, &EpochResult::epoch);
  return row == rows.end() ? kNan : value(*row, metric);
}

double Run::end(Metric metric) const {
  return at(is_test(metric) ? best_epoch() : last_epoch(), metric);
}

const Spread& Series::at(int epoch, Metric metric) const {
  const auto& all = by_epoch[slot(metric)];
  const auto i = static_cast<std::size_t>(epoch);
  return epoch >= 0 && i < all.size() ? all[i] : kNothing;
}

Spread Series::end(Metric metric) const {
  return spread(*this, metric, [&](const Run& run) { return run.end(metric); });
}

Spread Series::last(Metric metric) const {
  return spread(*this, metric, [&](const Run& run) { return run.at(run.last_epoch(), metric); });
}

const Run* Series::run_of(std::uint64_t seed) const {
  const auto found =
      std::ranges::find_if(runs, [&](const Run& run) { return run.seed == seed && run.counted; });
  return found == runs.end() ? nullptr : &*found;
}

Metric Overview::deciding() const {
  if (tested) return has_accuracy ? Metric::test_accuracy : Metric::test_loss;
  return has_accuracy ? Metric::validation_accuracy : Metric::validation_loss;
}

std::vector<Metric> Overview::curves() const {
  const Metric loss = validated ? Metric::validation_loss : Metric::test_loss;
  if (!has_accuracy) return {Metric::train_loss, loss};
  return {Metric::train_loss, loss, Metric::train_accuracy,
          validated ? Metric::validation_accuracy : Metric::test_accuracy};
}

std::vector<const Series*> Overview::ranking() const {
  std::vector<const Series*> ranked;
  for (const Series& s : series) {
    if (s.sound && s.level == level) ranked.push_back(&s);
  }
  rank(ranked, deciding());
  return ranked;
}

void rank(std::vector<const Series*>& series, Metric metric) {
  const double sign = is_loss(metric) ? 1 : -1;
  std::ranges::stable_sort(series, {}, [&](const Series* s) {
    const double mean = sign * s->end(metric).mean;
    return std::isnan(mean) ? std::numeric_limits<double>::infinity() : mean;
  });
}

Overview summarize(const Comparison& comparison) {
  Overview overview;
  overview.validated = comparison.settings.validation > 0;
  overview.has_accuracy = comparison.task == data::Task::classification;
  for (const Nonlinearity& a : comparison.settings.activations) {
    overview.series.emplace_back().name = a.name;
    overview.series.back().index = overview.series.size() - 1;
  }
  give_looks(overview);
  const std::vector<double> rates = chosen_rates(comparison.settings, comparison.epochs);
  for (const EpochResult& row : comparison.epochs) {
    if (row.lr != rates[row.activation]) continue;  // it only looked for a learning rate
    run_of(overview.series[row.activation], row.seed).rows.push_back(row);
  }
  for (Series& series : overview.series) fill(series, comparison.settings);
  count_trainings(overview, comparison.settings);
  find_level(overview);
  return overview;
}

PairedDifference difference(const Series& a, const Series& b, Metric metric) {
  std::vector<double> mine;
  std::vector<double> theirs;
  for (const Run& run : a.runs) {
    const Run* const other = b.run_of(run.seed);
    if (!run.counted || other == nullptr) continue;
    mine.push_back(run.end(metric));
    theirs.push_back(other->end(metric));
  }
  return is_loss(metric) ? paired_difference(theirs, mine) : paired_difference(mine, theirs);
}

}  // namespace actfn::lab::report
