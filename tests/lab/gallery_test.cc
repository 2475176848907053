// SPDX-License-Identifier: Apache-2.0
// The computed properties of functions against known ones, and the pages made of them.
#include "lab/gallery.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <ostream>
#include <set>

#include "count.h"
#include "lab/curve_facts.h"
#include "lab/properties_kinds.h"
#include "lab/report_text.h"

namespace actfn::lab {
namespace {

using testing::count;

constexpr double kInf = HUGE_VAL;

Properties of(std::string_view spec) { return properties_of(parse(spec)); }

struct Range {
  const char* spec;
  double low, high;
  bool low_reached, high_reached;
};
std::ostream& operator<<(std::ostream& out, const Range& r) { return out << r.spec; }

class Ranges : public ::testing::TestWithParam<Range> {};

TEST_P(Ranges, AreThoseThatAreKnown) {
  const Range& known = GetParam();
  const Properties p = of(known.spec);
  constexpr double kDigits = 5e-6;
  const auto expect_near = [&](double got, double want) {
    if (std::isinf(want)) {
      EXPECT_EQ(got, want);
    } else {
      EXPECT_NEAR(got, want, kDigits);
    }
  };
  expect_near(p.low.value, known.low);
  expect_near(p.high.value, known.high);
  EXPECT_EQ(p.low.reached, known.low_reached);
  EXPECT_EQ(p.high.reached, known.high_reached);
}

INSTANTIATE_TEST_SUITE_P(
    Known, Ranges,
    ::testing::Values(
        Range{"relu", 0, kInf, true, false}, Range{"sigmoid", 0, 1, false, false},
        Range{"tanh", -1, 1, false, false}, Range{"softsign", -1, 1, false, false},
        Range{"gelu", -0.169971, kInf, true, false}, Range{"silu", -0.278465, kInf, true, false},
        Range{"mish", -0.308843, kInf, true, false}, Range{"hardtanh", -1, 1, true, true},
        Range{"relu6", 0, 6, true, true}, Range{"step", 0, 1, true, true},
        Range{"gaussian", 0, 1, false, true}, Range{"elu(alpha=2)", -2, kInf, false, false},
        Range{"sine", -1, 1, true, true}, Range{"exp", 0, kInf, false, false},
        Range{"log_sigmoid", -kInf, 0, false, false}, Range{"hardswish", -0.375, kInf, true, false},
        Range{"identity", -kInf, kInf, false, false},
        Range{"softplus_inverse", -kInf, kInf, false, false}));

struct Shaped {
  const char* spec;
  Trend trend;
  Bend bend;
  Symmetry symmetry;
  int smooth_to;  // 9: all derivatives are continuous
};
std::ostream& operator<<(std::ostream& out, const Shaped& s) { return out << s.spec; }

class Shapes : public ::testing::TestWithParam<Shaped> {};

TEST_P(Shapes, AreThoseThatAreKnown) {
  const Shaped& known = GetParam();
  const Properties p = of(known.spec);
  EXPECT_EQ(p.trend, known.trend);
  EXPECT_EQ(p.bend, known.bend);
  EXPECT_EQ(p.symmetry, known.symmetry);
  EXPECT_EQ(p.smooth_to().value_or(9), known.smooth_to);
}

INSTANTIATE_TEST_SUITE_P(
    Known, Shapes,
    ::testing::Values(
        Shaped{"relu", Trend::not_decreasing, Bend::convex, Symmetry::none, 0},
        Shaped{"identity", Trend::increasing, Bend::straight, Symmetry::odd, 9},
        Shaped{"tanh", Trend::increasing, Bend::none, Symmetry::odd, 9},
        Shaped{"sigmoid", Trend::increasing, Bend::none, Symmetry::point, 9},
        Shaped{"softsign", Trend::increasing, Bend::none, Symmetry::odd, 1},
        Shaped{"gelu", Trend::none, Bend::none, Symmetry::none, 9},
        Shaped{"elu", Trend::increasing, Bend::convex, Symmetry::none, 1},
        Shaped{"elu(alpha=2)", Trend::increasing, Bend::none, Symmetry::none, 0},
        Shaped{"isrlu", Trend::increasing, Bend::convex, Symmetry::none, 2},
        Shaped{"elish", Trend::none, Bend::none, Symmetry::none, 1},
        Shaped{"relu_squared", Trend::not_decreasing, Bend::convex, Symmetry::none, 1},
        Shaped{"hardshrink", Trend::not_decreasing, Bend::none, Symmetry::odd, -1},
        Shaped{"softshrink", Trend::not_decreasing, Bend::none, Symmetry::odd, 0},
        Shaped{"step", Trend::not_decreasing, Bend::none, Symmetry::none, -1},
        Shaped{"threshold(threshold=0.1,value=20)", Trend::none, Bend::none, Symmetry::none, -1},
        Shaped{"exp", Trend::increasing, Bend::convex, Symmetry::none, 9},
        Shaped{"log_sigmoid", Trend::increasing, Bend::concave, Symmetry::none, 9},
        Shaped{"softplus", Trend::increasing, Bend::convex, Symmetry::none, 9},
        Shaped{"gaussian", Trend::none, Bend::none, Symmetry::even, 9},
        Shaped{"lisht", Trend::none, Bend::none, Symmetry::even, 9},
        Shaped{"sine(omega=1000)", Trend::none, Bend::none, Symmetry::odd, 9},
        Shaped{"snake", Trend::increasing, Bend::none, Symmetry::none, 9}));

TEST(Lipschitz, IsTheGreatestSlope) {
  EXPECT_NEAR(of("gelu").slope.value, 1.1289, 5e-5);
  EXPECT_NEAR(of("gelu").slope.at.value_or(0), std::numbers::sqrt2, 1e-9);
  EXPECT_NEAR(of("sigmoid").slope.value, 0.25, 1e-12);
  EXPECT_NEAR(of("silu").slope.value, 1.0998, 5e-5);
  EXPECT_DOUBLE_EQ(of("relu").slope.value, 1);
  EXPECT_DOUBLE_EQ(of("softplus").slope.value, 1);
  EXPECT_DOUBLE_EQ(of("leaky_relu(negative_slope=3)").slope.value, 3);
  EXPECT_NEAR(of("sine(omega=30)").slope.value, 30, 1e-9);
  EXPECT_EQ(of("exp").slope.value, kInf);
  EXPECT_EQ(of("hardshrink").slope.value, kInf);  // it jumps
}

TEST(Normal, HasTheMomentsThatAreKnown) {
  const Properties relu = of("relu");
  EXPECT_NEAR(relu.normal.mean, 1 / std::sqrt(2 * std::numbers::pi), 1e-10);
  EXPECT_NEAR(relu.normal.variance, 0.5 - 1 / (2 * std::numbers::pi), 1e-10);
  EXPECT_NEAR(relu.gain, std::numbers::sqrt2, 1e-9);
  EXPECT_NEAR(relu.square_of_slope, 0.5, 1e-10);
  EXPECT_NEAR(relu.share_of_zeros, 0.5, 1e-12);
  EXPECT_NEAR(of("exp").normal.mean, std::exp(0.5), 1e-9);
  EXPECT_NEAR(of("sigmoid").normal.mean, 0.5, 1e-10);
  EXPECT_NEAR(of("tanh").normal.mean, 0, 1e-10);
  EXPECT_NEAR(of("star_relu").normal.mean, 0, 1e-9);
  EXPECT_NEAR(of("star_relu").normal.variance, 1, 1e-9);
  EXPECT_NEAR(of("step(threshold=0.3)").normal.mean, 0.5 * std::erfc(0.3 / std::numbers::sqrt2),
              1e-10);
  EXPECT_NEAR(of("gaussian").normal.mean, 1 / std::sqrt(3), 1e-10);
  EXPECT_TRUE(std::isnan(of("softplus_inverse").normal.mean));
}

TEST(Fixed, VarianceOfSeluIsOneAndAttracts) {
  const Properties selu = of("selu");
  ASSERT_EQ(selu.fixed_variances.size(), 1U);
  EXPECT_NEAR(selu.fixed_variances[0].variance, 1, 1e-6);
  EXPECT_NEAR(selu.fixed_variances[0].mean, 0, 1e-6);
  EXPECT_NEAR(selu.fixed_variances[0].slope, 0.782648, 1e-5);
  EXPECT_EQ(of("identity").drift, Drift::kept);
  EXPECT_EQ(of("relu").drift, Drift::shrinks);
  EXPECT_EQ(of("tanh").drift, Drift::shrinks);
  EXPECT_EQ(of("exp").drift, Drift::grows);
}

TEST(Fixed, PointsAreWhereTheCurveMeetsTheDiagonal) {
  const Properties relu = of("relu");
  ASSERT_EQ(relu.fixed_stretches.size(), 1U);
  EXPECT_EQ(relu.fixed_stretches[0].low, 0);
  const Properties sigmoid = of("sigmoid");
  ASSERT_EQ(sigmoid.fixed.size(), 1U);
  EXPECT_NEAR(sigmoid.fixed[0], 0.659046068407, 1e-11);
  EXPECT_TRUE(of("exp").fixed.empty());
  const Properties selu = of("selu");
  EXPECT_EQ(selu.fixed, (std::vector<double>{selu.fixed.front(), 0}));
  EXPECT_TRUE(of("snake").more_fixed);  // it touches the diagonal at each multiple of pi
}

TEST(Jumps, AreFoundWithTheirSize) {
  const Properties softplus = of("softplus");
  ASSERT_EQ(softplus.jumps.size(), 1U);
  EXPECT_DOUBLE_EQ(softplus.jumps[0].at, 20);
  EXPECT_NEAR(std::fabs(softplus.jumps[0].size), std::log1p(std::exp(-20)), 1e-10);
  const Properties shrink = of("hardshrink(lambd=0.7)");
  ASSERT_EQ(shrink.jumps.size(), 2U);
  EXPECT_DOUBLE_EQ(shrink.jumps[0].at, -0.7);
  EXPECT_NEAR(shrink.jumps[1].size, 0.7, 1e-9);
  EXPECT_EQ(of("rational").smooth_to(), 0);  // its slope jumps by 3e-6 at 0
}

TEST(Gain, IsPytorchsWhereThatHasOne) {
  EXPECT_DOUBLE_EQ(pytorch_gain(Tanh{}).value_or(0), 5.0 / 3);
  EXPECT_DOUBLE_EQ(pytorch_gain(LeakyRelu{.negative_slope = 1}).value_or(0), 1);
  EXPECT_FALSE(pytorch_gain(Gelu{}).has_value());
}

TEST(Rows, HaveTheirHabits) {
  using Shift = RowProperties::Shift;
  const RowProperties softmax = row_properties_of(Softmax{});
  EXPECT_NEAR(softmax.least_sum, 1, 1e-9);
  EXPECT_EQ(softmax.shift, Shift::stay);
  EXPECT_EQ(softmax.share_of_zeros, 0);
  EXPECT_TRUE(softmax.any_order);
  EXPECT_GT(row_properties_of(Sparsemax{}).share_of_zeros, 0.3);
  EXPECT_EQ(row_properties_of(Softmax1{}).shift, Shift::change);
  const RowProperties lse = row_properties_of(Logsumexp{});
  EXPECT_TRUE(lse.one_number);
  EXPECT_EQ(lse.shift, Shift::follow);
}

TEST(Gates, HaveTheMomentsOfProducts) {
  const GateProperties bilinear = gate_properties_of(Bilinear{});
  EXPECT_NEAR(bilinear.normal.mean, 0, 1e-10);
  EXPECT_NEAR(bilinear.normal.variance, 1, 1e-9);
  EXPECT_TRUE(bilinear.linear_in_a && bilinear.linear_in_b);
  const GateProperties reglu = gate_properties_of(Reglu{});
  EXPECT_NEAR(reglu.normal.variance, 0.5, 1e-9);
  EXPECT_NEAR(reglu.gain, std::numbers::sqrt2, 1e-8);
  EXPECT_NEAR(reglu.share_of_zeros, 0.5, 1e-9);
  EXPECT_FALSE(reglu.bounded);
  EXPECT_TRUE(gate_properties_of(SwigluStep{}).bounded);
  EXPECT_FALSE(gate_properties_of(Glu{}).linear_in_b);
}

TEST(Drawn, MomentsAreWithinTheirErrors) {
  const auto dropout = training_moments_of(Dropout{});
  ASSERT_TRUE(dropout.has_value());
  EXPECT_NEAR(dropout->moments.variance, 2, 5 * dropout->error_of_variance);  // 1 / (1 - p)
  const auto alpha = training_moments_of(AlphaDropout{});
  ASSERT_TRUE(alpha.has_value());
  EXPECT_NEAR(alpha->moments.mean, 0, 5 * alpha->error_of_mean);
  EXPECT_NEAR(alpha->moments.variance, 1, 5 * alpha->error_of_variance);
  const DrawnMoments maxout = grouped_moments_of(Maxout{.group = 2});
  EXPECT_NEAR(maxout.moments.mean, 1 / std::sqrt(std::numbers::pi), 5 * maxout.error_of_mean);
}

TEST(RecordedTables, AreReadWithTheirHeadings) {
  const auto tables = tables_of(
      "# Title\n\n## One\n\n2026-01-02, here.\n\nOf `a`, in\nseconds.\n\n| a | b |\n|---|---:|\n| "
      "x | 1 |\n| y | 2 |\n\n### Two\n\n"
      "Text.\n\n| c |\n| --- |\n| relu(a=1), forward |\n## Three\n");
  ASSERT_EQ(tables.size(), 2U);
  EXPECT_EQ(tables[0].section, "One");
  EXPECT_EQ(tables[0].columns, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(tables[0].rows.size(), 2U);
  EXPECT_EQ(tables[0].rows[1], (std::vector<std::string>{"y", "2"}));
  EXPECT_EQ(tables[0].note, "2026-01-02, here. Of a, in seconds.");
  EXPECT_EQ(tables[1].section, "One: Two");
  EXPECT_EQ(tables[1].note, "2026-01-02, here. Text.");
  const auto below =
      tables_of("## A\n\nOf both.\n\n| a |\n|---|\n| x |\n\n### B\n\n| b |\n|---|\n");
  EXPECT_EQ(below[1].note, "Of both.");
}

TEST(RecordedTables, HaveErrorsOfFunctionsAndTimes) {
  const auto gelu = recorded_errors(info(Gelu{}));
  ASSERT_FALSE(gelu.empty());
  EXPECT_EQ(gelu[0].document, "accuracy.md");
  EXPECT_EQ(gelu[0].rows[0].type, "float32");
  EXPECT_EQ(gelu[0].rows[0].inputs, "4,294,967,296");
  EXPECT_LE(std::stod(gelu[0].rows[0].orders[0]), 1.0);  // what README promises
  EXPECT_FALSE(recorded_errors(info(Function(Swiglu{}))).empty());
  EXPECT_FALSE(recorded_times(info(Function(Softmax{}))).empty());
  EXPECT_NE(recorded_speed(info(Gelu{})), "");
  EXPECT_EQ(recorded_speed(info(Function(Maxout{}))), "");
}

bool names(const std::vector<const Experiment*>& all, std::string_view name) {
  return std::ranges::any_of(all, [&](const Experiment* e) { return e->name == name; });
}

TEST(Experiments, AreThoseThatNameTheFunction) {
  const auto relu = experiments_about(info(Relu{}));
  EXPECT_TRUE(names(relu, "dying-relu"));
  EXPECT_FALSE(names(relu, "minima"));  // silu, gelu and mish
  EXPECT_TRUE(names(experiments_about(info(Mish{})), "minima"));
  EXPECT_TRUE(names(experiments_about(info(LogSigmoid{})), "logsigmoid-table"));
  EXPECT_TRUE(experiments_about(info(Step{})).empty());  // "in each step"
}

TEST(Names, ThatMeanSomethingElseAreTold) {
  const auto others = lookalikes_of(info(Gelu{}));
  EXPECT_TRUE(std::ranges::any_of(others, [](const Alias& a) { return a.name == "gelu_10"; }));
}

TEST(Gallery, HasPropertiesPicturesAndAPageOfEachFunction) {
  const std::vector<Exhibit> all = exhibits();
  ASSERT_EQ(all.size(), catalogue().size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string name(all[i].about->name);
    EXPECT_FALSE(all[i].facts.facts.empty()) << name;
    ASSERT_FALSE(all[i].pictures.all.empty()) << name;
    for (const Fact& fact : all[i].facts.facts) {
      EXPECT_FALSE(fact.text.empty()) << name << ": " << fact.term;
      for (const char* const wrong : {"nan", "inf", "{", "–"}) {
        EXPECT_EQ(count(fact.text, wrong), 0) << name << ": " << fact.term << ": " << fact.text;
      }
    }
    const std::string page = exhibit_page(all, i);
    EXPECT_EQ(count(page, "<h1>"), 1) << name;
    EXPECT_EQ(count(page, "<script"), 0) << name;
    EXPECT_NE(page.find(report::escape(std::string(all[i].about->source))), std::string::npos);
  }
}

TEST(Gallery, TagsAreThoseThatCanBeChosen) {
  std::set<std::string> seen;
  for (const Exhibit& e : exhibits()) {
    for (const std::string& tag : e.facts.tags) {
      EXPECT_TRUE(std::ranges::any_of(kTags, [&](const Tag& t) { return t.name == tag; })) << tag;
      seen.insert(tag);
    }
  }
  EXPECT_EQ(seen.size(), std::size(kTags));
}

}  // namespace
}  // namespace actfn::lab
