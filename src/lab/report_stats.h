// SPDX-License-Identifier: Apache-2.0
// From rows to what is drawn and judged: one series per activation, with its spread over seeds.
#pragma once

#include "lab/report_looks.h"
#include "lab/results.h"
#include "lab/statistics.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace actfn::lab::report {

enum class Metric {
  train_loss,
  validation_loss,
  test_loss,
  train_accuracy,
  validation_accuracy,
  test_accuracy
};
inline constexpr std::array kMetrics = {Metric::train_loss,          Metric::validation_loss,
                                        Metric::test_loss,           Metric::train_accuracy,
                                        Metric::validation_accuracy, Metric::test_accuracy};

double value(const EpochResult& row, Metric metric);  // NaN where it was not measured
bool is_loss(Metric metric);
bool is_test(Metric metric);

// Over seeds. count is how many values there were; without any, the rest is NaN.
struct Spread {
  double mean;
  double low;  // the lowest value
  double high;
  int count = 0;
  Interval interval;  // 95 % interval of the mean: mean_interval(), cut where the metric ends
};

struct Run {
  std::uint64_t seed = 0;
  std::vector<EpochResult> rows;  // by epoch
  int diverged_at = 0;            // first epoch with a loss that is not finite; 0: none
  bool finished = false;          // it has all epochs that it was to have
  bool counted = false;           // in the series' means

  int last_epoch() const { return rows.empty() ? 0 : rows.back().epoch; }
  // The epoch with the lowest validation loss; the last one where there is no validation.
  int best_epoch() const;
  double at(int epoch, Metric metric) const;  // NaN where there is no such epoch
  // What became of it: a test metric at the best epoch, another one at the last.
  double end(Metric metric) const;
};

// Means are over runs that went equally far and stayed finite, so that a curve never jumps because
// a seed dropped out. Where every seed diverged, they are over what was finite.
struct Series {
  std::string name;
  std::size_t index = 0;  // in the settings
  Look look;
  std::vector<Run> runs;
  bool sound = false;  // at least one run stayed finite
  int level = 0;       // how far the counted runs went: the epochs asked for, once finished
  int last_epoch = 0;  // that all counted runs have: early stopping may have ended them before
  int counted = 0;
  int diverged = 0;

  const Spread& at(int epoch, Metric metric) const;  // epoch from 0 to last_epoch
  Spread end(Metric metric) const;                   // of Run::end()
  Spread last(Metric metric) const;                  // at each run's last epoch
  const Run* run_of(std::uint64_t seed) const;       // that is counted; null: none

  std::array<std::vector<Spread>, kMetrics.size()> by_epoch;
};

struct Overview {
  std::vector<Series> series;  // as in the settings; those never reached have no runs
  int level = 0;               // the furthest that a series got
  int last_epoch = 0;          // the last that any series has
  int planned = 0;             // trainings
  int finished = 0;            // trainings
  bool validated = false;      // there is a validation part
  bool has_accuracy = true;    // classification
  bool tested = false;         // what ranks was tested

  // What decides: test accuracy, of regression test loss; on the validation part where no
  // training has come to its test.
  Metric deciding() const;
  // Of the epochs, in the order of the charts.
  std::vector<Metric> curves() const;
  // Those that can be compared at `level`, the best by the deciding metric first.
  std::vector<const Series*> ranking() const;
};

// The best first.
void rank(std::vector<const Series*>& series, Metric metric);

Overview summarize(const Comparison& comparison);

// By how much a is better than b in a metric, over the seeds that both have.
PairedDifference difference(const Series& a, const Series& b, Metric metric);

}  // namespace actfn::lab::report
