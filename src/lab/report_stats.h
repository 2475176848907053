// SPDX-License-Identifier: Apache-2.0
// From rows to what is drawn and judged: one series per activation, with its spread over seeds.
#pragma once

#include "lab/results.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace actfn::lab::report {

enum class Metric { train_loss, test_loss, train_accuracy, test_accuracy };
inline constexpr std::array kMetrics = {Metric::train_loss, Metric::test_loss,
                                        Metric::train_accuracy, Metric::test_accuracy};

double value(const EpochResult& row, Metric metric);
bool is_loss(Metric metric);

// Over seeds. count is how many values there were; without any, the rest is NaN.
struct Spread {
  double mean;
  double low;
  double high;
  int count = 0;
};

bool overlap(const Spread& a, const Spread& b);

struct Run {
  std::uint64_t seed = 0;
  std::vector<EpochResult> rows;  // by epoch
  int diverged_at = 0;            // first epoch with a loss that is no finite number; 0: none
  bool counted = false;           // in the series' means

  int last_epoch() const { return rows.empty() ? 0 : rows.back().epoch; }
  double at(int epoch, Metric metric) const;  // NaN where there is no such epoch
};

// Means are over runs that went equally far and stayed finite, so that a curve never jumps because
// a seed dropped out. Where every seed diverged, they are over what was finite.
struct Series {
  std::string name;
  std::size_t index = 0;  // gives colour, dash and marker
  std::size_t classes = kUsualClasses;
  std::vector<Run> runs;
  bool sound = false;  // at least one run stayed finite
  int last_epoch = 0;  // of the counted runs
  int counted = 0;
  int diverged = 0;
  // Median training time of an epoch over all runs, but their first epochs, which warm up, count
  // only where there are no others; NaN where none.
  double seconds = 0;
  std::array<std::vector<Spread>, kMetrics.size()> by_epoch;

  const Spread& at(int epoch, Metric metric) const;  // epoch from 1 to last_epoch
  const Spread& end(Metric metric) const { return at(last_epoch, metric); }
};

struct Overview {
  std::vector<Series> series;  // as in the settings; those never reached have no runs
  int last_epoch = 0;          // the furthest that a series got
  int planned = 0;             // trainings
  int finished = 0;            // trainings that reached the last epoch asked for, or diverged

  // Those that can be compared at last_epoch, by final training loss.
  std::vector<const Series*> ranking() const;
};

Overview summarize(const Comparison& comparison);

}  // namespace actfn::lab::report
