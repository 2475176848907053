// SPDX-License-Identifier: Apache-2.0
// Scripts for the terminal.
#include "lab/gnuplot_script.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>

namespace actfn::lab {
namespace {

// Where a panel of the terminal lies, in characters from the lower left corner.
struct Cells {
  int left;
  int bottom;
  int columns;
  int rows;
};

// Beside or above one another, whichever leaves the panels nearer to 5:2, a pleasant shape in
// characters, which are twice as high as wide.
std::vector<Cells> lay_out_panels(int count, int columns, int rows, int legend_rows) {
  const auto badness = [](double c, double r) { return std::fabs(std::log(c / r / 2.5)); };
  const int free_rows = rows - legend_rows;
  const bool beside =
      badness(double(columns) / count, free_rows) <= badness(columns, double(free_rows) / count);
  std::vector<Cells> panels;
  for (int i = 0; i < count; ++i) {
    const int c = columns / count;
    const int r = free_rows / count;
    if (beside) panels.push_back({i * c, legend_rows, c, free_rows});
    if (!beside) panels.push_back({0, legend_rows + (count - 1 - i) * r, columns, r});
  }
  return panels;
}

// A few curves look like curves; of many, a letter says best which is which.
char mark_of(std::size_t curve, std::size_t curves) {
  constexpr std::string_view few = "*o#x@%&$=~";
  constexpr std::string_view many =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const std::string_view marks = curves <= few.size() ? few : many;
  return marks[curve % marks.size()];
}

// From the palette of 256, and legible on black and on white.
const char* terminal_colour_of(std::size_t curve) {
  constexpr std::array colours = {"#0087ff", "#d75f00", "#00af5f", "#d75faf",
                                  "#af8700", "#878787", "#00afaf"};
  return colours[curve % colours.size()];
}

struct LegendEntry {
  int row;
  int column;
  std::string text;
};

// Entries follow each other as words in a text; those that find no room are counted at the end.
std::vector<LegendEntry> flow_legend(const std::vector<std::string>& labels, int columns,
                                     int most_rows) {
  std::vector<LegendEntry> entries;
  int row = 0;
  int column = 1;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    std::string text = fmt::format("{} {}", mark_of(i, labels.size()), labels[i]);
    const int width = static_cast<int>(text.size());
    if (column > 1 && column + width > columns) ++row, column = 1;
    if (row == most_rows) {
      text = fmt::format("  +{} more", labels.size() - i);
      entries.push_back({row - 1, columns - static_cast<int>(text.size()), text});
      break;
    }
    entries.push_back({row, column, text.substr(0, static_cast<std::size_t>(columns - 1))});
    column += width + 3;
  }
  return entries;
}

// The part of a line from a to b, as fractions, that is seen; begin > end: none.
struct Seen {
  double begin;
  double end;
};

Seen seen_part(const Panel& panel, CurvePoint a, CurvePoint b) {
  const double dy = double{b.y} - a.y;
  if (dy == 0) return a.y < panel.low || a.y > panel.high ? Seen{1, 0} : Seen{0, 1};
  const double at_low = (panel.low - a.y) / dy;
  const double at_high = (panel.high - a.y) / dy;
  return {std::max(0.0, std::min(at_low, at_high)), std::min(1.0, std::max(at_low, at_high))};
}

// Points so close that a curve leaves no cell out.
void append_cells(std::string& script, const Figure& figure, const Panel& panel, std::size_t curve,
                  const Cells& at) {
  const double per_x = at.columns / (figure.high - figure.low);
  const double per_y = at.rows / (panel.high - panel.low);
  for (const CurvePiece& piece : panel.curves[curve]) {
    for (std::size_t i = 0; i < piece.size(); ++i) {
      const CurvePoint a = piece[i == 0 ? 0 : i - 1];
      const double dx = double{piece[i].x} - a.x;
      const double dy = double{piece[i].y} - a.y;
      const Seen seen = seen_part(panel, a, piece[i]);
      if (seen.begin > seen.end) continue;
      const double length = seen.end - seen.begin;
      const double cells = std::max(dx * per_x, std::fabs(dy) * per_y);
      const double steps = std::ceil(2 * length * cells) + 1;
      for (double step = 1; step <= steps; ++step) {
        const double t = seen.begin + length * step / steps;
        append(script, "{} {}\n", a.x + dx * t, a.y + dy * t);
      }
    }
  }
}

void append_text_panel(std::string& script, const Figure& figure, std::size_t p, const Cells& at,
                       int columns, int rows) {
  const Panel& panel = figure.panels[p];
  const std::size_t curves = figure.labels.size();
  for (std::size_t c = 0; c < curves; ++c) {
    append(script, "{} << EOD\n", block_name(p, c));
    append_cells(script, figure, panel, c, at);
    script += "NaN NaN\nEOD\n";
  }
  append(script, "set origin {},{}\nset size {},{}\n", double(at.left) / columns,
         double(at.bottom) / rows, double(at.columns) / columns, double(at.rows) / rows);
  append_axes(script, figure, panel, "'", at.columns / 8.0);
  // Each curve is drawn, and then each comes to the front in every n-th stripe: where curves
  // coincide, all of them are seen.
  const double stripes = at.columns / (figure.high - figure.low) / (curves > 6 ? 1 : 2);
  append(script, "stripe(x) = (x - ({})) * {}\n", figure.low, stripes);
  append(script, "turn(x) = floor(stripe(x)) - {} * floor(stripe(x) / {}.0)\nplot ", curves,
         curves);
  for (std::size_t i = 0; i < 2 * curves; ++i) {
    const std::size_t c = i % curves;
    append(script, "{} using ({} || turn($1) == {} ? $1 : NaN):2 ", block_name(p, c),
           i < curves ? 1 : 0, c);
    append(script, "with points pt '{}' tc rgb '{}', ", mark_of(c, curves), terminal_colour_of(c));
  }
  script += "\nunset label\n";
}

// What of a line can be seen: not the blanks behind, nor colours set for them.
std::string_view visible_part(std::string_view line) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\033') {
      i = std::min(line.find('m', i), line.size());
    } else if (line[i] != ' ') {
      end = i + 1;
    }
  }
  return line.substr(0, end);
}

}  // namespace

std::string text_script(const Figure& figure, int columns, int rows, bool colour) {
  constexpr int least_panel_rows = 8;
  const auto legend = flow_legend(figure.labels, columns, rows - least_panel_rows);
  const int legend_rows = legend.back().row + 1;
  const auto panels =
      lay_out_panels(static_cast<int>(figure.panels.size()), columns, rows, legend_rows);
  std::string script = "set encoding utf8\n";
  append(script, "set terminal dumb size {},{} aspect 1,1 noenhanced nofeed {}\n", columns, rows,
         colour ? "ansi256" : "mono");
  script +=
      "set multiplot\nunset key\nset border 3\nset zeroaxis\nset tmargin 1\n"
      "set tics nomirror out scale 0.5 format '%g'\n";
  for (std::size_t i = 0; i < legend.size(); ++i) {
    append(script, "set label {} at character {},{} left tc rgb '{}'\n", quote(legend[i].text),
           legend[i].column, legend_rows - 1 - legend[i].row, terminal_colour_of(i));
  }
  for (std::size_t p = 0; p < panels.size(); ++p) {
    append_text_panel(script, figure, p, panels[p], columns, rows);
  }
  return script + "unset multiplot\n";
}

std::string finish_text(const std::string& drawing) {
  std::string text;
  std::istringstream lines(drawing);
  for (std::string line; std::getline(lines, line);) {
    line.resize(visible_part(line).size());
    line.erase(std::remove(line.begin(), line.end(), '\f'), line.end());
    text += line + (line.find('\033') == std::string::npos ? "\n" : "\033[0m\n");
  }
  return text.substr(0, text.find_last_not_of('\n') + 1) + '\n';
}

}  // namespace actfn::lab
