// SPDX-License-Identifier: Apache-2.0
#include "lab/chart_parts.h"
#include "lab/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace actfn::lab::charts {
namespace {

using report::coordinate;

constexpr double kRow = 26;
constexpr double kHead = 34;
constexpr double kBelow = 34;
constexpr double kMostInk = 0.75;  // the text stays readable

// From -1 to 1, with 0 in the middle: on a logarithmic axis that is 1.
double shade(const Axis& axis, double value, double reach) {
  const double v = axis.log ? std::log10(value) : value;
  return std::isnan(v) ? 0 : std::clamp(v / reach, -1.0, 1.0);
}

double reach_of(const Chart& chart) {
  double reach = 0;
  for (const Line& line : chart.lines) {
    for (const Point& p : line.points) {
      const double v = std::fabs(chart.y.log ? std::log10(p.y) : p.y);
      if (std::isfinite(v)) reach = std::max(reach, v);
    }
  }
  const double most = chart.y.high ? *chart.y.high : reach;  // darker than that is nothing
  return std::max(1e-9, chart.y.log && chart.y.high ? std::log10(most) : most);
}

struct Grid {
  double left, cell;
  double x(double column) const { return left + column * cell; }
  static double y(std::size_t row) { return kHead + kRow * static_cast<double>(row); }
};

std::string number(double v, double room) {
  if (!std::isfinite(v)) return "–";
  const double size = std::fabs(v);
  if (size >= 100 && size < 1e5) return report::typeset(fmt::format("{:.0f}", v));
  const std::string two_digits = report::typeset(fmt::format("{:.2g}", v));
  const bool fits = kLetter * static_cast<double>(report::width(two_digits)) <= room;
  return fits ? two_digits : report::typeset(fmt::format("{:.1g}", v));
}

std::string one(const Chart& chart, const Grid& grid, std::size_t row, const Point& p,
                double reach) {
  const double ink = shade(chart.y, p.y, reach);
  std::string out = fmt::format(
      R"(<rect class="{}" x="{}" y="{}" width="{}" height="{}" fill-opacity="{:.2f}"/>)",
      ink < 0 ? "low" : "high", coordinate(grid.x(p.x)), coordinate(Grid::y(row)),
      coordinate(grid.cell - 2), coordinate(kRow - 2), kMostInk * std::fabs(ink));
  return out + text(grid.x(p.x) + grid.cell / 2, Grid::y(row) + kRow / 2 + 3, "value middle",
                    number(p.y, grid.cell - 2));
}

}  // namespace

Drawing draw_cells(const Chart& chart) {
  std::size_t longest = 0;
  for (const Line& line : chart.lines) longest = std::max(longest, report::width(line.name));
  Grid grid{20 + kLetter * static_cast<double>(longest), 0};
  const auto columns = static_cast<double>(std::max<std::size_t>(1, chart.names.size()));
  grid.cell = (kWidth - 8 - grid.left) / columns;
  std::string body = text(grid.left, 12, "label", chart.x.label);
  for (std::size_t i = 0; i < chart.names.size(); ++i) {
    body += text(grid.x(static_cast<double>(i)) + grid.cell / 2, kHead - 6, "tick middle",
                 chart.names[i]);
  }
  const double reach = reach_of(chart);
  for (std::size_t row = 0; row < chart.lines.size(); ++row) {
    body +=
        text(grid.left - kTickGap, Grid::y(row) + kRow / 2 + 3, "name end", chart.lines[row].name);
    for (const Point& p : chart.lines[row].points) body += one(chart, grid, row, p, reach);
  }
  const double bottom = Grid::y(chart.lines.size());
  return {body + text(grid.left, bottom + 18, "label", chart.y.label), bottom + kBelow};
}

}  // namespace actfn::lab::charts
