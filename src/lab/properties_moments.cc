// SPDX-License-Identifier: Apache-2.0
#include "lab/properties_pieces.h"

#include <actfn/elementwise.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

namespace actfn::lab {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

using Values = std::vector<double>;
using Numbers = std::function<double(double)>;

double share_below(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

Values breaks_of(const Properties& p) {
  Values breaks;
  for (const Stretch& s : p.stretches) {
    if (std::isfinite(s.low)) breaks.push_back(s.low);
  }
  return breaks;
}

// How much larger the variance behind a layer is than that before it, whose logarithm is given.
class Growth {
 public:
  Growth(Numbers f, Values breaks) : f_(std::move(f)), breaks_(std::move(breaks)) {}

  Moments after(double variance) const { return moments_after(f_, variance, breaks_); }
  double operator()(double log_variance) const {
    const double v = std::exp(log_variance);
    return after(v).variance / v - 1;
  }
  FixedVariance root_between(double low, double high) const {
    const bool shrinks = (*this)(low) < 0;
    for (int i = 0; i < 28; ++i) {
      const double middle = (low + high) / 2;
      (((*this)(middle) < 0) == shrinks ? low : high) = middle;
    }
    constexpr double kPart = 1e-4;
    const double v = std::exp((low + high) / 2);
    const double step = after(v * (1 + kPart)).variance - after(v * (1 - kPart)).variance;
    return {v, after(v).mean, step / (2 * kPart * v)};
  }

 private:
  Numbers f_;
  Values breaks_;
};

void find_fixed_variances(const Growth& growth, Properties& p) {
  constexpr double kFirst = -6.1;  // of ln(variance)
  constexpr double kStep = 0.75;
  constexpr int kSteps = 16;
  Values found;
  for (int i = 0; i <= kSteps; ++i) found.push_back(growth(kFirst + kStep * i));
  constexpr double kRounding = 1e-9;
  const auto [least, most] = std::ranges::minmax(found);
  if (std::max(-least, most) < kRounding) {
    p.drift = Drift::kept;
  } else if (most < kRounding) {
    p.drift = Drift::shrinks;
  } else if (least > -kRounding) {
    p.drift = Drift::grows;
  } else {
    for (int i = 0; i < kSteps; ++i) {
      const auto at = static_cast<std::size_t>(i);
      if (!(found[at] * found[at + 1] < 0)) continue;
      const double from = kFirst + kStep * i;
      p.fixed_variances.push_back(growth.root_between(from, from + kStep));
    }
  }
}

}  // namespace

void add_shares(const Activation& f, Properties& p) {
  for (const Stretch& s : p.stretches) {
    if (!s.flat) continue;
    const double share = share_below(s.high) - share_below(s.low);
    p.share_of_flat += share;
    if (evaluate(f, inside_of(s)) != 0) continue;
    p.zeros.push_back(s);
    p.share_of_zeros += share;
  }
}

void add_moments(const Activation& f, Properties& p) {
  const Values breaks = breaks_of(p);
  const Numbers value = [&](double x) { return evaluate(f, x); };
  if (std::isfinite(p.domain)) {
    p.normal = {kNan, kNan};
    p.square_of_slope = p.gain = kNan;
    return;
  }
  p.normal = moments_after(value, 1, breaks);
  p.gain = 1 / std::sqrt(p.normal.square());
  p.square_of_slope = normal_mean(
      [&](double x) {
        const double slope = evaluate_derivative(f, x);
        return slope * slope;
      },
      breaks);
  find_fixed_variances(Growth(value, breaks), p);
}

std::optional<double> pytorch_gain(const Activation& f) {
  if (std::holds_alternative<Sigmoid>(f) || std::holds_alternative<Identity>(f)) return 1.0;
  if (std::holds_alternative<Tanh>(f)) return 5.0 / 3;
  if (std::holds_alternative<Relu>(f)) return std::numbers::sqrt2;
  if (std::holds_alternative<Selu>(f)) return 0.75;
  if (const auto* const leaky = std::get_if<LeakyRelu>(&f)) {
    return std::sqrt(2 / (1 + leaky->negative_slope * leaky->negative_slope));
  }
  return std::nullopt;
}

}  // namespace actfn::lab
