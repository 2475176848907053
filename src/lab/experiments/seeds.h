// SPDX-License-Identifier: Apache-2.0
// What networks from several seeds say together.
#pragma once

#include "lab/experiments/curves.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab::experiments {

// Whether a mean is in a corridor, as its interval says. An interval without numbers says nothing.
Holds inside(const Interval& mean, const Interval& corridor);
// Whether it is below one bound: yes; or above another, which is higher: no.
Holds below_or_above(const Interval& mean, double yes, double no);
Holds opposite(Holds of);

// Whether a is less than b, where a[i] and b[i] share a seed.
Holds less(std::span<const double> a, std::span<const double> b);

// The value of a column, such as a learning rate, with which the mean loss at the end is lowest;
// the first one where no loss is a number.
std::string best_setting(const Readings& readings, std::string_view setting, std::string_view loss);

double mean_of(std::span<const double> values);
inline Interval interval_of(const Point& p) { return {p.low, p.high}; }

// The means of column y at each x, over the seeds, with their intervals.
Line mean_line(const Readings& readings, std::string_view x, std::string_view y, std::string name);
// The same with geometric means, for positive numbers of many sizes.
Line geometric_line(const Readings& readings, std::string_view x, std::string_view y,
                    std::string name);

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
