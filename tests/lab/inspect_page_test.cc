// SPDX-License-Identifier: Apache-2.0
// What inspect says of made-up measurements, and its page.
#include "lab/inspect_page.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "comparisons.h"
#include "count.h"
#include "lab/inspect_charts.h"
#include "lab/inspect_cost.h"
#include "lab/inspect_sentences.h"

namespace actfn::lab {
namespace {

using testing::comparison_of;
using testing::count;
using testing::Curve;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr int kLayers = 20;

using Edit = std::function<void(LayerProbe&)>;

LayerProbe healthy(std::size_t activation, int epoch, int layer) {
  LayerProbe p{activation, 1, 0.001, epoch, layer, 32, 0.5, Units{0, 0, 0, 1, {}}};
  p.units->histogram.fill(10);
  p.more = Instruments{.mean = 0.1,
                       .variance = 0.25,
                       .weight_norm = 4,
                       .change = epoch == 0 ? 0 : 0.2,
                       .effective_rank = 20,
                       .training_seconds = epoch == 0 ? 0 : 0.1,
                       .pass_seconds = 0.001,
                       .units_seconds = 0.0005,
                       .activations_seconds = 0.0002,
                       .rank_seconds = 0.0003};
  return p;
}

Comparison comparison(const std::vector<Edit>& edits, int layers = kLayers) {
  std::vector<Curve> curves;
  const std::vector<Activation> functions = {Sigmoid{}, Relu{}};
  for (std::size_t a = 0; a < edits.size(); ++a) curves.push_back({functions[a], {0.9, 0.6, 0.5}});
  Comparison c = comparison_of(curves);
  c.settings.inspect = true;
  c.settings.hidden.assign(static_cast<std::size_t>(layers), 32);
  for (std::size_t a = 0; a < edits.size(); ++a) {
    for (int epoch = 0; epoch <= c.settings.epochs; ++epoch) {
      for (int layer = 1; layer <= layers; ++layer) {
        c.probes.push_back(healthy(a, epoch, layer));
        edits[a](c.probes.back());
      }
    }
  }
  return c;
}

const Edit kNothing = [](LayerProbe&) {};

// A tenth of the layer behind, and weights that stay where they are.
const Edit kVanishing = [](LayerProbe& p) {
  p.gradient_norm = 0.3 * std::pow(10, (p.layer - kLayers) * 8.5 / (kLayers - 1));
  if (p.layer < 10) p.more->change = 0;
};

const Edit kDying = [](LayerProbe& p) {
  if (p.epoch > 0 && p.layer == 20) p.units->dead = p.units->saturated = 0.375;
};

bool says(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

std::string first_line(const Edit& edit, int layers = kLayers) {
  return inspect_findings(comparison({edit}, layers)).front();
}

TEST(InspectSentences, VanishingGradientsArePlain) {
  const std::string line = first_line(kVanishing);
  EXPECT_TRUE(line.starts_with(
      "sigmoid: The gradient of layer 1 is 3e-9 of that of layer 20: layer 1 learns nothing."))
      << line;
  EXPECT_TRUE(says(line,
                   "Training has changed the weights of layer 1 by 0 %, and those of layer "
                   "10 by 20 %: layer 1 still does what chance has made it do."))
      << line;
}

// An optimizer that divides by the gradient's size moves the weights all the same.
TEST(InspectSentences, WhatHasMovedIsNotSaidToLearnNothing) {
  const std::string line = first_line([](LayerProbe& p) {
    kVanishing(p);
    p.more->change = 0.2;
  });
  EXPECT_TRUE(says(line,
                   "is 3e-9 of that of layer 20: layer 1 is told little, though its weights "
                   "have changed by 20 %."))
      << line;
}

TEST(InspectSentences, DeadUnitsArePlain) {
  const std::string line = first_line(kDying);
  EXPECT_TRUE(says(line,
                   "12 of 640 units are dead: moved by no sample, and learning nothing. All are "
                   "in layer 20."))
      << line;
  const std::string all = first_line([](LayerProbe& p) {
    if (p.layer == 7) p.units->dead = 1;
  });
  EXPECT_TRUE(says(all,
                   "All 32 units of layer 7 are dead: no gradient gets through, and no layer "
                   "before learns."))
      << all;
}

TEST(InspectSentences, CountsAreNumbersOfUnits) {
  const auto dead_in_one = [](double share, int width) {
    return first_line([=](LayerProbe& p) {
      p.width = width;
      if (p.layer == 3) p.units->dead = share;
      if (p.layer == 4) p.units->dead = share / 2;
    });
  };
  EXPECT_TRUE(
      says(dead_in_one(0.5, 1000),
           "750 of 20,000 units are dead: moved by no sample, and learning nothing. Layer 3 "
           "has the most, 500 of 1000."));
  EXPECT_TRUE(says(dead_in_one(0.05, 10), "0.8 of 200 units are dead")) << dead_in_one(0.05, 10);
  const std::string one = first_line([](LayerProbe& p) {
    if (p.layer == 3) p.units->dead = 1.0 / 32;
  });
  EXPECT_TRUE(says(one,
                   "1 of 640 units is dead: moved by no sample, and learning nothing. It is in "
                   "layer 3."))
      << one;
}

TEST(InspectSentences, AHealthyNetworkIsSaidToBeOne) {
  const std::string line = first_line(kNothing);
  EXPECT_TRUE(says(line,
                   "The gradient of layer 1 is about as large as that of layer 20: all layers "
                   "can learn. No unit is dead: some sample moves each of them."))
      << line;
  EXPECT_TRUE(says(line, "87.00 % of the test samples are classified correctly.")) << line;
}

TEST(InspectSentences, OtherGradients) {
  const auto at_ends = [](double first, double last) {
    return first_line([=](LayerProbe& p) {
      if (p.layer == 1) p.gradient_norm = first;
      if (p.layer == kLayers) p.gradient_norm = last;
    });
  };
  EXPECT_TRUE(says(at_ends(0.02, 0.5), "is 0.04 of that of layer 20: layer 1 learns more slowly."));
  EXPECT_TRUE(says(at_ends(0.1, 0.5), "is 0.2 of that of layer 20: all layers can learn."));
  EXPECT_TRUE(says(at_ends(60, 0.5), "is 120 times that of layer 20: it grows on its way back"));
  EXPECT_TRUE(says(at_ends(kNan, 0.5),
                   "The gradient of layer 1 is no finite number: training has "
                   "diverged."));
  EXPECT_TRUE(says(at_ends(0.5, 0), "No gradient comes from layer 20."));
  EXPECT_TRUE(says(first_line([](LayerProbe& p) { p.gradient_norm = 0; }),
                   "The gradient is 0 in every layer: nothing learns."));
  EXPECT_TRUE(says(first_line([](LayerProbe& p) {
                     if (p.layer == 5) p.gradient_norm = 1e-8;
                   }),
                   "The gradient of layer 5 is 2e-8 of that of layer 1"));
}

TEST(InspectSentences, RankAndVariance) {
  const std::string line = first_line([](LayerProbe& p) {
    if (p.layer == kLayers) p.more->effective_rank = 1.02;
  });
  EXPECT_TRUE(says(line,
                   "The features fill 20.0 of 32 directions in layer 1 and 1.0 of 32 directions in "
                   "layer 20: all "
                   "samples lie on nearly one line, and little is left to tell them apart "
                   "by."))
      << line;
  const Comparison c = comparison({[](LayerProbe& p) { p.more->variance = std::exp2(-p.layer); }});
  EXPECT_TRUE(says(inspect_page(c), "The variance is 0.5 in layer 1 and 1 × 10⁻⁶ in layer 20"));
}

TEST(InspectSentences, Figures) {
  EXPECT_EQ(report::rough_number(3e-9), "3e-9");
  EXPECT_EQ(report::rough_number(3.4e-12), "3e-12");
  EXPECT_EQ(report::rough_number(0.25), "0.25");
  EXPECT_EQ(report::rough_number(0), "0");
  EXPECT_EQ(report::rough_number(123.4), "123");
  EXPECT_EQ(report::rough_number(-0.5), "-0.5");
}

TEST(InspectPage, TheTitleIsWhatWasSeen) {
  EXPECT_TRUE(says(inspect_page(comparison({kVanishing, kNothing})),
                   "<h1>sigmoid: layer 1 learns nothing</h1>"));
  EXPECT_TRUE(says(inspect_page(comparison({kNothing, kNothing})),
                   "<h1>Every layer gets a gradient, and few units are dead</h1>"));
}

TEST(InspectPage, HasAPictureWithASentenceForEachInstrumentAndNetwork) {
  const std::string html = inspect_page(comparison({kVanishing, kDying}));
  const std::size_t all = report::instruments().size();
  EXPECT_EQ(count(html, "<figure class=\"multiple\">"), 2 * all);
  EXPECT_EQ(count(html, "<svg class=\"chart\""), 2 * all);
  EXPECT_EQ(count(html, "<summary>As a table</summary>"), 2 * all);
  EXPECT_EQ(count(html, "<figure class=\"inside histogram\""), 2U * kLayers);
  EXPECT_TRUE(says(html,
                   "The gradient of layer 1 is 3 × 10⁻⁹ of that of layer 20: layer 1 learns "
                   "nothing.</figcaption>"));
  EXPECT_TRUE(says(html, "12 of 640 units are dead"));
  EXPECT_EQ(html.find("nan"), std::string::npos);
  EXPECT_EQ(html.find("<script"), std::string::npos);
}

TEST(InspectPage, PicturesStandAlone) {
  const std::vector<Chart> charts = inspect_figures(comparison({kVanishing, kDying}));
  ASSERT_EQ(charts.size(), 2 * report::instruments().size());
  EXPECT_EQ(charts[0].file, "gradient-sigmoid");
  EXPECT_EQ(charts[1].file, "gradient-relu");
  EXPECT_EQ(charts[0].title,
            "sigmoid: The gradient of layer 1 is 3e-9 of that of layer 20: layer 1 learns nothing");
}

TEST(InspectPage, MultiplesReachEquallyFar) {
  const Comparison c = comparison({kVanishing, kNothing});
  const report::Overview overview = report::summarize(c);
  std::vector<std::vector<report::InsideLayer>> networks(2);
  for (const report::InsideLayer& layer : report::inside_layers(c, overview)) {
    networks[layer.series->index].push_back(layer);
  }
  const std::vector<report::Depth> depths(networks.begin(), networks.end());
  const auto charts = report::multiples(report::instruments().front(), depths);
  ASSERT_EQ(charts.size(), 2U);
  EXPECT_EQ(charts[0].y.low, charts[1].y.low);
  EXPECT_EQ(charts[0].y.high, 0.5);
  ASSERT_EQ(charts[0].lines.size(), 3U);  // before, between, after
  EXPECT_EQ(charts[0].lines.front().name, "start");
  EXPECT_EQ(charts[0].lines.back().name, "epoch 3");
  EXPECT_EQ(charts[0].lines.back().points.size(), 20U);
}

TEST(InspectPage, FewLayersAreDrawnOverEpochs) {
  const std::string html = inspect_page(comparison({kNothing}, 2));
  EXPECT_TRUE(says(html, ">layer 2</text>"));
  EXPECT_TRUE(says(html, ">epoch</text>"));
  const std::string one = inspect_page(comparison({kNothing}, 1));
  EXPECT_TRUE(says(one, "The gradient of the hidden layer has a norm of 0.5."));
}

TEST(InspectPage, FunctionsWithoutACurveHaveNoUnits) {
  const std::string html =
      inspect_page(comparison({[](LayerProbe& p) { p.units = std::nullopt; }}));
  EXPECT_FALSE(says(html, "id=\"dead\""));
  EXPECT_FALSE(says(html, "id=\"pre-activations\""));
  EXPECT_TRUE(says(html, "id=\"rank\""));
  EXPECT_EQ(html.find("nan"), std::string::npos);
}

TEST(InspectPage, SaysWhatTheInstrumentsCost) {
  const Comparison c = comparison({kNothing});  // 20 layers, 4 looks of 2 ms, 3 epochs of 0.1 s
  EXPECT_EQ(report::cost_sentence(c.probes),
            "The instruments took 160 ms, 2.7 % of the 6.00 s of training.");
  EXPECT_TRUE(says(inspect_page(c), "<td>1.33 %</td>"));  // the passes
  const Comparison dear = comparison({[](LayerProbe& p) { p.more->rank_seconds = 0.1; }});
  EXPECT_TRUE(says(report::cost_sentence(dear.probes), "--every N looks less often."));
}

Inspection saved() {
  Inspection i;
  i.network = {"out/weights/relu-seed-1.safetensors", "relu-seed-1", "linear(4,8)+relu+linear(8,3)",
               67};
  i.data = "/data/iris.csv";
  i.samples = 15;
  i.part = "held-out";
  i.command = "actfn inspect --weights out/weights/relu-seed-1.safetensors --data iris.csv";
  i.test = {0.5, 0.875};
  i.layers = {healthy(0, 0, 1), healthy(0, 0, 2)};
  for (LayerProbe& p : i.layers) p.more->change = std::nullopt;
  return i;
}

TEST(InspectPage, OfASavedNetwork) {
  const std::string html = inspect_page(saved());
  EXPECT_TRUE(says(html, "the same 15 held-out samples"));
  EXPECT_TRUE(says(html, "linear(4,8)+relu+linear(8,3)"));
  EXPECT_FALSE(says(html, "id=\"change\""));
  EXPECT_TRUE(says(html, "87.50"));
  EXPECT_EQ(html.find("nan"), std::string::npos);
  const auto lines = inspect_findings(saved());
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_TRUE(lines[0].starts_with("relu-seed-1: The gradient of layer 1 is about as large as "));
  EXPECT_EQ(lines[1], "The instruments took 4 ms.");
}

}  // namespace
}  // namespace actfn::lab
