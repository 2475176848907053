// SPDX-License-Identifier: Apache-2.0
// The experiments whose figures are the same at each run: their verdicts, and the figures that are
// known.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <ostream>
#include <string>
#include <vector>

#include "lab/experiment.h"
#include "lab/experiments/common.h"
#include "lab/experiments/draws.h"

namespace actfn::lab {
namespace {

constexpr Scope kQuick = {.seeds = 2, .quick = true};

Readings read(const Experiment& e) {
  std::vector<Row> rows;
  for (const Trial& trial : e.trials(kQuick)) {
    for (Row& r : trial.measure(Materials{})) rows.push_back(std::move(r));
  }
  return {e.columns, std::move(rows)};
}

struct Finished {
  Readings readings;
  Outcome outcome;
};

Finished run(const std::string& name) {
  const Experiment& e = experiment_named(name);
  Readings readings = read(e);
  Outcome outcome = e.judge(readings, kQuick);
  return {std::move(readings), std::move(outcome)};
}

double largest(const Readings& readings, std::string_view column) {
  return std::ranges::max(readings.numbers(column));
}

// Those of one figure each, whose rows are the same at each run.
struct Known {
  const char* name;
  Holds holds;
};
std::ostream& operator<<(std::ostream& out, const Known& known) { return out << known.name; }
constexpr Known kKnown[] = {
    {"celu-alpha", Holds::yes},          {"celu-smooth", Holds::yes},
    {"dying-relu", Holds::yes},          {"gelu-cauchy", Holds::yes},
    {"gelu-dropout", Holds::yes},        {"gelu-tail", Holds::yes},
    {"gradient-persistence", Holds::no}, {"linear-collapse", Holds::yes},
    {"relu6-range", Holds::no},          {"relu6-units", Holds::yes},
    {"selu-fixed-point", Holds::yes},    {"sigmoid-bias", Holds::yes},
    {"sigmoid-rounding", Holds::no},
};

class Exact : public testing::TestWithParam<Known> {};

TEST_P(Exact, HasItsVerdictAndTheSameRowsAtEachRun) {
  const Finished one = run(GetParam().name);
  EXPECT_EQ(to_string(one.outcome.verdict.holds), to_string(GetParam().holds))
      << one.outcome.verdict.finding << '\n'
      << one.outcome.verdict.measured;
  ASSERT_FALSE(one.outcome.figures.empty());
  for (const Chart& chart : one.outcome.figures) {
    EXPECT_FALSE(chart.title.empty()) << chart.file;
    EXPECT_FALSE(chart.x.label.empty()) << chart.file;
    EXPECT_FALSE(chart.lines.empty()) << chart.file;
  }
  EXPECT_EQ(to_csv(read(experiment_named(GetParam().name))), to_csv(one.readings));
}

INSTANTIATE_TEST_SUITE_P(Experiments, Exact, testing::ValuesIn(kKnown), [](const auto& known) {
  std::string name = known.param.name;
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST(SeluFixedPoint, HasThePapersJacobian) {
  const Readings r = run("selu-fixed-point").readings;
  EXPECT_NEAR(r.where("quantity", "d mean / d variance").number("value"), 0.088835, 1e-6);
  EXPECT_NEAR(r.where("quantity", "d variance / d variance").number("value"), 0.782648, 1e-6);
  EXPECT_NEAR(r.where("quantity", "spectral norm").number("value"), 0.7877, 5e-5);
}

TEST(GeluTail, LosesDigitsInTheFormulaAlone) {
  const Readings r = run("gelu-tail").readings;
  EXPECT_LE(largest(r, "ulps"), 1);
  EXPECT_EQ(r.where("x", -6).number("naive"), 0);
  // -5.5 Phi(-5.5), from R: pnorm(-5.5)
  EXPECT_NEAR(r.where("x", -5.5).number("truth") / -1.0444259e-07, 1, 1e-6);
  EXPECT_NEAR(r.where("x", -5.5).number("naive") / -1.0444259e-07, 1.57, 0.005);
}

TEST(GradientPersistence, EndsAtTheExactPlaces) {
  const Readings r = run("gradient-persistence").readings;
  const auto at = [&](const char* name, const char* what) {
    return r.where("activation", name).where("what", what).number("x");
  };
  for (const char* name : {"silu", "mish", "telu", "smish", "logish"}) {
    EXPECT_NEAR(at(name, "actfn"), -108.65097, 1e-5) << name;
  }
  EXPECT_NEAR(at("elu", "actfn"), -103.97208, 1e-5);
  EXPECT_NEAR(at("softplus", "actfn"), -103.97208, 1e-5);
  EXPECT_NEAR(at("gelu", "actfn"), -14.54135, 1e-5);
  EXPECT_LE(largest(r.where("what", "actfn"), "ulps"), 1);  // float32 from the exact place
  // Where the paper has them.
  EXPECT_NEAR(at("telu", "formula"), -103.97, 0.006);
  EXPECT_NEAR(at("mish", "formula"), -103.97, 0.006);
  EXPECT_NEAR(at("silu", "formula"), -88.72, 0.006);
  EXPECT_NEAR(at("smish", "formula"), -51.99, 0.006);
  EXPECT_NEAR(at("logish", "formula"), -51.99, 0.006);
  EXPECT_NEAR(at("gelu", "formula"), -14.42, 0.006);
}

TEST(Relu6Units, AreNearSoftplus) {
  const Readings r = run("relu6-units").readings;
  const auto many = r.where("x", 0).number("many");
  EXPECT_NEAR(many, std::log(2.0), 0.02);
  EXPECT_NEAR(r.where("x", 0).number("six"), many, 0.01);  // what is left out is small there
}

// The figures and bounds of the paper's theorem for width 2 and depth 5, by other means.
TEST(DyingRelu, HasThePapersBounds) {
  const Readings r = run("dying-relu").readings;
  const Readings one = r.where("width", 2).where("depth", 5);
  EXPECT_NEAR(one.number("lower"), 0.4767, 5e-5);
  EXPECT_NEAR(one.number("upper"), 0.6836, 5e-5);
  EXPECT_NEAR(one.number("dead"), 0.4973, 3 * std::hypot(one.number("standard_error"), 0.0016));
}

// Its times vary; its errors do not.
TEST(LogsigmoidTable, IsWithinTheBoundOfLines) {
  const Experiment& e = experiment_named("logsigmoid-table");
  std::vector<Row> rows;
  for (const Trial& trial : e.trials(kQuick)) {
    if (!trial.name.starts_with("error")) continue;
    for (Row& r : trial.measure(Materials{})) rows.push_back(std::move(r));
  }
  const Readings r(e.columns, rows);
  for (const int entries : {16, 64, 256}) {
    const double most = largest(r.where("what", "table").where("entries", entries), "value");
    EXPECT_LE(most, 1.0 / 32 / entries / entries * (1 + 1e-9));
    EXPECT_GE(most, 0.9 / 32 / entries / entries);
  }
  EXPECT_LE(largest(r.where("what", "actfn"), "ulps"), 1);
}

// Five rows: y jumps, and is NaN once.
Readings jumping() {
  return {{"x", "y", "z"},
          {row(1, -2, 0.5), row(2, 5, 0.25), row(3, 3, 0.0), row(4, NAN, 0.0), row(7, -4, 8.0)}};
}

using Places = std::vector<std::pair<double, double>>;

Places places(const Line& line) {
  Places all;
  for (const Point& p : line.points) all.emplace_back(p.x, p.y);
  return all;
}

TEST(LineOf, HasEachStepthRow) {
  const Line all = experiments::line_of(jumping(), "x", "z", "a name");
  EXPECT_EQ(all.name, "a name");
  EXPECT_EQ(places(all), (Places{{1, 0.5}, {2, 0.25}, {3, 0}, {4, 0}, {7, 8}}));
  EXPECT_EQ(places(experiments::line_of(jumping(), "x", "z", "", 2)),
            (Places{{1, 0.5}, {3, 0}, {7, 8}}));
  EXPECT_EQ(places(experiments::line_of(jumping(), "z", "x", "", 4)), (Places{{0.5, 1}, {8, 7}}));
  EXPECT_TRUE(experiments::line_of({{"x", "y"}, {}}, "x", "y", "").points.empty());
}

TEST(LineOf, HasSizesWithoutSigns) {
  EXPECT_EQ(places(experiments::sizes_of(jumping(), "x", "y", "", 2)),
            (Places{{1, 2}, {3, 3}, {7, 4}}));
}

TEST(LargestOfPieces, KeepsTheLastPieceAndTheMiddleOfEach) {
  const auto pieces = [](std::string_view y, std::size_t together, double least) {
    return places(experiments::largest_of_pieces(jumping(), "x", y, "", together, least));
  };
  EXPECT_EQ(pieces("y", 2, 0.1), (Places{{2, 5}, {4, 3}, {7, 0.1}}));
  EXPECT_EQ(pieces("y", 3, -9), (Places{{2, 5}, {7, -4}}));
  EXPECT_EQ(pieces("z", 5, 0), (Places{{3, 8}}));
  EXPECT_EQ(pieces("z", 99, 0), (Places{{3, 8}}));
  EXPECT_EQ(pieces("z", 1, 1), (Places{{1, 1}, {2, 1}, {3, 1}, {4, 1}, {7, 8}}));
  EXPECT_EQ(experiments::largest_of_pieces(jumping(), "x", "y", "a name", 2, 0).name, "a name");
}

TEST(NormalDraws, AreNormalAndTheSameForASeed) {
  experiments::NormalDraws draws(7);
  experiments::NormalDraws again(7);
  experiments::NormalDraws other(8);
  constexpr int kCount = 100'000;
  double sum = 0;
  double squares = 0;
  double fourth = 0;
  double products = 0;  // of neighbours
  double before = 0;
  int same = 0;
  for (int i = 0; i < kCount; ++i) {
    const double x = draws.normal();
    ASSERT_EQ(x, again.normal());
    same += x == other.normal() ? 1 : 0;
    sum += x;
    squares += x * x;
    fourth += x * x * x * x;
    products += x * before;
    before = x;
  }
  EXPECT_EQ(same, 0);
  // Four standard errors.
  EXPECT_NEAR(sum / kCount, 0, 4 / std::sqrt(kCount));
  EXPECT_NEAR(squares / kCount, 1, 4 * std::sqrt(2.0 / kCount));
  EXPECT_NEAR(fourth / kCount, 3, 4 * std::sqrt(96.0 / kCount));
  EXPECT_NEAR(products / kCount, 0, 4 / std::sqrt(kCount));
}

TEST(SameBits, HasOneHashForASeed) {
  const Finished one = run("same-bits");
  EXPECT_EQ(one.outcome.verdict.holds, Holds::yes);
  EXPECT_EQ(one.readings.values("sha256").size(), static_cast<std::size_t>(kQuick.seeds));
}

}  // namespace
}  // namespace actfn::lab
