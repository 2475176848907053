// SPDX-License-Identifier: Apache-2.0
#include "lab/chart_parts.h"
#include "lab/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace actfn::lab::charts {
namespace {

using report::coordinate;

constexpr double kBelow = 52;           // ticks and the label of x
constexpr double kAbove = 30;           // the label of y
constexpr double kLabelGap = 15;        // between the names of lines
constexpr double kNameRoom = 30;        // between a line's end and its name, with the marker
constexpr std::size_t kFewPoints = 16;  // more have no markers
constexpr double kStep = 4;             // between the places of a line

std::vector<double> values(const Chart& chart, bool of_x) {
  std::vector<double> all;
  for (const Line& line : chart.lines) {
    for (const Point& p : line.points) {
      if (of_x) {
        all.push_back(p.x);
      } else {
        for (const double v : {p.y, p.low, p.high}) all.push_back(v);
      }
    }
  }
  for (const Mark& mark : chart.marks) {
    if (mark.vertical == of_x) all.push_back(mark.at);
  }
  return all;
}

Scales scales_of(const Chart& chart) {
  std::size_t longest = 0;
  for (const Line& line : chart.lines) longest = std::max(longest, report::width(line.name));
  Frame frame{.top = kAbove};
  frame.right = chart.width - kNameRoom - kLetter * static_cast<double>(longest);
  frame.height = std::max(chart.height, kLabelGap * static_cast<double>(chart.lines.size()));
  return {scale_of(chart.x, values(chart, true), frame.width()),
          scale_of(chart.y, values(chart, false), frame.height), frame};
}

bool drawn(const Chart& chart, const Point& p) {
  return std::isfinite(p.x) && std::isfinite(p.y) && (!chart.x.log || p.x > 0) &&
         (!chart.y.log || p.y > 0);
}

std::string at(const Scales& scales, double x, double y) {
  return coordinate(scales.across(x)) + " " + coordinate(scales.down(y));
}

std::string path(const Chart& chart, const Scales& scales, const Line& line) {
  std::string d;
  bool pen_down = false;
  for (const Point& p : line.points) {
    if (drawn(chart, p)) d += (pen_down ? "L" : "M") + at(scales, p.x, p.y);
    pen_down = drawn(chart, p);
  }
  return fmt::format(R"(<path class="line" d="{}"/>)", d);
}

std::string band(const Chart& chart, const Scales& scales, const Line& line) {
  std::vector<Point> with;
  for (const Point& p : line.points) {
    if (drawn(chart, p) && std::isfinite(p.low) && std::isfinite(p.high)) with.push_back(p);
  }
  if (with.size() < 2) return "";
  // What a logarithmic axis cannot show ends at the frame.
  const double least = chart.y.log ? scales.y.low : -double{INFINITY};
  std::string d;
  for (const Point& p : with) {
    d += (d.empty() ? "M" : "L") + at(scales, p.x, std::max(p.high, least));
  }
  std::ranges::reverse(with);
  for (const Point& p : with) d += "L" + at(scales, p.x, std::max(p.low, least));
  return fmt::format(R"(<path class="band" d="{}Z"/>)", d);
}

std::string dots(const Chart& chart, const Scales& scales, const Line& line,
                 const report::Look& look) {
  std::string out;
  if (line.points.size() > kFewPoints) return out;
  for (const Point& p : line.points) {
    if (!drawn(chart, p)) continue;
    out += report::marker(look, coordinate(scales.across(p.x)), scales.down(p.y));
  }
  return out;
}

// The point farthest to the right: lines may run from right to left.
const Point* end_of(const Chart& chart, const Line& line) {
  const Point* end = nullptr;
  for (const Point& p : line.points) {
    if (drawn(chart, p) && (end == nullptr || p.x >= end->x)) end = &p;
  }
  return end;
}

// Places along a line, a few pixels apart.
void add_places(const Chart& chart, const Scales& scales, const Line& line,
                std::vector<Place>& places) {
  const Point* before = nullptr;
  for (const Point& p : line.points) {
    const bool connected = before != nullptr && drawn(chart, *before);
    before = &p;
    if (!drawn(chart, p)) continue;
    const Place to{scales.across(p.x), scales.down(p.y)};
    const Place from = connected && !places.empty() ? places.back() : to;
    const double steps = 1 + std::floor(std::hypot(to.x - from.x, to.y - from.y) / kStep);
    for (double k = 1; k <= steps; ++k) {
      places.push_back({std::lerp(from.x, to.x, k / steps), std::lerp(from.y, to.y, k / steps)});
    }
  }
}

std::vector<Place> places_of(const Chart& chart, const Scales& scales) {
  std::vector<Place> places;
  for (const Line& line : chart.lines) add_places(chart, scales, line, places);
  return places;
}

// The lines' names where they end, moved apart.
std::string names(const Chart& chart, const Scales& scales,
                  const std::vector<report::Look>& looks) {
  std::vector<std::size_t> places;
  std::vector<double> wishes;
  for (std::size_t i = 0; i < chart.lines.size(); ++i) {
    const Point* end = end_of(chart, chart.lines[i]);
    if (end == nullptr) continue;
    places.push_back(i);
    wishes.push_back(scales.y.y(end->y));
  }
  const std::vector<double> heights = report::spread_labels(wishes, kLabelGap, scales.frame.height);
  std::string out;
  for (std::size_t n = 0; n < places.size(); ++n) {
    const Line& line = chart.lines[places[n]];
    const double from = scales.across(end_of(chart, line)->x);
    const double y = scales.frame.top + heights[n];
    const double x = scales.frame.right + 12;
    std::string content =
        fmt::format(R"(<path class="leader" d="M{} {}L{} {}"/>)", coordinate(from),
                    coordinate(scales.frame.top + wishes[n]), coordinate(x - 6), coordinate(y));
    content += report::marker(looks[places[n]], coordinate(x), y);
    out += series(looks[places[n]], content + text(x + 9, y + 4, "name", line.name));
  }
  return out;
}

}  // namespace

Drawing draw_lines(const Chart& chart) {
  const Scales scales = scales_of(chart);
  const std::vector<report::Look> looks = looks_of(chart);
  std::string body = y_axis(scales, chart.y) + x_axis(scales, chart.x);
  body += marks(scales, chart.marks);
  for (std::size_t i = 0; i < chart.lines.size(); ++i) {
    const Line& line = chart.lines[i];
    body += series(looks[i], band(chart, scales, line) + path(chart, scales, line) +
                                 dots(chart, scales, line, looks[i]));
  }
  body += mark_labels(scales, chart.marks, places_of(chart, scales)) + names(chart, scales, looks);
  return {body, scales.frame.bottom() + kBelow};
}

}  // namespace actfn::lab::charts
