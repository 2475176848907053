// SPDX-License-Identifier: Apache-2.0
// The row functions to test with, and what tests must know of any of them: all of it follows from
// the catalogue and from the definitions.
#pragma once

#include <actfn/rows.h>

#include <limits>
#include <random>
#include <vector>

#include "elements.h"
#include "instances.h"
#include "oracle/rows.h"
#include "uniform.h"

namespace actfn::testing {

using oracle::Row;

inline std::vector<RowActivation> row_activations() {
  const std::vector<std::string_view> values = {"-2", "0.5", "0.75", "1", "1.25", "2", "3"};
  return instances_by<RowActivation>([&](const ParameterInfo&) { return values; });
}

// What an entry must be to take no part: +inf where smaller entries give larger results.
inline double excluded_by(const RowActivation& f) {
  const Row y = oracle::row_values(f, {1, 0});
  const double infinity = std::numeric_limits<double>::infinity();
  return y[0] >= y[1] ? -infinity : infinity;
}

// What such an entry gives: 0, or -inf of a logarithm.
inline double result_of_excluded(const RowActivation& f) {
  const long double far = excluded_by(f) < 0 ? -1e6L : 1e6L;
  return oracle::row_values(f, {0, far})[1] == 0 ? 0 : -std::numeric_limits<double>::infinity();
}

// n numbers of a normal distribution.
template <Element T>
std::vector<T> normal_row(std::size_t n, double center, double spread, unsigned seed) {
  std::mt19937_64 random(seed);
  const Normal normal(center, spread);
  std::vector<T> x(n);
  for (T& v : x) v = as<T>(normal(random));
  return x;
}

// In the oracle's type.
template <Element T>
Row widened(const std::vector<T>& x) {
  Row z;
  for (const T v : x) z.push_back(static_cast<long double>(v));
  return z;
}

}  // namespace actfn::testing
