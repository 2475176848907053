// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/seeds.h"

#include <algorithm>
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

void add_seeds(std::vector<Trial>& to, const Scope& scope, std::string_view name,
               const std::function<std::vector<Row>(int seed, const Materials&)>& measure) {
  for (int seed = 1; seed <= scope.seeds; ++seed) {
    to.push_back(
        {fmt::format("{}-seed-{}", name, seed),
         [measure, seed](const Materials& materials) { return measure(seed, materials); }});
  }
}

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double median(std::vector<double> values) {
  std::erase_if(values, [](double v) { return std::isnan(v); });
  if (values.empty()) return NAN;
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

int last_epoch(const Readings& kind) {
  return static_cast<int>(std::ranges::max(kind.numbers("epoch")));
}

std::vector<double> at_epoch(const Readings& kind, int epoch, std::string_view column) {
  return kind.where("epoch", epoch).numbers(column);
}

std::vector<double> at_end(const Readings& kind, std::string_view column) {
  return at_epoch(kind, last_epoch(kind), column);
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

Line median_line(const Readings& readings, std::string_view x, std::string_view y,
                 std::string name) {
  return line_with(readings, x, y, std::move(name),
                   [](double at, const std::vector<double>& values) {
                     const auto [least, most] = std::ranges::minmax(values);
                     return Point{at, median(values), least, most};
                   });
}

std::string ends_of(const Chart& chart) {
  std::string text;
  for (const Line& line : chart.lines) {
    text += fmt::format("{}{} {:.3f}", text.empty() ? "" : ", ", line.name, line.points.back().y);
  }
  return text;
}

void Listed::add(std::string_view name, double value, int digits) {
  text_ += fmt::format("{}{} {:.{}f}", text_.empty() ? "" : "; ", name, value, digits);
}

std::string intervals_over(const Scope& scope) {
  return fmt::format("95 % intervals over {} seeds", scope.seeds);
}

}  // namespace actfn::lab::experiments
