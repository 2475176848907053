// SPDX-License-Identifier: Apache-2.0
// Intervals and tests of small samples.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace actfn::lab {

// The probability that an interval covers the truth.
inline constexpr double kConfidence = 0.95;

struct Interval {
  double low;
  double high;

  bool contains(double v) const { return low <= v && v <= high; }
};

// Of the mean of a normal distribution, from independent values, by Student's t. The bounds are
// NaN for fewer than two values, and both are the mean where all values are equal.
Interval mean_interval(std::span<const double> values);

// a - b, where a[i] and b[i] share all that is random in them but what is compared.
struct PairedDifference {
  std::size_t pairs = 0;
  std::size_t higher = 0;  // pairs with a > b
  std::size_t level = 0;   // pairs with a == b
  double mean = 0;         // NaN without a pair
  Interval interval{};     // of the mean: mean_interval()
  double p = 1;            // of |mean| or more, if the true mean is 0 (Student's t, two-sided)

  std::size_t lower() const { return pairs - higher - level; }
  // Half the width of the interval: differences below it cannot be seen.
  double resolution() const { return (interval.high - interval.low) / 2; }
};
PairedDifference paired_difference(std::span<const double> a, std::span<const double> b);

// The p of each of several tests, adjusted so that the probability of any false finding below
// alpha is at most alpha. Source: Holm 1979, Scandinavian Journal of Statistics 6(2).
std::vector<double> holm(std::span<const double> p);

}  // namespace actfn::lab
