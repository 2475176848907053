// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/seeds.h"

#include <cmath>
#include <numeric>
#include <utility>

namespace actfn::lab::experiments {
namespace {

Line line_with(const Readings& readings, std::string_view x, std::string_view y, std::string name,
               Point (*point)(double x, const std::vector<double>& values)) {
  Line line{std::move(name), {}};
  for (const std::string& at : readings.values(x)) {
    const Readings here = readings.where(x, at);
    line.points.push_back(point(here.numbers(x)[0], here.numbers(y)));
  }
  return line;
}

}  // namespace

Holds inside(const Interval& mean, const Interval& corridor) {
  if (corridor.contains(mean.low) && corridor.contains(mean.high)) return Holds::yes;
  const bool outside = mean.high < corridor.low || mean.low > corridor.high;
  return outside ? Holds::no : Holds::undecided;
}

Holds below_or_above(const Interval& mean, double yes, double no) {
  if (mean.high < yes) return Holds::yes;
  return mean.low > no ? Holds::no : Holds::undecided;
}

Holds opposite(Holds of) {
  if (of == Holds::undecided) return of;
  return of == Holds::yes ? Holds::no : Holds::yes;
}

Holds less(std::span<const double> a, std::span<const double> b) {
  return is_below(difference(a, b).interval);
}

std::string best_setting(const Readings& readings, std::string_view setting,
                         std::string_view loss) {
  std::string best;
  double least = INFINITY;
  for (const std::string& value : readings.values(setting)) {
    const double mean = mean_of(at_end(readings.where(setting, value), loss));
    if (!best.empty() && !(mean < least)) continue;
    best = value;
    least = std::isnan(mean) ? INFINITY : mean;
  }
  return best;
}

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Line mean_line(const Readings& readings, std::string_view x, std::string_view y, std::string name) {
  return line_with(
      readings, x, y, std::move(name),
      [](double at, const std::vector<double>& values) { return mean_point(at, values); });
}

Line geometric_line(const Readings& readings, std::string_view x, std::string_view y,
                    std::string name) {
  return line_with(readings, x, y, std::move(name),
                   [](double at, const std::vector<double>& values) {
                     std::vector<double> logarithms;
                     for (const double v : values) logarithms.push_back(std::log(v));
                     const Point p = mean_point(at, logarithms);
                     return Point{at, std::exp(p.y), std::exp(p.low), std::exp(p.high)};
                   });
}

void Listed::add(std::string_view name, double value, int digits) {
  text_ += fmt::format("{}{} {:.{}f}", text_.empty() ? "" : "; ", name, value, digits);
}

std::string intervals_over(const Scope& scope) {
  return fmt::format("95 % intervals over {} seeds", scope.seeds);
}

}  // namespace actfn::lab::experiments
