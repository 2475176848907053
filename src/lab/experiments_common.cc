// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/common.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace actfn::lab::experiments {

std::vector<double> spaced(double low, double high, std::size_t count) {
  std::vector<double> x;
  const double last = static_cast<double>(count) - 1;
  for (std::size_t i = 0; i < count; ++i) {
    x.push_back(low + (high - low) * static_cast<double>(i) / last);
  }
  return x;
}

std::vector<double> spaced_by_ratio(double low, double high, std::size_t count) {
  std::vector<double> x = spaced(std::log(low), std::log(high), count);
  for (double& v : x) v = std::exp(v);
  return x;
}

Line curve(std::string_view name, const std::vector<double>& x,
           const std::function<double(double)>& f) {
  Line line{std::string(name), {}};
  for (const double v : x) line.points.push_back({v, f(v)});
  return line;
}

Line line_of(const Readings& readings, std::string_view x, std::string_view y, std::string name,
             std::size_t step) {
  const auto xs = readings.numbers(x);
  const auto ys = readings.numbers(y);
  Line line{std::move(name), {}};
  for (std::size_t i = 0; i < xs.size(); i += step) line.points.push_back({xs[i], ys[i]});
  return line;
}

Line sizes_of(const Readings& readings, std::string_view x, std::string_view y, std::string name,
              std::size_t step) {
  Line line = line_of(readings, x, y, std::move(name), step);
  for (Point& p : line.points) p.y = std::fabs(p.y);
  return line;
}

Line largest_of_pieces(const Readings& readings, std::string_view x, std::string_view y,
                       std::string name, std::size_t together, double least) {
  const auto xs = readings.numbers(x);
  const auto ys = readings.numbers(y);
  Line line{std::move(name), {}};
  for (std::size_t i = 0; i < xs.size(); i += together) {
    const std::size_t end = std::min(i + together, xs.size());
    double most = least;
    for (std::size_t k = i; k < end; ++k) most = std::max(most, ys[k]);
    line.points.push_back({xs[(i + end) / 2], most});
  }
  return line;
}

Point mean_point(double x, const std::vector<double>& values) {
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  const Interval interval = mean_interval(values);
  return {x, sum / static_cast<double>(values.size()), interval.low, interval.high};
}

}  // namespace actfn::lab::experiments
