// SPDX-License-Identifier: Apache-2.0
// Numbers for tests by a generator of <random>. The distributions of <random> differ by standard
// library, and take a long double's logarithm for each number in one.
#pragma once

#include <cmath>
#include <numbers>
#include <random>

namespace actfn::testing {

// Uniform from low to high.
class Uniform {
 public:
  Uniform(double low, double high) : low_(low), scale_((high - low) * 0x1p-32) {}
  double operator()(std::mt19937& random) const {
    return low_ + scale_ * (static_cast<double>(random()) + 0.5);
  }
  double operator()(std::mt19937_64& random) const {
    return low_ + scale_ * (static_cast<double>(random() >> 11U) * 0x1p-21 + 0x1p-22);
  }

 private:
  double low_, scale_;
};

// Box & Muller 1958.
class Normal {
 public:
  Normal(double mean, double deviation) : mean_(mean), deviation_(deviation) {}
  template <class Generator>
  double operator()(Generator& random) const {
    const Uniform unit(0, 1);
    const double radius = std::sqrt(-2 * std::log(unit(random)));
    return mean_ + deviation_ * radius * std::cos(2 * std::numbers::pi * unit(random));
  }

 private:
  double mean_, deviation_;
};

}  // namespace actfn::testing
