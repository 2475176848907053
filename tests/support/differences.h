// SPDX-License-Identifier: Apache-2.0
// Slopes by central differences.
#pragma once

#include <vector>

namespace actfn::testing {

// d loss / d x; loss reads x, which is then what it was.
template <class F>
double difference(double& x, const F& loss, double step) {
  const double before = x;
  x = before + step;
  const double above = loss();
  x = before - step;
  const double below = loss();
  x = before;
  return (above - below) / (2 * step);
}

template <class F>
std::vector<double> differences(std::vector<double>& x, const F& loss, double step = 0x1p-17) {
  std::vector<double> gradient;
  for (double& value : x) gradient.push_back(difference(value, loss, step));
  return gradient;
}

}  // namespace actfn::testing
