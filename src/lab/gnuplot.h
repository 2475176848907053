// SPDX-License-Identifier: Apache-2.0
// A figure of curves or bars in gnuplot's words: scripts that write the drawing to standard output,
// and what is left to do with that output.
#pragma once

#include <string>
#include <vector>

namespace actfn::lab {

struct CurvePoint {
  float x;
  float y;
};

// Points in order of x that a line joins. A curve is broken between its pieces.
using CurvePiece = std::vector<CurvePoint>;

struct Panel {
  int order = 0;                                // of the derivative
  std::vector<std::vector<CurvePiece>> curves;  // one for each label of the figure
  double low = 0;                               // what is seen of y
  double high = 0;
};

struct Figure {
  std::vector<std::string> labels;  // at least one
  std::vector<Panel> panels;        // at least one
  double low = 0;                   // what is seen of x
  double high = 0;
  // Of bars, whose outlines the curves are: what is written under x = 1, 2, …; empty for curves.
  std::vector<std::string> bar_names;
};

std::string svg_script(const Figure& figure);
std::string png_script(const Figure& figure);
std::string text_script(const Figure& figure, int columns, int rows, bool colour);

// Names the figure and its curves for tooltips and screen readers; rounds the background.
std::string finish_svg(const Figure& figure, std::string drawing);

// Takes away the form feed before and the blanks behind.
std::string finish_text(const std::string& drawing);

}  // namespace actfn::lab
