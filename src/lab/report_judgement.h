// SPDX-License-Identifier: Apache-2.0
// Which activations a comparison can tell apart.
#pragma once

#include "lab/report_stats.h"

#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab::report {

// Fewer seeds in common settle nothing, whatever their interval.
inline constexpr std::size_t kFewestSeeds = 3;

enum class Call {
  same,     // equal in every seed
  untried,  // fewer than kFewestSeeds seeds in common
  open,     // no difference that the run can show
  apart
};

// The best against another one.
struct Contest {
  const Series* other;
  PairedDifference difference;  // by how much the best is better
  double p;                     // adjusted for all contests of the judgement (Holm)
  Call call;
};

// A comparison by one metric.
struct Judgement {
  Metric metric;
  std::vector<const Series*> ranking;  // the best first
  std::vector<Contest> contests;       // of ranking[0] against the others, in their order

  const Series& best() const { return *ranking[0]; }
  std::vector<const Series*> called(Call call) const;  // the others with this call
  const Contest* against(const Series& other) const;   // nothing for the best itself
};

// `ranking` has at least one series.
Judgement judge(std::vector<const Series*> ranking, Metric metric);

// "test accuracy"; "highest" or "lowest".
std::string_view noun(Metric metric);
std::string_view best_word(Metric metric);

// Of a series' own values: "87.54 %".
std::string value_text(double v, Metric metric);
// Of differences: "0.31 points", and "0.14 to 0.48".
std::string difference_text(double difference, Metric metric);
std::string interval_text(const Interval& interval, Metric metric);

}  // namespace actfn::lab::report
