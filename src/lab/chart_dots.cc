// SPDX-License-Identifier: Apache-2.0
#include "lab/chart_parts.h"
#include "lab/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace actfn::lab::charts {
namespace {

using report::coordinate;

constexpr double kBelow = 52;
constexpr double kRow = 26;
constexpr double kLegend = 24;

std::vector<double> values(const Chart& chart) {
  std::vector<double> all;
  for (const Line& line : chart.lines) {
    for (const Point& p : line.points) {
      for (const double v : {p.y, p.low, p.high}) all.push_back(v);
    }
  }
  for (const Mark& mark : chart.marks) all.push_back(mark.at);
  return all;
}

Scales scales_of(const Chart& chart) {
  std::size_t longest = 0;
  for (const std::string& name : chart.names) longest = std::max(longest, report::width(name));
  Frame frame{.left = 20 + kLetter * static_cast<double>(longest)};
  frame.top = chart.lines.size() > 1 ? frame.top + kLegend : frame.top;
  frame.top += chart.marks.empty() ? 0 : 12;
  frame.height = kRow * static_cast<double>(chart.names.size());
  report::Scale rows;
  rows.low = static_cast<double>(chart.names.size()) - 0.5;  // the first row is at the top
  rows.high = -0.5;
  rows.height = frame.height;
  return {scale_of(chart.x, values(chart), frame.width()), rows, frame};
}

std::string side(const Chart& chart, const Scales& scales) {
  std::string out;
  for (std::size_t i = 0; i < chart.names.size(); ++i) {
    const double y = scales.down(static_cast<double>(i));
    out += fmt::format(R"(<path class="grid" d="M{} {}H{}"/>)", coordinate(scales.frame.left),
                       coordinate(y), coordinate(scales.frame.right));
    out += text(scales.frame.left - kTickGap, y + 4, "name end", chart.names[i]);
  }
  return out;
}

// Rows with several values have them a little above each other.
double shift(const Chart& chart, const Line& line, double row) {
  std::size_t count = 0;
  std::size_t before = 0;  // above this one
  for (const Line& other : chart.lines) {
    if (&other == &line) before = count;
    if (std::ranges::find(other.points, row, &Point::x) != other.points.end()) ++count;
  }
  const auto places = static_cast<double>(count);
  return (static_cast<double>(before) - (places - 1) / 2) * std::min(8.0, kRow / (places + 1));
}

std::string dot(const Chart& chart, const Scales& scales, const Point& p, const report::Look& look,
                double shift) {
  if (!std::isfinite(p.y) || (chart.x.log && p.y <= 0)) return "";
  const double y = scales.down(p.x) + shift;
  std::string out;
  if (std::isfinite(p.low) && std::isfinite(p.high)) {
    const double least = chart.x.log ? std::max(p.low, scales.x.low) : p.low;
    out = fmt::format(R"(<path class="range" d="M{} {}H{}"/>)", coordinate(scales.across(least)),
                      coordinate(y), coordinate(scales.across(p.high)));
  }
  return out + report::marker(look, coordinate(scales.across(p.y)), y);
}

std::string legend(const Chart& chart, const std::vector<report::Look>& looks, double left) {
  std::string out;
  for (std::size_t i = 0; i < chart.lines.size() && chart.lines.size() > 1; ++i) {
    const std::string& name = chart.lines[i].name;
    out += series(looks[i], report::marker(looks[i], coordinate(left + 5), 12) +
                                text(left + 15, 16, "name", name));
    left += 34 + kLetter * static_cast<double>(report::width(name));
  }
  return out;
}

}  // namespace

Drawing draw_dots(const Chart& chart) {
  const Scales scales = scales_of(chart);
  const std::vector<report::Look> looks = looks_of(chart);
  std::string body = legend(chart, looks, scales.frame.left) + side(chart, scales);
  body += x_axis(scales, chart.x);
  for (const Mark& mark : chart.marks) {
    const double x = scales.across(mark.at);
    const bool left = x > scales.frame.left + scales.frame.width() / 2;
    body += fmt::format(R"(<path class="mark" d="M{} {}V{}"/>)", coordinate(x),
                        coordinate(scales.frame.top - 4), coordinate(scales.frame.bottom()));
    body += text(x + (left ? 4 : -4), scales.frame.top - 8, left ? "said end" : "said", mark.label);
  }
  for (std::size_t i = 0; i < chart.lines.size(); ++i) {
    std::string content;
    for (const Point& p : chart.lines[i].points) {
      content += dot(chart, scales, p, looks[i], shift(chart, chart.lines[i], p.x));
    }
    body += series(looks[i], content);
  }
  return {body, scales.frame.bottom() + kBelow};
}

}  // namespace actfn::lab::charts
