// SPDX-License-Identifier: Apache-2.0
#include "lab/gallery_charts.h"

#include "catalogue/lists.h"
#include "catalogue/number.h"
#include "lab/curve_facts.h"
#include "lab/evaluate.h"
#include "lab/plot_figure.h"
#include "lab/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

namespace actfn::lab {
namespace {

using report::Look;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kReach = 5;         // of x
constexpr std::size_t kFine = 201;   // places on a line
constexpr std::size_t kCoarse = 21;  // in a table
constexpr double kMost = 4.2;        // of |y|: what is beyond is not drawn
constexpr Look kValue = {.colour = 0, .dash = 0, .marker = 0};
constexpr Look kSlope = {.colour = 1, .dash = 1, .marker = 1};
constexpr Look kBend = {.colour = 3, .dash = 2, .marker = 2};

// The part of the way from a to b that lies in the box, from 0 to 1.
struct Part {
  double from = 0, to = 1;

  // Leaves what is on the side of a border where `distance`, which grows by `step`, is not
  // negative.
  void cut(double distance, double step) {
    if (step == 0 && distance < 0) to = -1;
    if (step > 0) from = std::max(from, -distance / step);
    if (step < 0) to = std::min(to, -distance / step);
  }
};

Part part_in(const Box& box, const Point& a, const Point& b) {
  Part part;
  part.cut(a.x - box.left, b.x - a.x);
  part.cut(box.right - a.x, a.x - b.x);
  part.cut(a.y - box.low, b.y - a.y);
  part.cut(box.high - a.y, a.y - b.y);
  return part;
}

Point between(const Point& a, const Point& b, double part) {
  return {a.x + part * (b.x - a.x), a.y + part * (b.y - a.y)};
}

void add_gap(Line& to) {
  if (!to.points.empty()) to.points.push_back({to.points.back().x, kNan});
}

// Adds a point, and some on the way: a line of few points would be drawn with markers.
void add_on_the_way(const Point& p, Line& to) {
  constexpr double kStep = 0.5;
  if (!to.points.empty() && !std::isnan(to.points.back().y)) {
    const Point last = to.points.back();
    const double steps = std::ceil((p.x - last.x) / kStep);
    for (double i = 1; i < steps; ++i) to.points.push_back(between(last, p, i / steps));
  }
  to.points.push_back(p);
}

// The curve and its derivatives, thinned out and broken at jumps as plot draws them.
std::vector<Line> derivatives_of(const Function& f, std::vector<int> orders) {
  constexpr const char* kNames[] = {"f", "f′", "f″"};
  constexpr Look kLooks[] = {kValue, kSlope, kBend};
  PlotOptions options;
  options.functions = {f};
  options.orders = std::move(orders);
  options.range = PlotRange{-kReach, kReach};
  options.y = PlotRange{-kMost, kMost};
  std::vector<Line> lines;
  for (const Panel& panel : figure_of(options).panels) {
    const auto order = static_cast<std::size_t>(panel.order);
    Line line{kNames[order], {}, kLooks[order]};
    for (const CurvePiece& piece : panel.curves.front()) {
      for (const CurvePoint& p : piece) add_on_the_way({double{p.x}, double{p.y}}, line);
      add_gap(line);
    }
    lines.push_back(clipped(line, {-kReach, kReach, -kMost, kMost}));
  }
  return lines;
}

std::vector<double> inputs(std::size_t count) {
  std::vector<double> x;
  for (std::size_t i = 0; i < count; ++i) {
    x.push_back(-kReach + 2 * kReach * static_cast<double>(i) / static_cast<double>(count - 1));
  }
  return x;
}

using RowOf = std::function<std::vector<double>(double x)>;

// A line of f's output `which` for rows made of x.
Line line_of(const Function& f, const std::string& name, std::size_t which, const RowOf& row_of,
             std::size_t count) {
  constexpr double kJump = 0.3;  // between neighbours, higher than any slope
  Line line{name, {}};
  for (const double x : inputs(count)) {
    const std::vector<double> row = row_of(x);
    const double y = evaluate<double>(f, row, row.size()).at(which);
    const bool jumps = !line.points.empty() && std::fabs(y - line.points.back().y) > kJump;
    if (jumps && count == kFine) add_gap(line);
    line.points.push_back({x, y});
  }
  return line;
}

// Adds the line to the chart, and its readings.
void add_line(const Function& f, const std::string& name, std::size_t which, const RowOf& row_of,
              Picture& to) {
  const std::size_t place = to.chart.lines.size();
  to.chart.lines.push_back(line_of(f, name, which, row_of, kFine));
  to.chart.lines.back().look = Look{.colour = place, .dash = place, .marker = place};
  to.readings.push_back(line_of(f, name, which, row_of, kCoarse));
}

std::vector<Line> readings_of(const Activation& f) {
  std::vector<Line> lines = {{"f", {}}, {"f′", {}}, {"f″", {}}};
  for (const double x : inputs(kCoarse)) {
    for (std::size_t order = 0; order < lines.size(); ++order) {
      const double y = evaluate<double>(Function(f), std::vector<double>{x}, 1,
                                        {.order = static_cast<int>(order), .seed = {}})
                           .front();
      lines[order].points.push_back({x, y});
    }
  }
  return lines;
}

std::string finding_of(const Properties& p) {
  if (p.smooth_to() == -1) return "it jumps";
  if (std::isinf(p.slope.value)) return "its slope has no bound";
  return "|f′| is at most " + number_text(p.slope.value);
}

Picture curve_picture(const Function& f, const Activation& curve, const Properties& p) {
  const Kind kind = info(f).kind;
  const std::string when = kind == Kind::random    ? " in evaluation"
                           : kind == Kind::learned ? " before training"
                                                   : "";
  Chart chart{.file = "curve",
              .title = fmt::format("{}{} has values in {}; {}", to_string(f), when, range_text(p),
                                   finding_of(p)),
              .x = {"x"},
              .y = {"f(x), f′(x), f″(x)"}};
  chart.lines = derivatives_of(f, {0, 1, 2});
  return {std::move(chart), readings_of(curve)};
}

// Of the first output, over many draws for one row: the mean, and the range of 90 % of them.
Point drawn_point(const Function& f, double x, const std::vector<double>& row) {
  constexpr std::size_t kDraws = 400;
  constexpr std::uint64_t kSeed = 1;
  std::vector<double> rows;
  for (std::size_t i = 0; i < kDraws; ++i) rows.insert(rows.end(), row.begin(), row.end());
  const auto all = evaluate<double>(f, rows, row.size(), {.order = 0, .seed = kSeed});
  std::vector<double> y;
  for (std::size_t i = 0; i < all.size(); i += row.size()) y.push_back(all[i]);
  const double sum = std::accumulate(y.begin(), y.end(), 0.0);
  std::ranges::sort(y);
  return {x, sum / static_cast<double>(kDraws), y[kDraws / 20], y[kDraws - kDraws / 20 - 1]};
}

// What random functions do in training, beside what they do in evaluation.
Picture training_picture(const Function& f, std::size_t columns) {
  Chart chart{.file = "training",
              .title = to_string(f) + " in training: the mean, and the range of 90 % of the draws",
              .x = {columns == 1 ? "x" : "x₁; the other entries are 1, 0 and −1"},
              .y = {columns == 1 ? "f(x)" : "y₁"}};
  Line training{"training", {}, kSlope};
  Line evaluation{"evaluation", {}, kValue};
  for (const double x : inputs(81)) {
    std::vector<double> row = {x, 1, 0, -1};
    row.resize(columns);
    training.points.push_back(drawn_point(f, x, row));
    evaluation.points.push_back({x, evaluate<double>(f, row, columns).front()});
  }
  chart.lines = {std::move(evaluation), std::move(training)};
  return {std::move(chart), {}};
}

Picture row_picture(const Function& f) {
  constexpr const char* kDigits[] = {"₁", "₂", "₃", "₄"};
  const std::vector<double> others = {1, 0, -1};
  const auto row_of = [&](double x) {
    std::vector<double> row = {x};
    row.insert(row.end(), others.begin(), others.end());
    return row;
  };
  const bool one = output_shape(f, {others.size() + 1}) == Shape{1};
  Chart chart{.file = "row",
              .title = to_string(f) + " of a row whose first entry moves",
              .x = {"x₁; the other entries are x₂ = 1, x₃ = 0 and x₄ = −1"},
              .y = {one ? "y" : "outputs"}};
  Picture picture{std::move(chart), {}};
  for (std::size_t i = 0; i < (one ? 1 : others.size() + 1); ++i) {
    add_line(f, one ? "y" : fmt::format("y{}", kDigits[i]), i, row_of, picture);
  }
  return picture;
}

Picture grouped_picture(const Function& f) {
  const std::size_t group = functions::lengths_of(f).x;
  const std::size_t outputs = functions::lengths_of(f).y;
  Chart chart{.file = "group",
              .title = to_string(f) + (group > 1 ? " of a group whose first entry moves"
                                                 : " gives more outputs than it has inputs"),
              .x = {group > 1 ? "x₁; the other entries have the value beside the line" : "x"},
              .y = {"outputs"}};
  const bool several = group > 1;
  Picture picture{std::move(chart), {}};
  for (std::size_t which = 0; which < outputs; ++which) {
    for (const double other : several ? std::vector<double>{-1, 0, 1} : std::vector<double>{0}) {
      const auto row_of = [&](double x) {
        std::vector<double> row(group, other);
        row.front() = x;
        return row;
      };
      const std::string name =
          several ? "others " + number_text(other) : fmt::format("output {}", which + 1);
      add_line(f, name, which, row_of, picture);
    }
  }
  return picture;
}

// The gate over both operands.
Picture gate_picture(const Function& f) {
  Chart chart{.file = "values",
              .title = to_string(f) + " of its operands: a in the rows, b in the columns",
              .kind = Chart::Kind::cells,
              .x = {"b"},
              .y = {.label = "blue above 0, orange below; strongest from 6 on", .high = 6}};
  std::vector<double> operands;
  for (int i = -6; i <= 6; ++i) operands.push_back(i / 2.0);
  for (const double b : operands) chart.names.push_back(number_text(b));
  for (auto a = operands.rbegin(); a != operands.rend(); ++a) {
    Line line{number_text(*a), {}};
    for (std::size_t i = 0; i < operands.size(); ++i) {
      const std::vector<double> pair = {*a, operands[i]};
      line.points.push_back({static_cast<double>(i), evaluate<double>(f, pair, 2).front() + 0.0});
    }
    chart.lines.push_back(std::move(line));
  }
  return {std::move(chart), {}};
}

Picture slice_picture(const Function& f) {
  const auto* const gate = std::get_if<Gate>(&f);
  const bool second = gate != nullptr && std::holds_alternative<Glu>(*gate);
  Chart chart{.file = "slice",
              .title = fmt::format("{} over {} where {} = 1", to_string(f), second ? "b" : "a",
                                   second ? "a" : "b"),
              .x = {second ? "b, the operand that goes through the nonlinearity"
                           : "a, the operand that goes through the nonlinearity"},
              .y = {"f, f′, f″"}};
  chart.lines = derivatives_of(f, {0, 1, 2});
  const auto row_of = [&](double x) {
    return second ? std::vector<double>{1, x} : std::vector<double>{x, 1};
  };
  return {std::move(chart), {line_of(f, "f", 0, row_of, kCoarse)}};
}

std::vector<Picture> all_of(const Function& f, const FunctionFacts& facts) {
  const Kind kind = info(f).kind;
  if (facts.curve && facts.properties) {
    std::vector<Picture> all = {curve_picture(f, *facts.curve, *facts.properties)};
    if (kind == Kind::random) all.push_back(training_picture(f, 1));
    return all;
  }
  if (kind == Kind::gate) return {slice_picture(f), gate_picture(f)};
  if (kind == Kind::grouped) return {grouped_picture(f)};
  if (kind == Kind::learned) return {};
  std::vector<Picture> all = {row_picture(f)};
  if (kind == Kind::random) all.push_back(training_picture(f, 4));
  return all;
}

}  // namespace

Line clipped(const Line& line, const Box& box) {
  Line out{line.name, {}, line.look};
  for (std::size_t i = 0; i + 1 < line.points.size(); ++i) {
    const Point& a = line.points[i];
    const Point& b = line.points[i + 1];
    if (std::isnan(a.y) || std::isnan(b.y)) {
      add_gap(out);
      continue;
    }
    const Part part = part_in(box, a, b);
    if (part.from > part.to) continue;
    const bool goes_on = part.from == 0 && !out.points.empty() && !std::isnan(out.points.back().y);
    if (!goes_on) {
      add_gap(out);
      out.points.push_back(between(a, b, part.from));
    }
    out.points.push_back(between(a, b, part.to));
    if (part.to < 1) add_gap(out);
  }
  return out;
}

std::string table_of(const Picture& picture) {
  Chart chart = picture.chart;
  if (!picture.readings.empty()) chart.lines = picture.readings;
  return chart_table(chart);
}

Pictures pictures_of(const Function& f, const FunctionFacts& facts) {
  Pictures pictures{all_of(f, facts), {}};
  if (pictures.all.empty()) return pictures;
  const bool derivatives = facts.curve || info(f).kind == Kind::gate;
  const auto& lines = pictures.all.front().chart.lines;
  const std::size_t count = derivatives ? 2 : lines.size();
  pictures.curves.assign(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(count));
  return pictures;
}

}  // namespace actfn::lab
