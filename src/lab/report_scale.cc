// SPDX-License-Identifier: Apache-2.0
#include "lab/report_scale.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace actfn::lab::report {
namespace {

constexpr double kLogFromRatio = 5;
constexpr double kFewLeads = 4;  // below this ratio too few round numbers lie on a logarithmic axis
constexpr double kRoom = 0.04;   // share of the range left free above and below
constexpr int kTicks = 5;
constexpr int kEpochLabels = 8;
constexpr double kFarAway = 1e30;   // axes end here
constexpr double kNearest = 1e-60;  // where logarithmic ones begin, below all float32
constexpr double kOffPaper = 1e6;   // and pixels here

// The nearest of …, 1, 2, 5, 10, 20, … by ratio.
double round_step(double rough) {
  const double decade = std::pow(10, std::floor(std::log10(rough)));
  const double lead = rough / decade;
  if (lead < std::sqrt(2.0)) return decade;
  if (lead < std::sqrt(10.0)) return 2 * decade;
  return (lead < std::sqrt(50.0) ? 5 : 10) * decade;
}

std::vector<double> linear_ticks(double low, double high) {
  std::vector<double> ticks;
  const double step = round_step((high - low) / kTicks);
  for (double i = std::ceil(low / step); i * step <= high; ++i)
    ticks.push_back(i * step + 0.0);  // not -0
  return ticks;
}

// Within a decade: the more decades, the fewer.
std::vector<double> leads(double decades) {
  if (decades < 1.5) return {1, 1.5, 2, 3, 5, 7};
  if (decades < 3) return {1, 2, 5};
  return {1};
}

std::vector<double> log_ticks(double low, double high) {
  std::vector<double> ticks;
  if (high / low < kFewLeads) return linear_ticks(low, high);
  const double decades = std::log10(high / low);
  const double stride = std::max(1.0, std::ceil(decades / kTicks));
  const double first = std::floor(std::log10(low));
  for (int i = 0; i <= kTicks; ++i) {
    for (const double lead : leads(decades)) {
      const double tick = lead * std::pow(10, first + i * stride);
      if (tick >= low && tick <= high) ticks.push_back(tick);
    }
  }
  return ticks;
}

// Of positive values.
Scale log_scale(double least, double most, double height) {
  const double low = std::clamp(least, kNearest, kFarAway);
  // A single value still needs an axis with some length.
  const double high = std::clamp(most, 1.001 * low, 1.001 * kFarAway);
  const double room = std::pow(high / low, kRoom);
  return {low / room, high * room, true, height, false};
}

struct Cluster {
  double centre;
  std::size_t first;
  std::size_t size;
};

double half(const Cluster& c, double gap) { return gap * static_cast<double>(c.size - 1) / 2; }

Cluster merged(const Cluster& a, const Cluster& b, double gap) {
  // Each member wishes to stand where it stood; the mean of the wishes minimises the moves.
  const auto na = static_cast<double>(a.size);
  const auto nb = static_cast<double>(b.size);
  const double shift_a = gap * nb / 2;
  const double shift_b = gap * na / 2;
  const double centre = (na * (a.centre + shift_a) + nb * (b.centre - shift_b)) / (na + nb);
  return {centre, a.first, a.size + b.size};
}

void keep_inside(Cluster& c, double gap, double height) {
  const double room = half(c, gap);
  c.centre = std::max(room, std::min(height - room, c.centre));
}

}  // namespace

double Scale::y(double v) const {
  const double at = of_errors ? 1 - v : v;
  const double share = log ? std::log(at / low) / std::log(high / low) : (at - low) / (high - low);
  return height * (of_errors ? share : 1 - share);
}

std::vector<double> Scale::ticks() const {
  std::vector<double> ticks = log ? log_ticks(low, high) : linear_ticks(low, high);
  for (double& tick : ticks) tick = of_errors ? 1 - tick : tick;
  return ticks;
}

bool spans_much(const std::vector<double>& values) {
  if (values.empty()) return false;
  const auto [least, most] = std::ranges::minmax(values);
  return least > 0 && std::min(most, kFarAway) / std::min(least, kFarAway) > kLogFromRatio;
}

Scale curve_scale(const std::vector<double>& values, bool loss, bool log, double height) {
  std::vector<double> ends = values;
  for (double& v : ends) v = loss ? v : 1 - v;
  const bool possible = log && !ends.empty() && std::ranges::min(ends) > 0;
  if (!possible) return scale_for(values, false, height);
  Scale scale = log_scale(std::ranges::min(ends), std::ranges::max(ends), height);
  scale.of_errors = !loss;
  return scale;
}

Scale scale_for(const std::vector<double>& values, bool may_be_log, double height) {
  if (values.empty()) return {0, 1, false, height, false};
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  if (may_be_log && spans_much(values)) return log_scale(*least, *most, height);
  const double low = std::clamp(*least, -kFarAway, kFarAway);
  const double high = std::clamp(*most, -kFarAway, kFarAway);
  // A single value still needs an axis with some length.
  const double shortest = (high > low ? 1e-3 : 0.1) * std::fabs(high);
  const double reach = std::max({high - low, shortest, 1e-6}) * (0.5 + kRoom);
  const double middle = low + (high - low) / 2;
  return {middle - reach, middle + reach, false, height, false};
}

std::vector<int> epoch_ticks(int last) {
  if (last <= 0) return {0};
  const int step =
      std::max(1, static_cast<int>(round_step(static_cast<double>(last) / kEpochLabels)));
  std::vector<int> ticks = {0};
  for (int epoch = step; epoch < last; epoch += step) {
    if (last - epoch >= (step + 1) / 2) ticks.push_back(epoch);
  }
  ticks.push_back(last);
  return ticks;
}

std::vector<double> spread_labels(const std::vector<double>& wishes, double gap, double height) {
  std::vector<std::size_t> order(wishes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto above = [&](std::size_t a, std::size_t b) { return wishes[a] < wishes[b]; };
  std::stable_sort(order.begin(), order.end(), above);
  std::vector<Cluster> clusters;
  for (std::size_t i = 0; i < order.size(); ++i) {
    Cluster next{wishes[order[i]], i, 1};
    keep_inside(next, gap, height);
    while (!clusters.empty()) {
      const Cluster& before = clusters.back();
      if (next.centre - half(next, gap) - before.centre - half(before, gap) >= gap) break;
      next = merged(before, next, gap);
      clusters.pop_back();
      keep_inside(next, gap, height);
    }
    clusters.push_back(next);
  }
  std::vector<double> places(wishes.size());
  for (const Cluster& c : clusters) {
    for (std::size_t i = 0; i < c.size; ++i) {
      places[order[c.first + i]] = c.centre - half(c, gap) + gap * static_cast<double>(i);
    }
  }
  return places;
}

std::string coordinate(double x) {
  if (!std::isfinite(x)) x = 0;
  std::string text = fmt::format("{:.1f}", std::clamp(x, -kOffPaper, kOffPaper));
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text == "-0" ? "0" : text;
}

}  // namespace actfn::lab::report
