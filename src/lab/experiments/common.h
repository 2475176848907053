// SPDX-License-Identifier: Apache-2.0
// What experiments have in common.
#pragma once

#include <actfn/actfn.h>

#include "lab/experiments/decisions.h"
#include "lab/normal_mean.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab::experiments {

// A trial that is all of an experiment.
inline std::function<std::vector<Trial>(const Scope&)> once(
    std::function<std::vector<Row>(const Materials&)> measure) {
  return [measure = std::move(measure)](const Scope&) {
    return std::vector<Trial>{{"all", measure}};
  };
}

// One that measures time.
inline Trial timed(std::string name, std::function<std::vector<Row>()> measure) {
  return {.name = std::move(name),
          .measure = [measure = std::move(measure)](const Materials&) { return measure(); },
          .alone = true};
}

// `count` numbers from low to high, both included.
std::vector<double> spaced(double low, double high, std::size_t count);
// The same, with equal ratios.
std::vector<double> spaced_by_ratio(double low, double high, std::size_t count);

// y over x.
Line curve(std::string_view name, const std::vector<double>& x,
           const std::function<double(double)>& f);

// Column y over column x: the first row and each step-th after it.
Line line_of(const Readings& readings, std::string_view x, std::string_view y, std::string name,
             std::size_t step = 1);
// The same with |y|.
Line sizes_of(const Readings& readings, std::string_view x, std::string_view y, std::string name,
              std::size_t step = 1);

// The largest y of each `together` rows, which are a piece of the axis, at the x in its middle: for
// columns that jump from row to row. The last piece may have fewer rows. Where no y exceeds
// `least`, the piece has `least`: 0 has no place on a logarithmic axis.
Line largest_of_pieces(const Readings& readings, std::string_view x, std::string_view y,
                       std::string name, std::size_t together, double least);

inline bool near(double a, double b, double tolerance) { return std::fabs(a - b) <= tolerance; }

// A point with the mean of the values and its interval.
Point mean_point(double x, const std::vector<double>& values);

}  // namespace actfn::lab::experiments
