// SPDX-License-Identifier: Apache-2.0
#include "lab/chart.h"

#include "lab/assets.h"
#include "lab/chart_parts.h"
#include "lab/report_text.h"

#include <fmt/format.h>

#include <sstream>
#include <stdexcept>

namespace actfn::lab {
namespace {

using charts::Drawing;
using report::coordinate;
using report::escape;

constexpr double kTitleLine = 22;
constexpr double kTitleLetter = 760.0 / 78;  // the width of one, as a mean
constexpr double kMargin = 16;

Drawing draw(const Chart& chart) {
  switch (chart.kind) {
    case Chart::Kind::lines:
      return charts::draw_lines(chart);
    case Chart::Kind::dots:
      return charts::draw_dots(chart);
    case Chart::Kind::cells:
      return charts::draw_cells(chart);
  }
  throw std::logic_error("[chart] unknown kind");
}

std::vector<std::string> lines_of(const std::string& title, double width) {
  const auto letters = static_cast<std::size_t>(width / kTitleLetter);
  std::vector<std::string> lines(1);
  std::istringstream words(title);
  for (std::string word; words >> word;) {
    std::string& line = lines.back();
    if (line.empty()) {
      line = word;
    } else if (report::width(line) + 1 + report::width(word) <= letters) {
      line += " " + word;
    } else {
      lines.push_back(word);
    }
  }
  return lines;
}

// The colours as classes: not every reader of SVG knows custom properties.
std::string colours(bool dark) {
  std::string css = fmt::format(
      ".paper,.chart .series.hollow use{{fill:{0}}}text{{fill:{1}}}.tick,.label{{fill:{2}}}"
      ".grid{{stroke:{3}}}.rule,.leader{{stroke:{4}}}.mark{{stroke:{1}}}.high{{fill:{5}}}"
      ".low{{fill:{6}}}.said{{stroke:{0}}}",
      theme_colour("page", dark), theme_colour("ink", dark), theme_colour("muted", dark),
      theme_colour("hair", dark), theme_colour("rule", dark), theme_colour("k0", dark),
      theme_colour("k1", dark));
  for (int i = 0; i < 8; ++i) {
    css += fmt::format(".c{}{{color:{}}}", i, theme_colour(fmt::format("k{}", i), dark));
  }
  return css;
}

std::string style() {
  return fmt::format("<style>{}{}@media (prefers-color-scheme:dark){{{}}}</style>",
                     assets::chart_css, colours(false), colours(true));
}

}  // namespace

std::string theme_colour(std::string_view name, bool dark) {
  const std::string_view css = assets::report_css;
  const std::string property = fmt::format("--{}: ", name);
  std::size_t at = css.find(property);
  if (dark) at = css.find(property, at + 1);
  if (at == std::string_view::npos) throw std::logic_error("[chart] no colour " + property);
  at += property.size();
  return std::string(css.substr(at, css.find(';', at) - at));
}

std::string chart_css() {
  return std::string(assets::chart_css) + std::string(assets::chart_page_css);
}

std::string chart_inline(const Chart& chart) {
  const Drawing drawing = draw(chart);
  return fmt::format(
      R"(<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>)", chart.width,
      coordinate(drawing.height), escape(chart.title), drawing.body);
}

std::string chart_svg(const Chart& chart) {
  const Drawing drawing = draw(chart);
  const std::vector<std::string> title = lines_of(chart.title, chart.width);
  const double head = kMargin + kTitleLine * static_cast<double>(title.size());
  const double width = chart.width + 2 * kMargin;
  const double height = head + drawing.height + kMargin;
  std::string out = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" class="chart" width="{0}" height="{1}" )"
      R"(viewBox="0 0 {0} {1}" role="img" aria-label="{2}"><title>{2}</title>{3}{4})"
      R"(<rect class="paper" width="{0}" height="{1}"/>)",
      width, coordinate(height), escape(chart.title), style(), report::marker_shapes());
  for (std::size_t i = 0; i < title.size(); ++i) {
    out +=
        charts::text(kMargin, kMargin + 6 + kTitleLine * static_cast<double>(i), "title", title[i]);
  }
  return out + fmt::format("<g transform=\"translate({} {})\">{}</g></svg>\n", kMargin,
                           coordinate(head), drawing.body);
}

}  // namespace actfn::lab
