// SPDX-License-Identifier: Apache-2.0
#include "lab/chart_parts.h"

#include "lab/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace actfn::lab::charts {

using report::coordinate;
using report::escape;

report::Scale scale_of(const Axis& axis, std::vector<double> values, double length) {
  if (axis.low) values.push_back(*axis.low);
  if (axis.high) values.push_back(*axis.high);
  std::erase_if(values, [&](double v) { return !std::isfinite(v) || (axis.log && v <= 0); });
  return report::curve_scale(values, true, axis.log, length);
}

std::string tick_text(double value) {
  const double v = std::fabs(value) < 1e-300 ? 0 : value;  // not "-0"
  const std::string text = report::typeset(fmt::format("{:.4g}", v));
  constexpr std::string_view kOnce = "1 × 10";
  return text.starts_with(kOnce) ? text.substr(kOnce.size() - 2) : text;
}

std::string text(double x, double y, std::string_view classes, std::string_view what) {
  return fmt::format(R"(<text class="{}" x="{}" y="{}">{}</text>)", classes, coordinate(x),
                     coordinate(y), escape(report::typeset(what)));
}

std::string x_axis(const Scales& scales, const Axis& axis) {
  const Frame& f = scales.frame;
  std::string out = fmt::format(R"(<path class="rule" d="M{} {}H{}"/>)", coordinate(f.left),
                                coordinate(f.bottom()), coordinate(f.right));
  double free_from = -kWidth;
  for (const double tick : scales.x.ticks()) {
    if (axis.whole && tick != std::round(tick)) continue;
    const double x = scales.across(tick);
    const std::string label = tick_text(tick);
    const double half = kLetter * static_cast<double>(report::width(label)) / 2;
    if (x - half < free_from) continue;
    free_from = x + half + kTickGap;
    out +=
        fmt::format(R"(<path class="rule" d="M{} {}v4"/>)", coordinate(x), coordinate(f.bottom()));
    out += text(x, f.bottom() + 18, "tick middle", label);
  }
  return out + text(f.left + f.width() / 2, f.bottom() + 38, "label middle", axis.label);
}

std::string y_axis(const Scales& scales, const Axis& axis) {
  const Frame& f = scales.frame;
  std::string out;
  for (const double tick : scales.y.ticks()) {
    const double y = scales.down(tick);
    out += fmt::format(R"(<path class="grid" d="M{} {}H{}"/>)", coordinate(f.left), coordinate(y),
                       coordinate(f.right));
    out += text(f.left - kTickGap, y + 4, "tick end", tick_text(tick));
  }
  return out + fmt::format(R"(<text class="label" x="{}" y="{}">{}</text>)",
                           coordinate(f.left - 50), coordinate(f.top - 12), escape(axis.label));
}

std::string marks(const Scales& scales, const std::vector<Mark>& marks) {
  const Frame& f = scales.frame;
  std::string out;
  for (const Mark& mark : marks) {
    const double at = mark.vertical ? scales.across(mark.at) : scales.down(mark.at);
    const std::string from =
        mark.vertical
            ? fmt::format("M{} {}V{}", coordinate(at), coordinate(f.top), coordinate(f.bottom()))
            : fmt::format("M{} {}H{}", coordinate(f.left), coordinate(at), coordinate(f.right));
    out += fmt::format(R"(<path class="mark" d="{}"/>)", from);
  }
  return out;
}

std::vector<report::Look> looks_of(const Chart& chart) {
  std::vector<std::string> names;
  for (const Line& line : chart.lines) names.push_back(line.name);
  std::vector<report::Look> looks = report::looks_of(names);
  for (std::size_t i = 0; i < looks.size(); ++i) {
    looks[i] = chart.lines[i].look.value_or(looks[i]);
  }
  return looks;
}

std::string series(const report::Look& look, const std::string& content) {
  return fmt::format(R"(<g class="series {}">{}</g>)", report::look_classes(look), content);
}

}  // namespace actfn::lab::charts
