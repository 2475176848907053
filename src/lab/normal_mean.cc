// SPDX-License-Identifier: Apache-2.0
#include "lab/normal_mean.h"

#include <boost/math/quadrature/gauss_kronrod.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace actfn::lab {
namespace {

constexpr int kReach = 12;         // beyond it is nothing that a double could hold beside the rest
constexpr int kMostPanels = 1000;  // more are not worth their time
constexpr double kTolerance = 1e-12;  // of the sum of sizes

using Function = std::function<double(double)>;

// An interval with its integral by 31 nodes, how far that may be off, and the integral of sizes.
struct Panel {
  double low, high;
  double value = 0, error = 0, size = 0;

  Panel(const Function& f, double from, double to) : low(from), high(to) {
    using Rule = boost::math::quadrature::gauss_kronrod<double, 31>;
    const double middle = (low + high) / 2;
    const double half = (high - low) / 2;
    const auto mapped = [&](double t) { return f(middle + half * t); };
    value = half * Rule::integrate(mapped, -1, 1, 0, 0, &error, &size);
    error *= half;
    size *= half;
  }
};

// Halves it until the parts are exact enough. `left` is how many parts there may be yet.
double refined(const Function& f, const Panel& panel, double tolerance, int& left) {
  if (!(panel.error > tolerance) || left <= 0) return panel.value;
  left -= 2;
  const double middle = (panel.low + panel.high) / 2;
  const double first = refined(f, {f, panel.low, middle}, tolerance / 2, left);
  return first + refined(f, {f, middle, panel.high}, tolerance / 2, left);
}

std::vector<double> knots_of(std::span<const double> breaks) {
  std::vector<double> knots(breaks.begin(), breaks.end());
  for (int x = -kReach; x <= kReach; ++x) knots.push_back(x);
  std::erase_if(knots, [](double x) { return !(std::fabs(x) <= kReach); });
  std::ranges::sort(knots);
  // Between knots that are next to equal, nothing but rounding would be integrated.
  const auto same = [](double a, double b) { return b - a < 1e-9; };
  knots.erase(std::ranges::unique(knots, same).begin(), knots.end());
  return knots;
}

}  // namespace

double normal_mean(const std::function<double(double)>& f, std::span<const double> breaks) {
  const Function integrand = [&](double x) { return f(x) * std::exp(-x * x / 2); };
  const std::vector<double> knots = knots_of(breaks);
  std::vector<Panel> panels;
  double size = 0;
  for (std::size_t i = 0; i + 1 < knots.size(); ++i) {
    panels.emplace_back(integrand, knots[i], knots[i + 1]);
    size += panels.back().size;
  }
  double sum = 0;
  int left = kMostPanels;
  for (const Panel& panel : panels) sum += refined(integrand, panel, kTolerance * size, left);
  return sum / std::sqrt(2 * std::numbers::pi);
}

Moments moments_after(const std::function<double(double)>& f, double variance,
                      std::span<const double> breaks) {
  const double s = std::sqrt(variance);
  std::vector<double> scaled(breaks.begin(), breaks.end());
  for (double& x : scaled) x /= s;
  const double mean = normal_mean([&](double z) { return f(s * z); }, scaled);
  // About the mean, so that nothing cancels.
  const auto off = [&](double z) { return f(s * z) - mean; };
  return {mean, normal_mean([&](double z) { return off(z) * off(z); }, scaled)};
}

// The derivatives of f(sqrt(v) z) by v are f'(z) z / 2.
Moments moments_slope(const std::function<double(double)>& f,
                      const std::function<double(double)>& derivative,
                      std::span<const double> breaks) {
  const auto slope = [&](double z) { return derivative(z) * z / 2; };
  const double mean = normal_mean(f, breaks);
  const double of_mean = normal_mean(slope, breaks);
  const double of_square = normal_mean([&](double z) { return 2 * f(z) * slope(z); }, breaks);
  return {of_mean, of_square - 2 * mean * of_mean};
}

}  // namespace actfn::lab
