#include "gnuplot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numeric>
#include <sstream>
#include <string_view>
#include <utility>

namespace actfn::lab {
namespace {

template <typename... Args>
void append(std::string& script, fmt::format_string<Args...> text, Args&&... args) {
  fmt::format_to(std::back_inserter(script), text, std::forward<Args>(args)...);
}

// A gnuplot string that means the text and nothing else.
std::string quote(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "''" : std::string(1, c);
  return quoted + "'";
}

std::string block_name(std::size_t panel, std::size_t curve) {
  return fmt::format("$p{}c{}", panel, curve);
}

// 1, 2 or 5 times a power of ten, and no less than `least`.
double round_step(double least) {
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least) return factor * power;
  }
  return 10 * power;
}

// What `set xtics` takes. `labels` numbers find room along x. Left to itself, gnuplot lets long
// ones overlap.
std::string tics_of(const Figure& figure, double labels) {
  if (figure.bar_names.empty()) {
    return fmt::to_string(round_step((figure.high - figure.low) / labels));
  }
  const auto count = static_cast<double>(figure.bar_names.size());
  const auto step = static_cast<std::size_t>(std::max(1.0, std::ceil(count / labels)));
  std::string all;
  for (std::size_t i = 0; i < figure.bar_names.size(); i += step) {
    append(all, "{}{} {}", all.empty() ? "" : ", ", quote(figure.bar_names[i]), i + 1);
  }
  return "(" + all + ")";
}

void append_axes(std::string& script, const Figure& figure, const Panel& panel,
                 std::string_view prime, double labels) {
  std::string primes;
  for (int i = 0; i < panel.order; ++i) primes += prime;
  append(script, "set title {}\nset xrange [{}:{}]\nset yrange [{}:{}]\nset xtics {}\n",
         quote(fmt::format("f{}(x)", primes)), figure.low, figure.high, panel.low, panel.high,
         tics_of(figure, labels));
}

// Okabe and Ito's colours without yellow, which white swallows; orange and sky blue are darkened
// until they stand out from it by 3:1. Seven colours and five dashes make 35 different curves.
constexpr std::array file_colours = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                     "#333333", "#B97F00", "#4597CF"};
constexpr std::array dashes = {"1", "(9,5)", "(1,4)", "(10,4,1,4)", "(20,5)"};

std::string colour_of(std::size_t curve) {
  return fmt::format("lc rgb '{}'", file_colours[curve % file_colours.size()]);
}

std::string line_of(std::size_t curve) {
  return fmt::format("lw 2 dt {} {}", dashes[curve % dashes.size()], colour_of(curve));
}

// Filled column by column. All lengths are pixels.
struct Legend {
  static constexpr double row_height = 24;
  static constexpr double sample = 34;
  static constexpr double space = 8;
  static constexpr double gap = 28;
  std::vector<double> widths;  // of the columns, each with its gap
  std::size_t rows = 0;

  double width() const { return std::accumulate(widths.begin(), widths.end(), -gap); }
};

double legend_entry_width(const std::string& label) {
  constexpr double character = 7.8;  // of DejaVu Sans, which is wider than most
  return Legend::sample + Legend::space + character * static_cast<double>(label.size()) +
         Legend::gap;
}

Legend lay_out_legend(const std::vector<std::string>& labels, double available) {
  Legend legend;
  do {
    ++legend.rows;
    legend.widths.assign((labels.size() + legend.rows - 1) / legend.rows, 0);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      double& column = legend.widths[i / legend.rows];
      column = std::max(column, legend_entry_width(labels[i]));
    }
  } while (legend.width() > available && legend.widths.size() > 1);
  return legend;
}

// Where things are in a file, in pixels from the upper left corner.
struct Layout {
  static constexpr double top = 46;
  static constexpr double left = 80;
  static constexpr double right = 32;
  double panel_width = 0;
  double panel_height = 0;
  double first_legend_row = 0;
  Legend legend;
  double width = 0;
  double height = 0;

  explicit Layout(const Figure& figure) {
    const auto panels = static_cast<double>(figure.panels.size());
    panel_width = panels > 1 ? 450 : 620;
    panel_height = figure.labels.size() > 8 ? 450 : 350;
    first_legend_row = top + panel_height + 56;
    width = panels * (left + panel_width + right);
    legend = lay_out_legend(figure.labels, width - 2 * right);
    height = first_legend_row + Legend::row_height * static_cast<double>(legend.rows);
  }
};

void append_data(std::string& script, const Figure& figure) {
  for (std::size_t p = 0; p < figure.panels.size(); ++p) {
    for (std::size_t c = 0; c < figure.labels.size(); ++c) {
      append(script, "{} << EOD\n", block_name(p, c));
      for (const CurvePiece& piece : figure.panels[p].curves[c]) {
        for (const CurvePoint point : piece) append(script, "{} {}\n", point.x, point.y);
        script += '\n';
      }
      script += "NaN NaN\nEOD\n";
    }
  }
}

void append_legend(std::string& script, const Figure& figure, const Layout& at) {
  const auto widths = at.legend.widths.begin();
  const double left = (at.width - at.legend.width()) / 2;
  for (std::size_t i = 0; i < figure.labels.size(); ++i) {
    const auto column = static_cast<std::ptrdiff_t>(i / at.legend.rows);
    const auto row = static_cast<double>(i % at.legend.rows);
    const double x = std::accumulate(widths, widths + column, left);
    const double y = 1 - (at.first_legend_row + Legend::row_height * row) / at.height;
    append(script, "set arrow from screen {},{} to screen {},{} nohead {}\n", x / at.width, y,
           (x + Legend::sample) / at.width, y, line_of(i));
    append(script, "set label {} at screen {},{} left tc rgb '#333333'\n", quote(figure.labels[i]),
           (x + Legend::sample + Legend::space) / at.width, y);
  }
}

void append_file_panel(std::string& script, const Figure& figure, std::size_t p, const Layout& at) {
  const double step = Layout::left + at.panel_width + Layout::right;
  const double left = Layout::left + static_cast<double>(p) * step;
  append(script, "set lmargin at screen {}\nset rmargin at screen {}\n", left / at.width,
         (left + at.panel_width) / at.width);
  append(script, "set tmargin at screen {}\nset bmargin at screen {}\n",
         1 - Layout::top / at.height, 1 - (Layout::top + at.panel_height) / at.height);
  append_axes(script, figure, figure.panels[p], "′", at.panel_width / 75);
  script += "plot ";
  for (std::size_t c = 0; c < figure.labels.size(); ++c) {
    if (figure.bar_names.empty()) {
      append(script, "{} with lines {}, ", block_name(p, c), line_of(c));
    } else {
      append(script, "{} with filledcurves closed fs transparent solid 0.6 border {}, ",
             block_name(p, c), colour_of(c));
    }
  }
  script += "\nunset arrow\nunset label\n";
}

std::string file_script(const Figure& figure, const Layout& at, std::string_view terminal) {
  std::string script = "set encoding utf8\n";
  append(script, "set terminal {} noenhanced rounded background '#ffffff'\n", terminal);
  append_data(script, figure);
  script +=
      "set multiplot\nunset key\nset border 3 lc rgb '#9a9a9a' lw 1\n"
      "set tics out nomirror scale 0.5 tc rgb '#555555' format '%g'\n"
      "set grid lt 1 lc rgb '#e8e8e8' lw 1\nset zeroaxis lt 1 lc rgb '#8a8a8a' lw 1\n"
      "set title tc rgb '#222222' font ',16' offset 0,-0.4\n";
  append_legend(script, figure, at);
  for (std::size_t p = 0; p < figure.panels.size(); ++p) append_file_panel(script, figure, p, at);
  return script + "unset multiplot\n";
}

void replace_first(std::string& text, std::string_view from, std::string_view to) {
  const std::size_t place = text.find(from);
  if (place != std::string::npos) text.replace(place, from.size(), to);
}

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

// XML takes no bare "<" or "&"; labels have no quotes to hide.
std::string escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    escaped += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
  }
  return escaped;
}

}  // namespace

std::string svg_script(const Figure& figure) {
  const Layout at(figure);
  return file_script(
      figure, at,
      fmt::format("svg size {},{} name 'actfn' font 'sans-serif,14'", at.width, at.height));
}

// Twice the pixels, for screens that have them.
std::string png_script(const Figure& figure) {
  const Layout at(figure);
  return file_script(figure, at,
                     fmt::format("pngcairo size {},{} font 'sans-serif,11' fontscale 2 "
                                 "linewidth 2 dashlength 1.8",
                                 2 * at.width, 2 * at.height));
}

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

std::string finish_svg(const Figure& figure, std::string drawing) {
  const std::string all = escape(fmt::format("{}", fmt::join(figure.labels, ", ")));
  replace_first(drawing, "<title>actfn</title>", fmt::format("<title>{}</title>", all));
  replace_first(drawing, R"(fill="#ffffff"/>)", R"(rx="8" fill="#ffffff"/>)");
  for (std::size_t p = 0; p < figure.panels.size(); ++p) {
    for (std::size_t c = 0; c < figure.labels.size(); ++c) {
      replace_first(drawing, fmt::format("<title>{}</title>", block_name(p, c)),
                    fmt::format("<title>{}</title>", escape(figure.labels[c])));
    }
  }
  return drawing;
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
