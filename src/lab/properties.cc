// SPDX-License-Identifier: Apache-2.0
#include "lab/properties.h"

#include "lab/properties_pieces.h"

#include <actfn/elementwise.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <utility>

namespace actfn::lab {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
// Signs of what is smaller than this part of the largest are left to chance.
constexpr double kNothing = 1e-12;
constexpr std::size_t kMostFixed = 3;

using Values = std::vector<double>;
using Numbers = std::function<double(double)>;

// f at all places that are looked at, and beside breaks.
struct Look {
  const Activation& f;
  Values x, y, slope, bend;

  double value(double at) const { return evaluate(f, at); }
  double slope_at(double at) const { return evaluate_derivative(f, at); }
  double bend_at(double at) const {
    double y2 = 0;
    second_derivative(f, std::span<const double>(&at, 1), std::span<double>(&y2, 1));
    return y2;
  }
};

Look look_at(const Activation& f, const std::vector<Stretch>& stretches) {
  Look look{f, places_to_look(), {}, {}, {}};
  for (const Stretch& s : stretches) {
    if (!std::isfinite(s.low)) continue;
    look.x.insert(look.x.end(), {just_below(s.low), s.low, just_above(s.low)});
  }
  std::erase_if(look.x, [&](double x) { return x < stretches.front().low; });
  std::ranges::sort(look.x);
  for (Values* v : {&look.y, &look.slope, &look.bend}) v->resize(look.x.size());
  forward(f, look.x, look.y);
  derivative(f, look.x, look.slope);
  second_derivative(f, look.x, look.bend);
  return look;
}

double root_between(const Numbers& g, double low, double high) {
  const bool negative = g(low) < 0;
  for (int i = 0; i < 200; ++i) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    const double v = g(middle);
    if (v == 0) return middle;
    ((v < 0) == negative ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

// Where g changes its sign, but not from one side of a break to the other. Values at the places
// that are looked at; what is not above `least` counts as 0. The nearest to 0 are enough.
Values roots_of(const Look& look, const Values& values, const Numbers& g, double least = 0) {
  constexpr std::size_t kMost = 64;
  std::vector<std::pair<double, double>> brackets;
  std::optional<std::size_t> last;  // the last that is not 0
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double none = least * std::max(1.0, std::fabs(look.x[i]));
    if (!(std::fabs(values[i]) > none)) continue;
    const bool changes = last && (values[*last] < 0) != (values[i] < 0);
    if (changes && look.x[i] > just_above(just_above(just_above(look.x[*last])))) {
      brackets.emplace_back(look.x[*last], look.x[i]);
    }
    last = i;
  }
  std::ranges::sort(brackets, {}, [](const auto& b) { return std::fabs(b.first + b.second); });
  brackets.resize(std::min(brackets.size(), kMost));
  Values roots;
  for (const auto& [low, high] : brackets) roots.push_back(root_between(g, low, high));
  return roots;
}

double first_number(const Activation& f) {
  if (!std::isnan(evaluate(f, -1.0))) return -kInf;
  return 0;
}

// Of all values at critical points, breaks, on flat stretches (they are reached) and at infinity.
class Extremes {
 public:
  void reach(double x, double y) {
    take(low_, x, y, y < low_.value);
    take(high_, x, y, y > high_.value);
  }
  // A limit is a bound where it lies beyond what is reached.
  void approach(double y) {
    if (std::isnan(y)) return;
    if (y <= low_.value && !close(y, low_)) low_ = {y, false, {}};
    if (y >= high_.value && !close(y, high_)) high_ = {y, false, {}};
  }
  Bound low() const { return low_; }
  Bound high() const { return high_; }

 private:
  static bool close(double y, const Bound& b) {
    return b.reached && std::isfinite(y) &&
           std::fabs(y - b.value) <= kNothing * std::max(1.0, std::fabs(y));
  }
  static void take(Bound& bound, double x, double y, bool beyond) {
    if (!std::isfinite(y)) return;
    if (close(y, bound)) {
      if (bound.at && std::fabs(*bound.at - x) > 1e-9 * std::max(1.0, std::fabs(x))) bound.at = {};
      return;
    }
    if (beyond) bound = {y, true, x};
  }

  Bound low_{kInf, false, {}};
  Bound high_{-kInf, false, {}};
};

// Where values are reached for certain: at places of f, not where rounding has led to a limit.
void find_range(const Look& look, Properties& p) {
  Extremes found;
  for (const double x : roots_of(look, look.slope, [&](double v) { return look.slope_at(v); })) {
    found.reach(x, look.value(x));
  }
  for (const Stretch& s : p.stretches) {
    if (s.flat) {
      for (const double part : {0.3, 0.6})
        found.reach(inside_of(s, part), look.value(inside_of(s)));
    }
    if (!std::isfinite(s.low)) continue;
    found.reach(s.low, look.value(s.low));
    if (p.smooth_to() == -1) {  // limits beside a jump
      found.approach(look.value(just_above(s.low)));
      if (s.low > p.domain) found.approach(look.value(just_below(s.low)));
    }
  }
  for (const double x : {0.0, 1.0}) found.reach(x, look.value(x));
  found.approach(std::isfinite(p.domain) ? look.value(p.domain) : p.left);
  found.approach(p.right);
  p.low = found.low();
  p.high = found.high();
}

struct Signs {
  bool up = false, down = false;
  void add(double v, double least) {
    up |= v > least;
    down |= v < -least;
  }
};

// Of values where x is not far; what is nothing beside the largest of them may be rounding.
Signs signs_of(const Look& look, const Values& values) {
  constexpr double kFar = 1000;
  constexpr double kNear = 16;
  double largest = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::fabs(look.x[i]) > kNear || !std::isfinite(values[i])) continue;
    largest = std::max(largest, std::fabs(values[i]));
  }
  Signs signs;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::fabs(look.x[i]) <= kFar) signs.add(values[i], kNothing * largest);
  }
  return signs;
}

void find_trend(const Look& look, Properties& p) {
  Signs signs = signs_of(look, look.slope);
  for (const Jump& j : p.jumps) {
    if (j.order == 0) signs.add(j.size, kSmallJump);
  }
  const bool flat = std::ranges::any_of(p.stretches, [](const Stretch& s) { return s.flat; });
  if (signs.up && signs.down) {
    p.trend = Trend::none;
  } else if (signs.up) {
    p.trend = flat ? Trend::not_decreasing : Trend::increasing;
  } else if (signs.down) {
    p.trend = flat ? Trend::not_increasing : Trend::decreasing;
  } else {
    p.trend = Trend::constant;
  }
}

void find_bend(const Look& look, Properties& p) {
  Signs signs = signs_of(look, look.bend);
  bool broken = false;
  for (const Jump& j : p.jumps) {
    broken |= j.order == 0 && std::fabs(j.size) > kSmallJump;
    if (j.order == 1) signs.add(j.size, kSmallJump);
  }
  if (broken || (signs.up && signs.down)) return;
  p.bend = signs.up ? Bend::convex : signs.down ? Bend::concave : Bend::straight;
}

void find_symmetry(const Look& look, Properties& p) {
  if (std::isfinite(p.domain)) return;
  const double middle = look.value(0.0);
  bool even = true;
  bool point = true;
  for (const double x : look.x) {
    if (x <= 0 || x > 50) continue;
    const double here = look.value(x);
    const double there = look.value(-x);
    const double least = 1e-9 * std::max({1.0, std::fabs(here), std::fabs(there)});
    // Which side of a break is taken at the break itself is no matter.
    const bool at_break = std::ranges::any_of(
        p.stretches, [&](const Stretch& s) { return std::fabs(std::fabs(s.low) - x) < 1e-9; });
    if (at_break) continue;
    even = even && std::fabs(here - there) <= least;
    point = point && std::fabs(here + there - 2 * middle) <= least;
  }
  if (p.trend == Trend::constant) return;
  p.symmetry = even                   ? Symmetry::even
               : point && middle == 0 ? Symmetry::odd
               : point                ? Symmetry::point
                                      : Symmetry::none;
}

void find_slope(const Look& look, Properties& p) {
  if (p.smooth_to() == -1) {
    p.slope = {kInf, false, {}};
    return;
  }
  Extremes found;
  for (const double x : roots_of(look, look.bend, [&](double v) { return look.bend_at(v); })) {
    found.reach(x, std::fabs(look.slope_at(x)));
  }
  for (const Stretch& s : p.stretches) {
    if (s.straight) {
      const double slope = std::fabs(look.slope_at(inside_of(s)));
      for (const double part : {0.3, 0.6}) found.reach(inside_of(s, part), slope);
    }
    if (!std::isfinite(s.low)) continue;
    found.approach(std::fabs(look.slope_at(just_above(s.low))));
    if (s.low > p.domain) found.approach(std::fabs(look.slope_at(just_below(s.low))));
  }
  found.reach(0, std::fabs(look.slope_at(0.0)));
  found.approach(std::fabs(look.slope_at(p.domain)));
  found.approach(std::fabs(look.slope_at(kInf)));
  p.slope = found.high();
}

bool is_identity_on(const Look& look, const Stretch& s) {
  if (!s.straight || s.flat) return false;
  const double a = inside_of(s, 0.3);
  const double b = inside_of(s, 0.6);
  return look.value(a) == a && look.value(b) == b;
}

bool inside(const std::vector<Stretch>& all, double x) {
  return std::ranges::any_of(
      all, [&](const Stretch& s) { return x >= s.low - 1e-12 && x <= s.high + 1e-12; });
}

// Where f(x) may be x.
Values candidates(const Look& look, const std::vector<Stretch>& stretches, const Numbers& apart) {
  constexpr double kLeast = 1e-9;  // towards an asymptote nothing but rounding is left
  Values gap(look.x.size());
  Values gap_slope(look.x.size());
  for (std::size_t i = 0; i < look.x.size(); ++i) {
    gap[i] = look.y[i] - look.x[i];
    gap_slope[i] = look.slope[i] - 1;
  }
  Values all = {0};
  for (const double x : roots_of(look, gap, apart, kLeast)) all.push_back(x);
  // Where the curve only touches the diagonal.
  const Numbers nearing = [&](double x) { return look.slope_at(x) - 1; };
  for (const double x : roots_of(look, gap_slope, nearing, kLeast)) {
    if (std::fabs(apart(x)) <= kNothing * std::max(1.0, std::fabs(x))) all.push_back(x);
  }
  for (const Stretch& s : stretches) {
    if (std::isfinite(s.low)) all.push_back(s.low);
  }
  std::ranges::sort(all, {}, [](double x) { return std::fabs(x); });
  return all;
}

void find_fixed(const Look& look, Properties& p) {
  for (const Stretch& s : p.stretches) {
    if (is_identity_on(look, s)) p.fixed_stretches.push_back(s);
  }
  const Numbers apart = [&](double x) { return look.value(x) - x; };
  for (const double x : candidates(look, p.stretches, apart)) {
    const auto same = [&](double y) {
      return std::fabs(x - y) <= 1e-6 * std::max(1.0, std::fabs(x));
    };
    const bool near = std::fabs(apart(x)) <= 1e-9 * std::max(1.0, std::fabs(x));
    if (!near || x < p.domain || inside(p.fixed_stretches, x)) continue;
    if (std::ranges::any_of(p.fixed, same)) continue;
    p.more_fixed = p.fixed.size() == kMostFixed;
    if (p.more_fixed) break;
    p.fixed.push_back(x);
  }
  std::ranges::sort(p.fixed);
}

}  // namespace

bool Properties::bounded() const { return std::isfinite(low.value) && std::isfinite(high.value); }

std::optional<int> Properties::smooth_to() const {
  std::optional<int> to;
  for (const Jump& j : jumps) {
    if (std::fabs(j.size) < kSmallJump) continue;
    to = to ? std::min(*to, j.order - 1) : j.order - 1;
  }
  return to;
}

Properties properties_of(const Activation& f) {
  Properties p;
  p.domain = first_number(f);
  p.stretches = stretches_of(f, p.domain);
  p.jumps = jumps_of(f, p.stretches);
  p.left = evaluate(f, -kInf);
  p.right = evaluate(f, kInf);
  const Look look = look_at(f, p.stretches);
  find_range(look, p);
  find_trend(look, p);
  find_bend(look, p);
  find_symmetry(look, p);
  find_slope(look, p);
  find_fixed(look, p);
  add_shares(f, p);
  add_moments(f, p);
  return p;
}

}  // namespace actfn::lab
