// SPDX-License-Identifier: Apache-2.0
#include "lab/chart_parts.h"
#include "lab/report_text.h"

#include <algorithm>
#include <array>

namespace actfn::lab::charts {
namespace {

constexpr double kLabelDistance = 5;  // between a mark and its label
constexpr double kLabelHeight = 14;   // of a label
constexpr double kLabelMargin = 4;    // around a label

// Where a label may lie: x is its end where at_end, else its beginning; y is its base line.
struct Spot {
  double x = 0;
  double y = 0;
  bool at_end = false;
};

std::array<Spot, 4> spots(const Scales& scales, double height) {
  const Frame& f = scales.frame;
  const double above = height - kLabelDistance;
  const double below = height + kLabelHeight;
  const double left = f.left + kLabelDistance;
  const double right = f.right - kLabelDistance;
  return {{{right, above, true}, {left, above}, {right, below, true}, {left, below}}};
}

std::ptrdiff_t covered(const Spot& spot, double width, const std::vector<Place>& occupied) {
  const double left = spot.at_end ? spot.x - width : spot.x;
  return std::ranges::count_if(occupied, [&](const Place& place) {
    return place.x > left - kLabelMargin && place.x < left + width + kLabelMargin &&
           place.y > spot.y - kLabelHeight && place.y < spot.y + kLabelMargin;
  });
}

std::string horizontal_label(const Scales& scales, const Mark& mark,
                             const std::vector<Place>& occupied) {
  const double width = kLetter * static_cast<double>(report::width(mark.label));
  const std::array<Spot, 4> all = spots(scales, scales.down(mark.at));
  const Spot best = *std::ranges::min_element(
      all, {}, [&](const Spot& spot) { return covered(spot, width, occupied); });
  return text(best.x, best.y, best.at_end ? "said end" : "said", mark.label);
}

}  // namespace

std::string mark_labels(const Scales& scales, const std::vector<Mark>& marks,
                        const std::vector<Place>& occupied) {
  std::string out;
  for (const Mark& mark : marks) {
    out += mark.vertical ? text(scales.across(mark.at) + kLabelDistance, scales.frame.top + 12,
                                "said", mark.label)
                         : horizontal_label(scales, mark, occupied);
  }
  return out;
}

}  // namespace actfn::lab::charts
