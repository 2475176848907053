// SPDX-License-Identifier: Apache-2.0
// Means over standard normal inputs, as integrals.
#pragma once

#include <functional>
#include <span>

namespace actfn::lab {

// The mean of f(x) for x from N(0, 1), to 1e-9 where f grows like a polynomial; NaN where f has no
// number somewhere. Between `breaks`, in order, and whole numbers, f is smooth.
double normal_mean(const std::function<double(double)>& f, std::span<const double> breaks = {});

struct Moments {
  double mean = 0;
  double variance = 0;
  double square() const { return mean * mean + variance; }  // the mean of the squares
};

// Of f(x) for x from N(0, variance): what a layer's outputs have, whose weights have the sum 0 and
// the sum of squares 1, where its inputs have this variance.
Moments moments_after(const std::function<double(double)>& f, double variance,
                      std::span<const double> breaks = {});

// The derivatives of both by the variance, at 1, for f's derivative.
Moments moments_slope(const std::function<double(double)>& f,
                      const std::function<double(double)>& derivative,
                      std::span<const double> breaks = {});

}  // namespace actfn::lab
