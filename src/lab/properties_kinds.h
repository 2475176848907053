// SPDX-License-Identifier: Apache-2.0
// What functions of rows, gates, random and grouped functions are like: computed from values.
#pragma once

#include <actfn/catalogue.h>

#include "lab/normal_mean.h"

#include <optional>

namespace actfn::lab {

// Over rows that are drawn: of 2 to 20 entries from N(0, 1), and 10 and 100 times as large.
struct RowProperties {
  bool one_number = false;   // for a row
  double low = 0, high = 0;  // of the outputs
  double least_sum = 0, greatest_sum = 0;
  // What the outputs do where a number is added to all of x.
  enum class Shift { stay, follow, change } shift = Shift::change;
  bool any_order = false;     // where the entries change places, the outputs do, and nothing else
  double share_of_zeros = 0;  // in rows of 10 from N(0, 1)
};
RowProperties row_properties_of(const Function& f);

// For a and b from N(0, 1), each by itself: as integrals.
struct GateProperties {
  Moments normal;
  double gain = 0;  // 1 / sqrt(the mean of y^2)
  double share_of_zeros = 0;
  bool bounded = false;
  bool linear_in_a = false, linear_in_b = false;
};
GateProperties gate_properties_of(const Function& f);

// Of outputs that depend on chance, for x from N(0, 1).
struct DrawnMoments {
  Moments moments;
  double error_of_mean = 0, error_of_variance = 0;  // standard errors
  double share_of_zeros = 0;
};
// In training; none for functions that draw nothing or are of rows.
std::optional<DrawnMoments> training_moments_of(const Function& f);
// Of functions whose inputs come in groups.
DrawnMoments grouped_moments_of(const Function& f);

}  // namespace actfn::lab
