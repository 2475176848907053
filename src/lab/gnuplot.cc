// SPDX-License-Identifier: Apache-2.0
// Scripts for files.
#include "lab/gnuplot_script.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace actfn::lab {
namespace {

// Okabe and Ito's colours without yellow, which white swallows; orange and sky blue are darkened
// until they stand out from it by 3:1. Seven colours and five dashes make 35 different curves.
constexpr std::array file_colours = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                     "#333333", "#B97F00", "#4597CF"};
constexpr std::array dashes = {"1", "(9,5)", "(1,4)", "(10,4,1,4)", "(20,5)"};

const char* colour_of(std::size_t curve) { return file_colours[curve % file_colours.size()]; }

std::string line_of(std::size_t curve) {
  return fmt::format("lw 2 dt {} lc rgb '{}'", dashes[curve % dashes.size()], colour_of(curve));
}

// In the legend.
std::string sample_of(const Figure& figure, std::size_t curve) {
  if (figure.bar_names.empty()) return line_of(curve);
  return fmt::format("lw 8 dt 1 lc rgb '{}'", colour_of(curve));
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
struct FileLayout {
  static constexpr double top = 46;
  static constexpr double left = 80;
  static constexpr double right = 32;
  double panel_width = 0;
  double panel_height = 0;
  double first_legend_row = 0;
  Legend legend;
  double width = 0;
  double height = 0;

  explicit FileLayout(const Figure& figure) {
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

void append_legend(std::string& script, const Figure& figure, const FileLayout& at) {
  const auto widths = at.legend.widths.begin();
  const double left = (at.width - at.legend.width()) / 2;
  for (std::size_t i = 0; i < figure.labels.size(); ++i) {
    const auto column = static_cast<std::ptrdiff_t>(i / at.legend.rows);
    const auto row = static_cast<double>(i % at.legend.rows);
    const double x = std::accumulate(widths, widths + column, left);
    const double y = 1 - (at.first_legend_row + Legend::row_height * row) / at.height;
    append(script, "set arrow from screen {},{} to screen {},{} nohead {}\n", x / at.width, y,
           (x + Legend::sample) / at.width, y, sample_of(figure, i));
    append(script, "set label {} at screen {},{} left tc rgb '#333333'\n", quote(figure.labels[i]),
           (x + Legend::sample + Legend::space) / at.width, y);
  }
}

void append_file_panel(std::string& script, const Figure& figure, std::size_t p,
                       const FileLayout& at) {
  const double step = FileLayout::left + at.panel_width + FileLayout::right;
  const double left = FileLayout::left + static_cast<double>(p) * step;
  append(script, "set lmargin at screen {}\nset rmargin at screen {}\n", left / at.width,
         (left + at.panel_width) / at.width);
  append(script, "set tmargin at screen {}\nset bmargin at screen {}\n",
         1 - FileLayout::top / at.height, 1 - (FileLayout::top + at.panel_height) / at.height);
  append_axes(script, figure, figure.panels[p], "′", at.panel_width / 75);
  script += "plot ";
  for (std::size_t c = 0; c < figure.labels.size(); ++c) {
    const char* const colour = colour_of(c);
    if (figure.bar_names.empty()) {
      append(script, "{} with lines {}, ", block_name(p, c), line_of(c));
    } else {
      append(script, "{} with filledcurves closed fc rgb '{}' fs solid border lc rgb '{}', ",
             block_name(p, c), colour, colour);
    }
  }
  script += "\nunset arrow\nunset label\n";
}

std::string file_script(const Figure& figure, const FileLayout& at, std::string_view terminal) {
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

// XML takes no bare "<" or "&"; labels have no quotes to hide.
std::string xml_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    escaped += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
  }
  return escaped;
}

}  // namespace

std::string svg_script(const Figure& figure) {
  const FileLayout at(figure);
  return file_script(
      figure, at,
      fmt::format("svg size {},{} name 'actfn' font 'sans-serif,14'", at.width, at.height));
}

// Twice the pixels, for screens that have them.
std::string png_script(const Figure& figure) {
  const FileLayout at(figure);
  return file_script(figure, at,
                     fmt::format("pngcairo size {},{} font 'sans-serif,11' fontscale 2 "
                                 "linewidth 2 dashlength 1.8",
                                 2 * at.width, 2 * at.height));
}

std::string finish_svg(const Figure& figure, std::string drawing) {
  const std::string all = xml_text(fmt::format("{}", fmt::join(figure.labels, ", ")));
  replace_first(drawing, "<title>actfn</title>", fmt::format("<title>{}</title>", all));
  replace_first(drawing, R"(fill="#ffffff"/>)", R"(rx="8" fill="#ffffff"/>)");
  for (std::size_t p = 0; p < figure.panels.size(); ++p) {
    for (std::size_t c = 0; c < figure.labels.size(); ++c) {
      replace_first(drawing, fmt::format("<title>{}</title>", block_name(p, c)),
                    fmt::format("<title>{}</title>", xml_text(figure.labels[c])));
    }
  }
  return drawing;
}

}  // namespace actfn::lab
