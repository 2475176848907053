// SPDX-License-Identifier: Apache-2.0
#include "lab/chart.h"
#include "lab/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace actfn::lab {
namespace {

using report::escape;
using report::typeset;

constexpr std::size_t kMostRows = 60;  // of a long line every second, third, … point is shown

std::string number(double v) {
  return std::isnan(v) ? "–" : escape(typeset(fmt::format("{:.5g}", v)));
}

std::string value(const Point& p) {
  if (!std::isfinite(p.low) || !std::isfinite(p.high)) return number(p.y);
  return fmt::format("{}<small>{} to {}</small>", number(p.y), number(p.low), number(p.high));
}

const Point* at(const Line& line, double x) {
  const auto found = std::ranges::find(line.points, x, &Point::x);
  return found == line.points.end() ? nullptr : &*found;
}

std::vector<double> rows_of(const Chart& chart) {
  std::vector<double> all;
  for (const Line& line : chart.lines) {
    for (const Point& p : line.points) all.push_back(p.x);
  }
  std::ranges::sort(all);
  const auto rest = std::ranges::unique(all);
  all.erase(rest.begin(), rest.end());
  const std::size_t step = all.size() / kMostRows + 1;
  std::vector<double> some;
  for (std::size_t i = 0; i < all.size(); i += step) some.push_back(all[i]);
  return some;
}

std::string name_of(const Chart& chart, double x) {
  const auto i = static_cast<std::size_t>(std::max(0.0, x));
  return chart.kind != Chart::Kind::lines && i < chart.names.size() ? escape(chart.names[i])
                                                                    : number(x);
}

std::string begin_table(const Chart& chart, const std::string& corner) {
  return fmt::format(R"(<table><caption>{}</caption><thead><tr><th scope="col">{}</th>)",
                     escape(chart.title), corner);
}

std::string head(const std::string& escaped) {
  return fmt::format(R"(<th scope="col">{}</th>)", escaped);
}

std::string begin_row(const std::string& escaped) {
  return fmt::format(R"(<tr><th scope="row">{}</th>)", escaped);
}

std::string cell_at(const Line& line, double x) {
  const Point* p = at(line, x);
  return "<td>" + (p == nullptr ? "–" : value(*p)) + "</td>";
}

constexpr std::string_view kEndOfHead = "</tr></thead><tbody>";
constexpr std::string_view kEndOfTable = "</tbody></table>";

// As the picture has it: there may be as many rows as there are activations.
std::string cells_table(const Chart& chart) {
  std::string out = begin_table(chart, escape(chart.x.label));
  for (const std::string& name : chart.names) out += head(escape(name));
  out += kEndOfHead;
  for (const Line& line : chart.lines) {
    out += begin_row(report::breakable(line.name));
    for (std::size_t i = 0; i < chart.names.size(); ++i) {
      out += cell_at(line, static_cast<double>(i));
    }
    out += "</tr>";
  }
  return out.append(kEndOfTable);
}

}  // namespace

std::string chart_table(const Chart& chart) {
  if (chart.kind == Chart::Kind::cells) return cells_table(chart);
  const bool named = chart.kind == Chart::Kind::dots;
  std::string out = begin_table(chart, named ? "" : escape(chart.x.label));
  for (const Line& line : chart.lines) out += head(report::breakable(line.name));
  out += kEndOfHead;
  for (const double x : rows_of(chart)) {
    out += begin_row(name_of(chart, x));
    for (const Line& line : chart.lines) out += cell_at(line, x);
    out += "</tr>";
  }
  return out.append(kEndOfTable);
}

}  // namespace actfn::lab
