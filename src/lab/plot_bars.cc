// SPDX-License-Identifier: Apache-2.0
// Functions of a row as bars, one for each number of the row.
#include "lab/plot_figure.h"

#include <actfn/error.h>

#include "catalogue/error.h"
#include "catalogue/lists.h"
#include "catalogue/number.h"
#include "lab/evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace actfn::lab {
namespace {

const std::vector<float> kUsualRow = {3, 1, 0.5, 0, -1};

// One number for each of the row, of which each depends on all.
bool is_bars(const Function& f) {
  const Kind kind = info(f).kind;
  if (kind != Kind::row && kind != Kind::random) return false;
  constexpr std::size_t kSome = 4;
  return !curve_of(f) && output_shape(f, {kSome}) == Shape{kSome};
}

struct Bars {
  std::vector<std::string> labels;
  std::vector<float> row;
  std::vector<std::vector<float>> values;  // by function
  double low = 0, high = 0;                // of the finite values, and 0
};

Bars sample(const PlotOptions& options) {
  Bars bars;
  bars.row = options.row.empty() ? kUsualRow : options.row;
  for (const Function& f : options.functions) {
    for (const int order : options.orders) {
      if (order != 0) fail(info(f).name, {"order must be 0, got ", order, ": bars show values"});
    }
    const bool in_evaluation = info(f).kind == Kind::random;
    bars.labels.push_back(to_string(f) + (in_evaluation ? " (in evaluation)" : ""));
    bars.values.push_back(evaluate<float>(f, bars.row, bars.row.size()));
    for (const float y : bars.values.back()) {
      if (!std::isfinite(y)) continue;
      bars.low = std::min<double>(bars.low, y);
      bars.high = std::max<double>(bars.high, y);
    }
  }
  if (options.y) {
    bars.low = options.y->lo;
    bars.high = options.y->hi;
  } else if (bars.low == bars.high) {
    bars.high = 1;
  }
  return bars;
}

// The bars of one number stand side by side, four fifths of the room from one number to the next.
CurvePiece outline(std::size_t place, std::size_t function, std::size_t functions, float y) {
  constexpr float kRoom = 0.8F;
  const float width = kRoom / static_cast<float>(functions);
  const float left =
      static_cast<float>(place + 1) - kRoom / 2 + width * static_cast<float>(function);
  const float right = left + 0.9F * width;
  return {{left, 0}, {left, y}, {right, y}, {right, 0}, {left, 0}};
}

// A bar of '#' from 0 to y on a line of `width` characters.
std::string line_of(const Bars& bars, float y, int width) {
  std::string line(static_cast<std::size_t>(width), ' ');
  if (!std::isfinite(y)) return line;
  const auto column = [&](double v) {
    const double part = (std::clamp(v, bars.low, bars.high) - bars.low) / (bars.high - bars.low);
    return static_cast<std::ptrdiff_t>(std::lround(part * width));
  };
  const auto [first, last] = std::minmax({column(0), column(y)});
  std::fill(line.begin() + first, line.begin() + last, '#');
  return line;
}

}  // namespace

bool has_bars(const PlotOptions& options) {
  const auto& all = options.functions;
  const auto other = std::find_if_not(all.begin(), all.end(), is_bars);
  if (other == all.end()) return !all.empty();
  const auto bars = std::find_if(all.begin(), all.end(), is_bars);
  if (bars == all.end()) return false;
  throw Error(fmt::format("[plot] {} is drawn as bars and {} is not: plot them one by one",
                          to_string(*bars), to_string(*other)));
}

Figure bars_of(const PlotOptions& options) {
  const Bars bars = sample(options);
  Figure figure;
  figure.labels = bars.labels;
  figure.low = 0.5;
  figure.high = static_cast<double>(bars.row.size()) + 0.5;
  for (const float x : bars.row) figure.bar_names.push_back(write_number(x));
  const double margin = options.y ? 0 : 0.05 * (bars.high - bars.low);
  Panel panel{0,
              {},
              bars.low < 0 ? bars.low - margin : bars.low,
              bars.high > 0 ? bars.high + margin : bars.high};
  for (std::size_t f = 0; f < bars.values.size(); ++f) {
    auto& pieces = panel.curves.emplace_back();
    for (std::size_t i = 0; i < bars.row.size(); ++i) {
      const float y = bars.values[f][i];
      if (std::isfinite(y)) pieces.push_back(outline(i, f, bars.values.size(), y));
    }
  }
  figure.panels.push_back(std::move(panel));
  return figure;
}

std::string bars_as_text(const PlotOptions& options, int columns) {
  const Bars bars = sample(options);
  constexpr int kNumber = 10;  // characters of a number with 4 digits, and a space
  const int width = std::max(8, columns - 2 * kNumber - 2);
  std::string out;
  for (std::size_t f = 0; f < bars.values.size(); ++f) {
    out +=
        (f == 0 ? "" : "\n") + bars.labels[f].substr(0, static_cast<std::size_t>(columns)) + "\n";
    for (std::size_t i = 0; i < bars.row.size(); ++i) {
      const float y = bars.values[f][i];
      out += fmt::format("{:>{}.4g} |{}|{:>{}.4g}\n", bars.row[i], kNumber - 1,
                         line_of(bars, y, width - 1), y, kNumber);
    }
  }
  return out;
}

}  // namespace actfn::lab
