// SPDX-License-Identifier: Apache-2.0
// What all kinds of charts are drawn with: SVG in pixels.
#pragma once

#include "lab/chart.h"
#include "lab/report_looks.h"
#include "lab/report_scale.h"

#include <cstddef>
#include <string>
#include <vector>

namespace actfn::lab::charts {

inline constexpr double kWidth = 760;
inline constexpr double kTickGap = 8;
inline constexpr double kLetter = 7;  // the width of a letter, about

// Where the values are drawn, in a picture that is kWidth wide.
struct Frame {
  double left = 64;
  double right = kWidth - 24;
  double top = 14;
  double height = 300;

  double width() const { return right - left; }
  double bottom() const { return top + height; }
};

struct Drawing {
  std::string body;
  double height = 0;  // of the whole picture
};

// One for each kind.
Drawing draw_lines(const Chart& chart);
Drawing draw_dots(const Chart& chart);
Drawing draw_cells(const Chart& chart);

// From values to pixels from the left, and from the top of the frame.
struct Scales {
  report::Scale x, y;
  Frame frame;

  double across(double v) const { return frame.left + frame.width() - x.y(v); }
  double down(double v) const { return frame.top + y.y(v); }
};

// Holds the values, with a little room.
report::Scale scale_of(const Axis& axis, std::vector<double> values, double length);

std::string text(double x, double y, std::string_view classes, std::string_view what);
std::string x_axis(const Scales& scales, const Axis& axis);
std::string y_axis(const Scales& scales, const Axis& axis);
std::string marks(const Scales& scales, const std::vector<Mark>& marks);

// A position in the picture, in pixels from the left and from the top.
struct Place {
  double x = 0;
  double y = 0;
};

// The labels of marks, each at the end and on the side of its mark where it covers least of
// `occupied`: places along the lines of the chart.
std::string mark_labels(const Scales& scales, const std::vector<Mark>& marks,
                        const std::vector<Place>& occupied);

// "0.25", "10⁻³".
std::string tick_text(double value);

std::vector<report::Look> looks_of(const Chart& chart);
// <g class="series …">
std::string series(const report::Look& look, const std::string& content);

}  // namespace actfn::lab::charts
