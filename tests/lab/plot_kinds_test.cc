// SPDX-License-Identifier: Apache-2.0
// What a plot shows of functions of each kind: the figure, without gnuplot.
#include "lab/plot_figure.h"

#include <actfn/elementwise.h>
#include <actfn/error.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace actfn::lab {
namespace {

PlotOptions options_of(const std::vector<std::string>& specs, std::vector<int> orders = {}) {
  PlotOptions options;
  for (const std::string& spec : specs) options.functions.push_back(parse_function(spec));
  options.orders = std::move(orders);
  return options;
}

std::string refusal(const PlotOptions& options) {
  try {
    figure_of(options);
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

// Each curve's points are those of `f` and its derivatives.
void expect_curve(const Figure& figure, const Activation& f) {
  for (const Panel& panel : figure.panels) {
    ASSERT_EQ(panel.curves.size(), 1U);
    std::size_t points = 0;
    for (const CurvePiece& piece : panel.curves[0]) {
      for (const CurvePoint& point : piece) {
        const ConstTensor x(&point.x, 1);
        float y = 0;
        if (panel.order == 0) forward(f, x, {&y, 1});
        if (panel.order == 1) derivative(f, x, {&y, 1});
        if (panel.order == 2) second_derivative(f, x, {&y, 1});
        ASSERT_NEAR(point.y, y, 1e-6 * (1 + std::fabs(y))) << "at " << point.x;
        ++points;
      }
    }
    EXPECT_GT(points, 1U);
  }
}

TEST(PlotKinds, CurvesAreThoseThatTheLabelsName) {
  struct Case {
    std::string spec, label;
    Activation curve;
  };
  const std::vector<Case> all = {
      {"mish", "mish", Mish{}},
      {"noisy_relu", "noisy_relu (in evaluation)", Relu{}},
      {"rrelu(lower=0.1,upper=0.3)", "rrelu(lower=0.1,upper=0.3) (in evaluation)", LeakyRelu{0.2}},
      {"prelu(weight=0.5)", "prelu(init=0.5) (before training)", LeakyRelu{0.5}},
      {"learnable(swish(beta=2))", "learnable(swish(beta=2)) (before training)", Swish{2}},
      {"swiglu", "swiglu (b = 1)", Silu{}},
      {"gated(elu)", "gated(elu) (b = 1)", Elu{}},
      {"glu", "glu (a = 1)", Sigmoid{}},
      {"bilinear", "bilinear (b = 1)", Identity{}}};
  for (const Case& c : all) {
    SCOPED_TRACE(c.spec);
    const Figure figure = figure_of(options_of({c.spec}, {0, 1, 2}));
    EXPECT_EQ(figure.labels, std::vector<std::string>{c.label});
    ASSERT_EQ(figure.panels.size(), 3U);
    expect_curve(figure, c.curve);
  }
}

TEST(PlotKinds, TheUsualPanelsAreTheValueAndItsDerivative) {
  const Figure figure = figure_of(options_of({"tanh"}));
  ASSERT_EQ(figure.panels.size(), 2U);
  EXPECT_EQ(figure.panels[0].order, 0);
  EXPECT_EQ(figure.panels[1].order, 1);
}

TEST(PlotKinds, ARangeOfYIsWhatIsSeen) {
  PlotOptions options = options_of({"exp", "tanh"}, {0, 2});
  options.y = PlotRange{-0.5, 2};
  for (const Panel& panel : figure_of(options).panels) {
    EXPECT_EQ(panel.low, -0.5);
    EXPECT_EQ(panel.high, 2);
  }
}

// A cell of a curve that leaves the view at once would cost 10^38 points.
TEST(PlotKinds, WhatIsOutOfViewCostsNoPoints) {
  PlotOptions options = options_of({"exp", "identity"}, {0});
  options.range = {-80, 88};
  options.y = PlotRange{0, 1};
  EXPECT_LT(text_script(figure_of(options), 80, 24, false).size(), 100000U);
}

TEST(PlotKinds, BarsStandOnZeroAndEndAtTheValues) {
  PlotOptions options = options_of({"softmax", "log_softmax"});
  options.row = {1, -2, 0.5F};
  const Figure figure = figure_of(options);
  EXPECT_EQ(figure.bar_names, std::vector<std::string>({"1", "-2", "0.5"}));
  ASSERT_EQ(figure.panels.size(), 1U);
  std::vector<float> y(options.row.size());
  for (std::size_t f = 0; f < 2; ++f) {
    forward(std::get<RowActivation>(options.functions[f]), options.row, -1, y);
    const auto& bars = figure.panels[0].curves[f];
    ASSERT_EQ(bars.size(), y.size());
    for (std::size_t i = 0; i < y.size(); ++i) {
      EXPECT_EQ(bars[i].front().y, 0);
      EXPECT_EQ(bars[i][1].y, y[i]);
      EXPECT_GT(bars[i][2].x, bars[i][1].x);
      EXPECT_NEAR(bars[i].front().x, static_cast<double>(i) + 1, 0.5);
    }
  }
  EXPECT_LT(figure.panels[0].low, y[1]);
  EXPECT_GT(figure.panels[0].high, 0);
}

TEST(PlotKinds, RefusalsNameTheFunctionAndTheReason) {
  EXPECT_EQ(refusal(options_of({"crelu"})),
            "[plot] crelu is a grouped function without a curve to draw: actfn eval and actfn show "
            "give its numbers");
  EXPECT_EQ(refusal(options_of({"gelu", "softmax"})),
            "[plot] softmax is drawn as bars and gelu is not: plot them one by one");
  EXPECT_EQ(refusal(options_of({"softmax"}, {0, 1})),
            "[softmax] order must be 0, got 1: bars show values");
  PlotOptions options = options_of({"swiglu"});
  options.row = {1};
  EXPECT_EQ(refusal(options), "[plot] row is for functions of a row, and swiglu is a gate");
  options.row = {};
  options.y = PlotRange{1, 1};
  EXPECT_EQ(refusal(options), "[plot] y must be A:B, finite and A < B, got 1:1");
}

}  // namespace
}  // namespace actfn::lab
