// SPDX-License-Identifier: Apache-2.0
// Axes: where a value lies, and which values get a tick.
#pragma once

#include <string>
#include <vector>

namespace actfn::lab::report {

// From values to pixels below the top of a plot.
struct Scale {
  double low = 0;
  double high = 1;
  bool log = false;
  double height = 1;
  bool of_errors = false;  // low and high are shares of errors, of which a value is what is left

  double y(double v) const;
  std::vector<double> ticks() const;
};

// Holds all of the values with a little room; logarithmic where they are positive, may be (losses
// are), and differ by a factor that would flatten all but the largest.
Scale scale_for(const std::vector<double>& values, bool may_be_log, double height);

// Whether the largest would flatten the others on a linear axis. All must be positive for that.
bool spans_much(const std::vector<double>& values);

// Of curves: logarithmic where that is wished and possible. An accuracy then has its share of
// errors on a logarithmic axis, which is upside down.
Scale curve_scale(const std::vector<double>& values, bool loss, bool log, double height);

// Epochs to label: the first, the last, and round ones between.
std::vector<int> epoch_ticks(int last);

// Moves labels apart to at least `gap`, each as little as it takes, inside 0..height. The order
// of the result is that of the wishes.
std::vector<double> spread_labels(const std::vector<double>& wishes, double gap, double height);

// A coordinate for SVG: short, and never "nan".
std::string coordinate(double x);

}  // namespace actfn::lab::report
