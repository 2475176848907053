// SPDX-License-Identifier: Apache-2.0
// Small pictures of functions: curves on axes with the same unit for x and y.
#include "lab/gallery_charts.h"
#include "lab/report_scale.h"
#include "lab/report_text.h"

#include <fmt/format.h>

#include <cmath>

namespace actfn::lab {
namespace {

using report::coordinate;

constexpr double kUnit = 16;  // pixels
constexpr double kReachX = 4;
constexpr double kLow = -2, kHigh = 3;
constexpr double kWidth = 2 * kReachX * kUnit;
constexpr double kHeight = (kHigh - kLow) * kUnit;

std::string place(const Point& p) {
  return coordinate((p.x + kReachX) * kUnit) + " " + coordinate((kHigh - p.y) * kUnit);
}

std::string path_of(const Line& line) {
  std::string d;
  bool pen_down = false;
  for (const Point& p : clipped(line, {-kReachX, kReachX, kLow, kHigh}).points) {
    if (!std::isnan(p.y)) d += (pen_down ? "L" : "M") + place(p);
    pen_down = !std::isnan(p.y);
  }
  return d;
}

std::string drawing(const Pictures& pictures) {
  std::string out = fmt::format(R"(<path class="axis" d="M0 {}H{}M{} 0V{}"/>)",
                                coordinate(kHigh * kUnit), kWidth, kWidth / 2, kHeight);
  for (std::size_t i = pictures.curves.size(); i > 0; --i) {
    out += fmt::format(R"(<path class="{}" d="{}"/>)", i == 1 ? "first" : "other",
                       path_of(pictures.curves[i - 1]));
  }
  return out;
}

std::string colours(bool dark) {
  return fmt::format(".axis{{stroke:{}}}.first{{stroke:{}}}.other{{stroke:{}}}",
                     theme_colour("rule", dark), theme_colour("k0", dark),
                     theme_colour("muted", dark));
}

}  // namespace

std::string thumbnail_inline(const Pictures& pictures) {
  return fmt::format(
      R"(<svg class="thumb" viewBox="-2 -2 {} {}" aria-hidden="true" focusable="false">{}</svg>)",
      kWidth + 4, kHeight + 4, drawing(pictures));
}

std::string thumbnail_svg(const std::string& name, const Pictures& pictures) {
  return fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="-2 -2 {0} {1}" )"
      R"(role="img" aria-label="{2}"><title>{2}</title><style>path{{fill:none;)"
      R"(stroke-linejoin:round}}.first{{stroke-width:2}}.other{{stroke-width:1.2;)"
      R"(stroke-dasharray:2 2.5}}{3}@media(prefers-color-scheme:dark){{{4}}}</style>{5}</svg>)"
      "\n",
      kWidth + 4, kHeight + 4, report::escape(name), colours(false), colours(true),
      drawing(pictures));
}

}  // namespace actfn::lab
