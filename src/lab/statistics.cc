// SPDX-License-Identifier: Apache-2.0
#include "lab/statistics.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <numeric>

namespace actfn::lab {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct Moments {
  double mean;
  double error;  // standard error of the mean
};

Moments moments_of(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  // Equal values have no spread, whatever the rounding of their mean says.
  if (std::ranges::adjacent_find(values, std::not_equal_to<>()) == values.end()) {
    return {values.empty() ? kNan : values[0], 0};
  }
  const double mean = sum / n;
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  return {mean, std::sqrt(squares / (n - 1) / n)};
}

boost::math::students_t student(std::size_t values) { return {static_cast<double>(values - 1)}; }

Interval interval_of(const Moments& m, std::size_t values) {
  if (values < 2) return {kNan, kNan};
  const double reach =
      m.error == 0 ? 0 : m.error * quantile(student(values), (1 + kConfidence) / 2);
  return {m.mean - reach, m.mean + reach};
}

double p_of(const Moments& m, std::size_t values) {
  if (values < 2 || m.mean == 0) return 1;
  if (m.error == 0) return 0;
  return 2 * cdf(complement(student(values), std::abs(m.mean) / m.error));
}

}  // namespace

Interval mean_interval(std::span<const double> values) {
  return interval_of(moments_of(values), values.size());
}

PairedDifference paired_difference(std::span<const double> a, std::span<const double> b) {
  PairedDifference result;
  result.pairs = std::min(a.size(), b.size());
  std::vector<double> differences(result.pairs);
  for (std::size_t i = 0; i < result.pairs; ++i) {
    differences[i] = a[i] - b[i];
    if (a[i] > b[i]) ++result.higher;
    if (a[i] == b[i]) ++result.level;
  }
  const Moments m = moments_of(differences);
  result.mean = m.mean;
  result.interval = interval_of(m, result.pairs);
  result.p = p_of(m, result.pairs);
  return result;
}

std::vector<double> holm(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p[i]; });
  std::vector<double> adjusted(p.size());
  double most = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const auto left = static_cast<double>(order.size() - rank);
    most = std::max(most, std::min(1.0, left * p[order[rank]]));
    adjusted[order[rank]] = most;
  }
  return adjusted;
}

}  // namespace actfn::lab
