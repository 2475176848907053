// SPDX-License-Identifier: Apache-2.0
// Figures of experiments: what they show, and how it is drawn.
#pragma once

#include "lab/report_looks.h"

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab {

// A value, with its interval if it has one.
struct Point {
  double x = 0;
  double y = 0;
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};

struct Line {
  std::string name;  // an activation's name gives the colour that it has everywhere
  std::vector<Point> points;
  std::optional<report::Look> look = {};  // in place of that of the name
};

// Where the claim lies.
struct Mark {
  double at = 0;
  std::string label;
  bool vertical = false;  // at an x
};

struct Axis {
  std::string label;  // with the unit: "gradient norm (log)"
  bool log = false;
  std::optional<double> low = {};   // it reaches at least from here
  std::optional<double> high = {};  // to here
  bool whole = false;               // its values are whole numbers
};

struct Chart {
  enum class Kind {
    lines,  // y over x
    dots,   // a value with its interval in each row: names down the side, Point::x is the row
    cells   // a table of values as colours: Point::x is the column, a Line is a row
  };
  std::string file;   // the name of its files: "slope"
  std::string title;  // what it shows, as a sentence
  Kind kind = Kind::lines;
  Axis x = {}, y = {};
  std::vector<Line> lines = {};
  std::vector<Mark> marks = {};
  std::vector<std::string> names = {};  // of the rows of dots, and of the columns of cells
  // Of lines, in pixels; small multiples are smaller.
  double width = 760;
  double height = 300;  // of the frame
};

// A picture that stands alone, for light and dark pages, with its title.
std::string chart_svg(const Chart& chart);
// The same for a page that has chart_css(), without its title.
std::string chart_inline(const Chart& chart);
std::string chart_css();
// The value of a custom property of the report, "k0", on light or on dark pages.
std::string theme_colour(std::string_view name, bool dark);
// What it shows as a table of HTML.
std::string chart_table(const Chart& chart);

// The picture on white. Throws std::runtime_error where there is no rsvg-convert.
std::string png_of(std::string_view svg);

}  // namespace actfn::lab
