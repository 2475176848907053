// SPDX-License-Identifier: Apache-2.0
#include "lab/plot_figure.h"

#include <actfn/elementwise.h>
#include <actfn/error.h>

#include "catalogue/error.h"
#include "catalogue/lists.h"
#include "catalogue/number.h"
#include "lab/evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <utility>

namespace actfn::lab {
namespace {

using Sampler = std::function<void(int order, std::span<const float> x, std::span<float> y)>;

// What is drawn of a function.
struct Source {
  std::string label;
  Sampler sample;
};

void sample(const Activation& f, int order, std::span<const float> x, std::span<float> y) {
  if (order == 0) return forward(f, x, y);
  (order == 1 ? derivative : second_derivative)(f, x, y, {});
}

// The gate is the operand that goes through the nonlinearity: b in glu, else a. The other is 1.
void sample_gate(const Gate& f, int order, std::span<const float> x, std::span<float> y) {
  const std::size_t n = x.size();
  const std::size_t gate = std::holds_alternative<Glu>(f) ? n : 0;  // where it is in a pair
  const Shape pair = {2, n};
  const Shape single = {1, n};
  std::vector<float> both(2 * n, 1.0F);
  std::copy(x.begin(), x.end(), both.begin() + static_cast<std::ptrdiff_t>(gate));
  const ConstTensor ab(both, pair);
  if (order == 0) return forward(f, ab, 0, Tensor(y.data(), single));
  const std::vector<float> ones(n, 1.0F);
  std::vector<float> gradient(2 * n);
  if (order == 1) {
    backward(f, ab, ConstTensor(ones, single), 0, Tensor(gradient, pair));
  } else {
    std::vector<float> direction(2 * n, 0.0F);
    std::fill_n(direction.begin() + static_cast<std::ptrdiff_t>(gate), n, 1.0F);
    std::vector<float> unused(n);
    double_backward(f, ab, ConstTensor(ones, single), ConstTensor(direction, pair), 0,
                    Tensor(unused, single), Tensor(gradient, pair));
  }
  std::copy_n(gradient.begin() + static_cast<std::ptrdiff_t>(gate), n, y.begin());
}

Source source_of(const Function& f) {
  const Kind kind = info(f).kind;
  if (const auto* const gate = std::get_if<Gate>(&f)) {
    const char* const other = std::holds_alternative<Glu>(*gate) ? " (a = 1)" : " (b = 1)";
    return {to_string(f) + other, [g = *gate](int order, std::span<const float> x,
                                              std::span<float> y) { sample_gate(g, order, x, y); }};
  }
  const auto curve = curve_of(f);
  if (!curve) {
    fail("plot", {to_string(f), " is ", functions::described(f),
                  " without a curve to draw: actfn eval and actfn show give its numbers"});
  }
  const char* const when = kind == Kind::random    ? " (in evaluation)"
                           : kind == Kind::learned ? " (before training)"
                                                   : "";
  return {to_string(f) + when, [g = *curve](int order, std::span<const float> x,
                                            std::span<float> y) { sample(g, order, x, y); }};
}

// One derivative of one function.
struct Curve {
  const Source& source;
  int order;

  void operator()(std::span<const float> x, std::span<float> y) const {
    source.sample(order, x, y);
  }

  CurvePoint at(float x) const {
    CurvePoint point{x, 0};
    (*this)({&point.x, 1}, {&point.y, 1});
    return point;
  }
};

std::vector<float> sample_positions(const PlotRange& range) {
  constexpr int steps = 2000;
  std::vector<float> x;
  for (int i = 0; i <= steps; ++i) {
    const double t = static_cast<double>(i) / steps;
    const auto next = static_cast<float>(range.lo * (1 - t) + range.hi * t);
    if (x.empty() || next > x.back()) x.push_back(next);
  }
  return x;
}

// The least and the greatest finite value; no value at all gives lowest > highest.
struct Extent {
  double lowest = std::numeric_limits<double>::infinity();
  double highest = -std::numeric_limits<double>::infinity();

  void add(float y) {
    if (!std::isfinite(y)) return;
    lowest = std::min<double>(lowest, y);
    highest = std::max<double>(highest, y);
  }
};

// Closes in on the steepest place between two samples. Where most of the step is still there
// between neighbouring numbers, f jumps, and a line would show what is not so. Samples that are
// close to begin with tell nothing.
std::optional<std::pair<CurvePoint, CurvePoint>> find_jump(const Curve& f, CurvePoint left,
                                                           CurvePoint right) {
  constexpr int enough_halvings = 8;
  const auto step = [](CurvePoint a, CurvePoint b) { return std::fabs(double{b.y} - a.y); };
  const double whole = step(left, right);
  for (int halvings = 0;; ++halvings) {
    const float x = left.x / 2 + right.x / 2;
    if (x <= left.x || right.x <= x) {
      if (halvings < enough_halvings) return std::nullopt;
      return std::pair{left, right};
    }
    const CurvePoint middle = f.at(x);
    if (!std::isfinite(middle.y)) return std::nullopt;
    (step(left, middle) > step(middle, right) ? right : left) = middle;
    if (step(left, right) <= whole / 2) return std::nullopt;
  }
}

// Splits samples at jumps higher than `visible` and at values that are not finite.
std::vector<CurvePiece> split(const Curve& f, std::span<const float> x, std::span<const float> y,
                              double visible) {
  std::vector<CurvePiece> pieces(1);
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!std::isfinite(y[i])) {
      if (!pieces.back().empty()) pieces.emplace_back();
      continue;
    }
    const CurvePoint point{x[i], y[i]};
    CurvePiece& piece = pieces.back();
    if (!piece.empty() && std::fabs(double{point.y} - piece.back().y) > visible) {
      if (const auto jump = find_jump(f, piece.back(), point)) {
        piece.push_back(jump->first);
        pieces.push_back({jump->second});
      }
    }
    pieces.back().push_back(point);
  }
  return pieces;
}

// Drops points that a line between their neighbours passes by less than `tolerance` in y.
void thin_out(std::span<const CurvePoint> points, double tolerance, CurvePiece& kept) {
  const CurvePoint first = points.front();
  const CurvePoint last = points.back();
  const double slope = (double{last.y} - first.y) / (double{last.x} - first.x);
  std::size_t farthest = 0;
  double largest = tolerance;
  for (std::size_t i = 1; i + 1 < points.size(); ++i) {
    const double line = first.y + slope * (double{points[i].x} - first.x);
    const double distance = std::fabs(points[i].y - line);
    if (distance > largest) farthest = i, largest = distance;
  }
  if (farthest == 0) {
    kept.push_back(last);
    return;
  }
  thin_out(points.first(farthest + 1), tolerance, kept);
  thin_out(points.subspan(farthest), tolerance, kept);
}

void thin_out(Panel& panel) {
  const double tolerance = 5e-5 * (panel.high - panel.low);
  for (auto& curve : panel.curves) {
    for (CurvePiece& piece : curve) {
      if (piece.size() < 3) continue;
      CurvePiece kept = {piece.front()};
      thin_out(piece, tolerance, kept);
      piece = std::move(kept);
    }
  }
}

// What is seen of y: the range asked for, or all values and a margin.
void set_view(Panel& panel, const std::optional<PlotRange>& wanted, Extent all) {
  if (wanted) {
    panel.low = wanted->lo;
    panel.high = wanted->hi;
    return;
  }
  if (all.lowest > all.highest) all = {0, 0};
  const double span = all.highest - all.lowest;
  const double margin = span > 0 ? 0.05 * span : std::max(1.0, std::fabs(all.highest) / 2);
  panel.low = all.lowest - margin;
  panel.high = all.highest + margin;
}

Panel sample_panel(const PlotOptions& options, std::span<const Source> sources, int order) {
  const std::vector<float> x = sample_positions(options.range.value_or(PlotRange{}));
  Panel panel{order, {}, 0, 0};
  Extent all;
  for (const Source& source : sources) {
    const Curve f{source, order};
    std::vector<float> y(x.size());
    f(x, y);
    Extent own;
    std::for_each(y.begin(), y.end(), [&](float value) { own.add(value), all.add(value); });
    panel.curves.push_back(split(f, x, y, 1e-3 * (own.highest - own.lowest)));
  }
  set_view(panel, options.y, all);
  thin_out(panel);
  return panel;
}

bool is_drawable(const PlotRange& range) {
  const double largest = std::numeric_limits<float>::max();
  // Written so that NaN fails.
  return range.lo >= -largest && range.hi <= largest &&
         static_cast<float>(range.lo) < static_cast<float>(range.hi);
}

Error bad_range(std::string_view name, std::string_view got) {
  return Error{fmt::format("[plot] {} must be A:B, finite and A < B, got {}", name, got)};
}

std::string range_text(const PlotRange& range) {
  return fmt::format("{}:{}", write_both(range.lo), write_both(range.hi));
}

void check(const PlotRange& range, std::string_view name) {
  if (!is_drawable(range)) throw bad_range(name, range_text(range));
}

void check(const PlotOptions& options) {
  if (options.functions.empty()) throw Error("[plot] there must be a function, got none");
  for (const int order : options.orders) {
    if (order >= 0 && order <= kHighestOrder) continue;
    throw Error(fmt::format("[plot] order must be 0, 1 or 2, got {}", order));
  }
  check(options.range.value_or(PlotRange{}), "range");
  if (options.range && has_bars(options)) {
    throw Error(fmt::format("[plot] range is for curves, and {} is drawn as bars",
                            to_string(options.functions.front())));
  }
  if (options.y) check(*options.y, "y");
  if (!options.row.empty() && !has_bars(options)) {
    throw Error(fmt::format("[plot] row is for functions of a row, and {} is {}",
                            to_string(options.functions.front()),
                            functions::described(options.functions.front())));
  }
}

}  // namespace

PlotRange parse_range(std::string_view text, std::string_view name) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) throw bad_range(name, text);
  const auto lo = read_number<double>(text.substr(0, colon));
  const auto hi = read_number<double>(text.substr(colon + 1));
  if (!lo || !hi) throw bad_range(name, text);
  if (is_drawable({*lo, *hi})) return {*lo, *hi};
  const std::string rounded = range_text({*lo, *hi});
  throw bad_range(name, rounded.find('(') != std::string::npos ? rounded : text);
}

Figure figure_of(const PlotOptions& options) {
  check(options);
  if (has_bars(options)) return bars_of(options);
  Figure figure;
  const PlotRange range = options.range.value_or(PlotRange{});
  figure.low = static_cast<float>(range.lo);
  figure.high = static_cast<float>(range.hi);
  std::vector<Source> sources;
  for (const Function& f : options.functions) {
    sources.push_back(source_of(f));
    figure.labels.push_back(sources.back().label);
  }
  const std::vector<int> usual = {0, 1};
  for (const int order : options.orders.empty() ? usual : options.orders) {
    const auto is_same = [&](const Panel& panel) { return panel.order == order; };
    if (std::any_of(figure.panels.begin(), figure.panels.end(), is_same)) continue;
    figure.panels.push_back(sample_panel(options, sources, order));
  }
  return figure;
}

}  // namespace actfn::lab
