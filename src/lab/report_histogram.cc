// SPDX-License-Identifier: Apache-2.0
#include "lab/report_histogram.h"

#include "lab/report_scale.h"
#include "lab/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace actfn::lab::report {
namespace {

constexpr double kBinWidth = 10;
constexpr double kBars = 64;  // height

// An outline over all bins.
std::string outline(const InsidePoint& point, double highest) {
  std::string d = fmt::format("M0 {}", kBars);
  for (std::size_t bin = 0; bin < point.histogram.size(); ++bin) {
    d += fmt::format("V{}H{}", coordinate(kBars * (1 - point.histogram[bin] / highest)),
                     static_cast<double>(bin + 1) * kBinWidth);
  }
  return d + fmt::format("V{}", kBars);
}

}  // namespace

std::string histogram(const InsideLayer& layer, const std::string& caption) {
  const InsidePoint& first = layer.points.front();
  const InsidePoint& last = layer.last();
  const double highest =
      std::max(std::ranges::max(first.histogram), std::ranges::max(last.histogram));
  if (!(highest > 0)) return "";  // of numbers that are no longer finite
  const double right = kBinWidth * static_cast<double>(Units::kBins);
  std::string out = fmt::format(
      R"(<figure class="inside histogram" data-s="{}"><svg class="series {}" )"
      R"(viewBox="-8 -4 {} {}" role="img" aria-label="Pre-activations of {} in layer {}">)"
      R"(<path class="last" d="{}Z"/><path class="first" d="{}"/>)",
      layer.series->index, look_classes(layer.series->look), right + 16, kBars + 24,
      escape(layer.series->name), layer.layer, outline(last, highest), outline(first, highest));
  for (const double z : {-Units::kReach, 0.0, Units::kReach}) {
    out += fmt::format(R"(<text class="tick" x="{}" y="{}">{}{}</text>)",
                       right * (z + Units::kReach) / (2 * Units::kReach), kBars + 16,
                       z < 0 ? "−" : "", std::abs(z));
  }
  return out + fmt::format("</svg><figcaption>{}</figcaption></figure>", caption);
}

}  // namespace actfn::lab::report
