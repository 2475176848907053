// SPDX-License-Identifier: Apache-2.0
#include "lab/properties_pieces.h"

#include "oracle/oracle.h"

#include <actfn/elementwise.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

namespace actfn::lab {
namespace {

constexpr double kInf = HUGE_VAL;
constexpr double kBeside = 1e-13;  // relative; absolute below 1
constexpr double kRounding = 1e-11;

using oracle::Piece;

// Breaks are numbers that somebody wrote down, or are computed of those: short ones win.
double short_number(double x) {
  if (std::fabs(x) < 1e-12) return 0;
  const double rounded = std::stod(fmt::format("{:.12g}", x));
  const bool near = std::fabs(rounded - x) <= 1e-13 * std::fabs(x);
  return near ? rounded : x;
}

// Between two x on different pieces; a third piece between them may be missed.
double break_between(const Activation& f, double low, double high) {
  const auto way = oracle::piece_at(f, low).way;
  constexpr double kSmallest = 1e-13;  // nearer to 0 is 0
  while (std::max(std::fabs(low), std::fabs(high)) > kSmallest) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    (oracle::piece_at(f, middle).way == way ? low : high) = middle;
  }
  return short_number(low + (high - low) / 2);
}

// What holds at a few places inside of it holds on all of it: it has one formula.
Stretch stretch_between(const Activation& f, double low, double high) {
  Stretch s{low, high, true, true};
  const double first = std::max(low, std::min(-8.0, high - 8));
  const double last = std::min(high, std::max(8.0, low + 8));
  for (const double part : {0.19, 0.43, 0.77}) {
    const Piece piece = oracle::piece_at(f, first + part * (last - first));
    s.flat = s.flat && piece.flat;
    s.straight = s.straight && piece.straight;
  }
  return s;
}

double at_order(const Activation& f, int order, double x) {
  double y = 0;
  const std::span<const double> in(&x, 1);
  const std::span<double> out(&y, 1);
  if (order == 0) {
    forward(f, in, out);
  } else if (order == 1) {
    derivative(f, in, out);
  } else {
    second_derivative(f, in, out);
  }
  return y;
}

// f''' from one side, by a difference.
double third(const Activation& f, double x, double step) {
  return (at_order(f, 2, x + 2 * step) - at_order(f, 2, x + step)) / step;
}

// What a derivative differs by from one side of x to the other.
double step_at(const Activation& f, int order, double x, double apart) {
  if (order > 2) return third(f, x, apart) - third(f, x, -apart);
  return at_order(f, order, x + apart) - at_order(f, order, x - apart);
}

// A jump stays as it is where both sides come nearer, a slope does not.
std::optional<Jump> jump_at(const Activation& f, double x) {
  constexpr double kThird = 1e-5;  // differences of f'' need room
  constexpr double kNearer = 16;
  for (int order = 0; order <= 3; ++order) {
    const double apart = order > 2 ? kThird : just_above(x) - x;
    const double scale = std::max(1.0, std::fabs(at_order(f, std::min(order, 2), x + apart)));
    const double size = step_at(f, order, x, apart);
    const double nearer = step_at(f, order, x, apart / kNearer);
    const double least = (order > 2 ? 1e-6 : kRounding) * scale;
    if (std::isfinite(size) && std::fabs(size) > least && std::fabs(nearer) > std::fabs(size) / 2) {
      return Jump{x, order, size};
    }
  }
  return std::nullopt;
}

}  // namespace

double just_below(double x) { return x - kBeside * std::max(1.0, std::fabs(x)); }
double just_above(double x) { return x + kBeside * std::max(1.0, std::fabs(x)); }

double inside_of(const Stretch& s, double part) {
  if (std::isfinite(s.low) && std::isfinite(s.high)) return s.low + part * (s.high - s.low);
  if (std::isfinite(s.low)) return s.low + part;
  return std::isfinite(s.high) ? s.high - part : part;
}

std::vector<double> places_to_look() {
  std::vector<double> x = {0};
  constexpr int kPerOctave = 24;
  for (int i = -30 * kPerOctave; i <= 40 * kPerOctave; ++i) {
    x.push_back(std::exp2(static_cast<double>(i) / kPerOctave));
  }
  constexpr int kPerUnit = 32;
  for (int i = 1; i <= 16 * kPerUnit; ++i) x.push_back(static_cast<double>(i) / kPerUnit);
  const std::size_t positive = x.size();
  for (std::size_t i = 1; i < positive; ++i) x.push_back(-x[i]);
  std::ranges::sort(x);
  x.erase(std::ranges::unique(x).begin(), x.end());
  return x;
}

std::vector<Stretch> stretches_of(const Activation& f, double domain) {
  // The definition in many bits takes its time: a part of the places is enough for it.
  constexpr std::size_t kEach = 12;
  const std::vector<double> all = places_to_look();
  std::vector<double> cuts = {domain};
  std::optional<std::pair<double, std::vector<bool>>> last;
  for (std::size_t i = 0; i < all.size(); i += kEach) {
    if (all[i] < domain) continue;
    auto way = oracle::piece_at(f, all[i]).way;
    if (last && last->second != way) {
      const double cut = break_between(f, last->first, all[i]);
      if (cut > cuts.back()) cuts.push_back(cut);
    }
    last = {all[i], std::move(way)};
  }
  cuts.push_back(kInf);
  std::vector<Stretch> stretches;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    stretches.push_back(stretch_between(f, cuts[i], cuts[i + 1]));
  }
  return stretches;
}

std::vector<Jump> jumps_of(const Activation& f, const std::vector<Stretch>& stretches) {
  // Roots and absolute values of a definition without pieces break at 0, if anywhere.
  std::vector<double> places;
  if (stretches.front().low < 0) places.push_back(0);
  for (const Stretch& s : stretches) {
    if (std::isfinite(s.low) && std::ranges::find(places, s.low) == places.end()) {
      places.push_back(s.low);
    }
  }
  std::ranges::sort(places);
  std::vector<Jump> jumps;
  for (const double x : places) {
    if (const auto jump = jump_at(f, x)) jumps.push_back(*jump);
  }
  return jumps;
}

}  // namespace actfn::lab
