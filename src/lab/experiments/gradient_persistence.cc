// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/common.h"
#include "lab/experiments/naive_derivatives.h"

#include "oracle/oracle.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace actfn::lab::experiments {
namespace {

constexpr float kFurthest = -120;  // all derivatives are 0 there
constexpr double kSmallestNormal = 0x1p-126;
constexpr double kPrinted = 0.006;  // half a unit of the last digit, and a float32 at -104

struct Case {
  const char* activation;
  float (*naive)(float);
  double claimed;  // where the paper says that it becomes 0; NaN: nothing
};
constexpr std::array<Case, 8> kCases = {{{"telu", naive::telu, -103.97},
                                         {"mish", naive::mish, -103.97},
                                         {"silu", naive::silu, -88.72},
                                         {"smish", naive::smish, -51.99},
                                         {"logish", naive::logish, -51.99},
                                         {"gelu", naive::gelu, -14.42},
                                         {"elu", naive::elu, NAN},
                                         {"softplus", naive::softplus, NAN}}};

using Slope = std::function<double(float)>;

// Negative floats in order.
std::uint32_t number_of(float x) { return std::bit_cast<std::uint32_t>(-x); }
float float_of(std::uint32_t number) { return -std::bit_cast<float>(number); }

// The first float left of -3, where every minimum is passed, at which the slope is 0.
float first_zero(const Slope& slope) {
  float x = -3;
  while (x > kFurthest && slope(x) != 0) x -= 0.0625F;
  std::uint32_t right = number_of(x + 0.0625F);  // not 0
  std::uint32_t left = number_of(x);
  while (left - right > 1) {
    const std::uint32_t middle = right + (left - right) / 2;
    (slope(float_of(middle)) == 0 ? left : right) = middle;
  }
  return float_of(left);
}

// 0 where the exact derivative, rounded once to float32, is.
Slope exact(const Activation& f) {
  return
      [f](float x) { return static_cast<double>(static_cast<float>(oracle::truth(f, x).first)); };
}

Slope ours(const Activation& f) {
  return [f](float x) { return static_cast<double>(evaluate_derivative(f, x)); };
}

double in_floats(float a, float b) {
  return std::fabs(static_cast<double>(number_of(a)) - static_cast<double>(number_of(b)));
}

std::vector<Row> measure(const Case& c) {
  const Activation f = parse(c.activation);
  const float want = first_zero(exact(f));
  const float got = first_zero(ours(f));
  const float naive = first_zero([&](float x) { return static_cast<double>(c.naive(x)); });
  std::vector<Row> rows = {row(c.activation, "exact", want, 0, 0.0),
                           row(c.activation, "actfn", got, 0, in_floats(got, want)),
                           row(c.activation, "formula", naive, 0, in_floats(naive, want))};
  for (const double at : spaced(-112, -3, 437)) {
    const auto x = static_cast<float>(at);
    const double truth = oracle::truth(f, x).first;
    const float mine = evaluate_derivative(f, x);
    const float formula = c.naive(x);
    rows.push_back(row(c.activation, "actfn at x", x, mine, oracle::ulps(mine, truth)));
    rows.push_back(row(c.activation, "formula at x", x, formula, oracle::ulps(formula, truth)));
  }
  return rows;
}

std::vector<Trial> trials(const Scope& /*scope*/) {
  std::vector<Trial> all;
  for (const Case& c : kCases) {
    all.push_back({c.activation, [=](const Materials&) { return measure(c); }});
  }
  return all;
}

double place(const Readings& readings, const char* activation, const char* what) {
  return readings.where("activation", activation).where("what", what).number("x");
}

Chart places(const Readings& readings, const std::string& title) {
  Chart chart{.file = "places",
              .title = title,
              .kind = Chart::Kind::dots,
              .x = {.label = "where the derivative in float32 becomes exactly 0", .high = 0},
              .y = {},
              .lines = {{"actfn, at the exact place", {}}, {"usual formula", {}}}};
  for (const Case& c : kCases) {
    const auto at = static_cast<double>(chart.names.size());
    chart.names.emplace_back(c.activation);
    chart.lines[0].points.push_back({at, place(readings, c.activation, "actfn")});
    chart.lines[1].points.push_back({at, place(readings, c.activation, "formula")});
  }
  return chart;
}

// The rows from x = left on.
Readings from(double left, const Readings& readings) {
  const auto x = readings.numbers("x");
  std::vector<Row> rows;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i] >= left) rows.push_back(readings.rows()[i]);
  }
  return {readings.columns(), std::move(rows)};
}

Chart errors_chart(const Readings& readings, double worst) {
  Chart chart{
      .file = "errors",
      .title = fmt::format("Derivatives in float32: the usual formulas lose their digits on "
                           "the left, those of actfn are right to {:.2f} ULP",
                           worst),
      .x = {"x"},
      .y = {.label = "largest error in ULP of float32; dashed: 1 ULP", .log = true},
      .marks = {{1, ""}}};
  const auto add = [&](const char* activation, const char* what, const char* name) {
    const Readings rows = readings.where("activation", activation).where("what", what);
    // As far as float32 has the derivative.
    const Readings seen = from(place(readings, activation, "exact"), rows);
    chart.lines.push_back(largest_of_pieces(seen, "x", "ulps", name, 4, 0.1));
  };
  add("gelu", "formula at x", "gelu, formula");
  add("smish", "formula at x", "smish, formula");
  add("silu", "formula at x", "silu, formula");
  add("telu", "formula at x", "telu, formula");
  add("telu", "actfn at x", "telu, actfn");
  return chart;
}

// The usual formula over the derivative of actfn, where that is a normal number.
Line shares(const Readings& readings, const char* activation) {
  const Readings rows = readings.where("activation", activation);
  const auto x = rows.where("what", "actfn at x").numbers("x");
  const auto ours = rows.where("what", "actfn at x").numbers("derivative");
  const auto formula = rows.where("what", "formula at x").numbers("derivative");
  Line line{activation, {}};
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::fabs(ours[i]) < kSmallestNormal || std::isnan(formula[i])) continue;
    line.points.push_back({x[i], formula[i] / ours[i]});
  }
  return line;
}

Chart shares_chart(const Readings& readings) {
  Chart chart{
      .file = "shares",
      .title = fmt::format("In float32 the usual formulas become 0 where the derivative is still "
                           "a normal number: smish's at {:.2f}, silu's at {:.2f}",
                           place(readings, "smish", "formula"), place(readings, "silu", "formula")),
      .x = {"x"},
      .y = {.label = "usual formula / derivative", .low = 0, .high = 1.2}};
  for (const char* name : {"gelu", "logish", "mish", "silu", "smish", "telu"}) {
    chart.lines.push_back(shares(readings, name));
  }
  return chart;
}

// Whether activations differ as the paper ranks them: telu and mish go on further than silu, which
// goes on further than smish and logish.
bool ranked(const Readings& readings, const char* what) {
  const auto at = [&](const char* name) { return place(readings, name, what); };
  constexpr double kSame = 1e-4;
  const double first = std::max(at("telu"), at("mish"));
  const double last = std::min(at("smish"), at("logish"));
  return first < at("silu") - kSame && at("silu") < last - kSame;
}

struct Checks {
  double worst = 0;      // of actfn, in ULP
  double floats = 0;     // between the places of actfn and the exact ones
  bool as_paper = true;  // the formulas end where the paper says
};

Checks checks(const Readings& readings) {
  Checks found;
  found.worst = std::ranges::max(readings.where("what", "actfn at x").numbers("ulps"));
  found.floats = std::ranges::max(readings.where("what", "actfn").numbers("ulps"));
  for (const Case& c : kCases) {
    const double formula = place(readings, c.activation, "formula");
    found.as_paper = found.as_paper && !(std::fabs(formula - c.claimed) > kPrinted);
  }
  return found;
}

Outcome judge(const Readings& readings, const Scope& /*scope*/) {
  const Checks found = checks(readings);
  const double silu = place(readings, "silu", "actfn");
  Verdict verdict{
      .holds = holds(ranked(readings, "actfn")),
      .finding = fmt::format(
          "Rounded once to float32, the derivatives of telu, mish, silu, smish and logish all "
          "become 0 at {:.2f}, gelu's at {:.2f}: usual formulas {} the published places",
          silu, place(readings, "gelu", "actfn"),
          found.as_paper && ranked(readings, "formula") ? "give" : "do not give"),
      .measured =
          fmt::format("telu {:.5f}; mish {:.5f}; silu {:.5f}; gelu {:.5f}; actfn {} float32 "
                      "from the exact places, {:.2f} ULP",
                      place(readings, "telu", "actfn"), place(readings, "mish", "actfn"), silu,
                      place(readings, "gelu", "actfn"), found.floats, found.worst),
      .interval = {},
      .tolerance = "one float32"};
  Chart first = places(readings, verdict.finding);
  return {std::move(verdict),
          {std::move(first), errors_chart(readings, found.worst), shares_chart(readings)}};
}

}  // namespace

Experiment gradient_persistence() {
  return {.name = "gradient-persistence",
          .claim =
              "On the left, the gradients of telu and mish stay above 0 for longer than those of "
              "swish, and these for longer than those of smish and logish.",
          .source = "Fernandez & Mali 2024, arXiv:2412.20269",
          .expected = "telu, mish -103.97; swish -88.72; smish, logish -51.99; gelu -14.42",
          .setup =
              "For eight activations, the first float32 number left of -3 at which the derivative "
              "is exactly 0 is searched: of actfn, of the usual formula in float32, and of an "
              "oracle of higher precision, rounded once to float32. The claim holds where, with "
              "actfn, the places of telu and mish are further to the left than that of silu, and "
              "that is further than those of smish and logish.",
          .method = Method::exact,
          .columns = {"activation", "what", "x", "derivative", "ulps"},
          .trials = trials,
          .judge = judge};
}

}  // namespace actfn::lab::experiments
