// SPDX-License-Identifier: Apache-2.0
// Pictures of a function.
#pragma once

#include "lab/chart.h"
#include "lab/function_facts.h"

#include <string>
#include <vector>

namespace actfn::lab {

struct Picture {
  Chart chart;
  std::vector<Line> readings;  // for its table, at round x; none: what the chart has
};

struct Pictures {
  std::vector<Picture> all;  // the first is the one to know the function by
  // For a small picture: the curve, and its derivative where there is one. NaN breaks them.
  std::vector<Line> curves;
};

// What the picture shows as a table of HTML.
std::string table_of(const Picture& picture);

struct Box {
  double left, right, low, high;
};
// What lies in the box of the line through the points, which NaN breaks; a gap follows each piece.
Line clipped(const Line& line, const Box& box);

Pictures pictures_of(const Function& f, const FunctionFacts& facts);

// A small picture, for a page that has the styles of the gallery, and one that stands alone.
std::string thumbnail_inline(const Pictures& pictures);
std::string thumbnail_svg(const std::string& name, const Pictures& pictures);

}  // namespace actfn::lab
