// SPDX-License-Identifier: Apache-2.0
#include "lab/properties_kinds.h"

#include "catalogue/lists.h"
#include "lab/evaluate.h"
#include "lab/experiments/draws.h"

#include <boost/math/quadrature/gauss.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <numeric>
#include <span>
#include <vector>

namespace actfn::lab {
namespace {

using Values = std::vector<double>;
using experiments::NormalDraws;

constexpr std::uint64_t kSeed = 1;
constexpr std::size_t kDraws = std::size_t{1} << 16U;

Values of_row(const Function& f, const Values& x) { return evaluate<double>(f, x, x.size()); }

Values drawn(NormalDraws& draws, std::size_t count, double scale = 1) {
  Values x(count);
  for (double& v : x) v = scale * draws.normal();
  return x;
}

bool same(const Values& a, const Values& b) {
  return std::ranges::equal(a, b, [](double x, double y) {
    return std::fabs(x - y) <= 1e-9 * std::max({1.0, std::fabs(x), std::fabs(y)});
  });
}

double share_of_zeros(const Values& y) {
  return static_cast<double>(std::ranges::count(y, 0.0)) / static_cast<double>(y.size());
}

// What holds for all rows so far.
struct Habits {
  bool stay = true, follow = true, any_order = true;

  void see(const Function& f, const Values& x, const Values& y) {
    constexpr double kShift = 0.75;
    Values moved = x;
    for (double& v : moved) v += kShift;
    Values raised = y;
    for (double& v : raised) v += kShift;
    const Values after = of_row(f, moved);
    stay = stay && same(after, y);
    follow = follow && same(after, raised);
    Values turned = x;
    std::ranges::rotate(turned, turned.begin() + 1);
    Values wanted = y;
    std::ranges::rotate(wanted, wanted.begin() + (y.size() > 1 ? 1 : 0));
    any_order = any_order && same(of_row(f, turned), wanted);
  }
};

// Nodes and weights of integrals over N(0, 1), between whole numbers.
struct Rule {
  Values x, weight;

  Rule() {
    using Gauss = boost::math::quadrature::gauss<double, 10>;
    constexpr int kReach = 9;
    for (int left = -kReach; left < kReach; ++left) {
      for (std::size_t i = 0; i < Gauss::abscissa().size(); ++i) {
        for (const double sign : {-1.0, 1.0}) {
          const double at = left + 0.5 + sign * Gauss::abscissa()[i] / 2;
          x.push_back(at);
          const double density = std::exp(-at * at / 2) / std::sqrt(2 * std::numbers::pi);
          weight.push_back(Gauss::weights()[i] / 2 * density);
        }
      }
    }
  }
};

double gate_at(const Function& f, double a, double b) { return of_row(f, {a, b}).front(); }

bool is_linear(const Function& f, bool in_first) {
  constexpr double kFactor = -2;
  for (const double a : {-3.0, -0.4, 0.7, 12.0}) {
    for (const double b : {-9.0, -0.3, 1.1, 8.0}) {
      const double y = gate_at(f, a, b);
      const double scaled = in_first ? gate_at(f, kFactor * a, b) : gate_at(f, a, kFactor * b);
      if (std::fabs(scaled - kFactor * y) > 1e-12 * std::max(1.0, std::fabs(y))) return false;
    }
  }
  return true;
}

bool stays_small(const Function& f) {
  constexpr double kFar = 1e6;
  for (const double a : {-kFar, 1.0, kFar}) {
    for (const double b : {-kFar, 1.0, kFar}) {
      if (std::fabs(gate_at(f, a, b)) >= kFar / 2) return false;
    }
  }
  return true;
}

DrawnMoments moments_of(const Values& y) {
  const auto n = static_cast<double>(y.size());
  DrawnMoments found;
  const double mean = std::accumulate(y.begin(), y.end(), 0.0) / n;
  double squares = 0;
  double fourths = 0;
  for (const double v : y) {
    const double square = (v - mean) * (v - mean);
    squares += square;
    fourths += square * square;
  }
  const double variance = squares / n;
  found.moments = {mean, variance};
  found.error_of_mean = std::sqrt(variance / n);
  found.error_of_variance = std::sqrt(std::max(0.0, fourths / n - variance * variance) / n);
  found.share_of_zeros = share_of_zeros(y);
  return found;
}

}  // namespace

RowProperties row_properties_of(const Function& f) {
  constexpr std::size_t kShortest = 2;
  constexpr std::size_t kLongest = 20;
  NormalDraws draws(kSeed);
  RowProperties p;
  p.one_number = output_shape(f, {kLongest}) == Shape{1};
  p.low = p.least_sum = std::numeric_limits<double>::infinity();
  p.high = p.greatest_sum = -p.low;
  Habits habits;
  for (std::size_t n = kShortest; n <= kLongest; ++n) {
    for (const double scale : {1.0, 10.0, 100.0}) {
      const Values x = drawn(draws, n, scale);
      const Values y = of_row(f, x);
      const auto [low, high] = std::ranges::minmax(y);
      const double sum = std::accumulate(y.begin(), y.end(), 0.0);
      p.low = std::min(p.low, low);
      p.high = std::max(p.high, high);
      p.least_sum = std::min(p.least_sum, sum);
      p.greatest_sum = std::max(p.greatest_sum, sum);
      habits.see(f, x, y);
    }
  }
  p.shift = habits.stay     ? RowProperties::Shift::stay
            : habits.follow ? RowProperties::Shift::follow
                            : RowProperties::Shift::change;
  p.any_order = habits.any_order;
  constexpr std::size_t kRow = 10;
  p.share_of_zeros = share_of_zeros(evaluate<double>(f, drawn(draws, 1000 * kRow), kRow));
  return p;
}

GateProperties gate_properties_of(const Function& f) {
  static const Rule rule;
  Values pairs;
  for (const double a : rule.x) {
    for (const double b : rule.x) pairs.insert(pairs.end(), {a, b});
  }
  const Values y = evaluate<double>(f, pairs, 2);
  GateProperties p;
  double square = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double w = rule.weight[i / rule.x.size()] * rule.weight[i % rule.x.size()];
    p.normal.mean += w * y[i];
    square += w * y[i] * y[i];
    if (y[i] == 0) p.share_of_zeros += w;
  }
  p.normal.variance = square - p.normal.mean * p.normal.mean;
  p.gain = 1 / std::sqrt(square);
  p.bounded = stays_small(f);
  p.linear_in_a = is_linear(f, true);
  p.linear_in_b = is_linear(f, false);
  return p;
}

std::optional<DrawnMoments> training_moments_of(const Function& f) {
  if (!std::holds_alternative<RandomActivation>(f)) return std::nullopt;
  NormalDraws draws(kSeed);
  const Values x = drawn(draws, kDraws);
  return moments_of(evaluate<double>(f, x, x.size(), {.order = 0, .seed = kSeed}));
}

DrawnMoments grouped_moments_of(const Function& f) {
  NormalDraws draws(kSeed);
  const std::size_t group = std::max<std::size_t>(1, functions::lengths_of(f).x);
  return moments_of(evaluate<double>(f, drawn(draws, kDraws / group * group), group));
}

}  // namespace actfn::lab
