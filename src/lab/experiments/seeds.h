// SPDX-License-Identifier: Apache-2.0
// What networks from several seeds measure, and say together.
#pragma once

#include "lab/experiments/common.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab::experiments {

// A trial for each seed, NAME-seed-1 and so on.
void add_seeds(std::vector<Trial>& to, const Scope& scope, std::string_view name,
               const std::function<std::vector<Row>(int seed, const Materials&)>& measure);

double mean_of(std::span<const double> values);
// Of those that are numbers.
double median(std::vector<double> values);
inline Interval interval_of(const Point& p) { return {p.low, p.high}; }

// Of the rows of one kind of networks: the last epoch, and a column at an epoch, by seed.
int last_epoch(const Readings& kind);
std::vector<double> at_epoch(const Readings& kind, int epoch, std::string_view column);
std::vector<double> at_end(const Readings& kind, std::string_view column);

// The value of a column, such as a learning rate, with which the mean loss at the end is lowest;
// the first one where no loss is a number.
std::string best_setting(const Readings& readings, std::string_view setting, std::string_view loss);

// The means of column y at each x, over the seeds, with their intervals.
Line mean_line(const Readings& readings, std::string_view x, std::string_view y, std::string name);
// The same with geometric means, for positive numbers of many sizes.
Line geometric_line(const Readings& readings, std::string_view x, std::string_view y,
                    std::string name);
// Medians, between the least and the most.
Line median_line(const Readings& readings, std::string_view x, std::string_view y,
                 std::string name);

// What a chart's lines end with: "elu 0.412, relu 0.447".
std::string ends_of(const Chart& chart);

// "relu 0.512; selu 0.498"
class Listed {
 public:
  void add(std::string_view name, double value, int digits = 3);
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// "95 % intervals over 5 seeds"
std::string intervals_over(const Scope& scope);

}  // namespace actfn::lab::experiments
