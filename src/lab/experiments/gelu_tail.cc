// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/common.h"

#include "oracle/oracle.h"

#include <algorithm>
#include <numbers>

namespace actfn::lab::experiments {
namespace {

constexpr double kMostUlps = 1;
constexpr std::size_t kTogether = 64;  // rows for each point of a line of errors

// As frameworks compute it, in float32.
float by_erf(float x) { return 0.5F * x * (1 + std::erf(x * (1 / std::numbers::sqrt2_v<float>))); }

std::vector<Row> measure(const Materials& materials) {
  std::vector<Row> rows;
  for (int i = 29 * 256; i >= 1; --i) {  // from -14.5 to 0
    if (i % 256 == 0) materials.go_on();
    const float x = static_cast<float>(-i) / 512;
    const double truth = oracle::truth(Gelu{}, x).value;
    const float ours = evaluate(Gelu{}, x);
    const float naive = by_erf(x);
    rows.push_back(
        row(x, truth, ours, naive, oracle::ulps(ours, truth), oracle::ulps(naive, truth)));
  }
  return rows;
}

// The largest x that has only zeros to its left.
double zero_from(const Readings& readings) {
  const auto x = readings.numbers("x");
  const auto naive = readings.numbers("naive");
  double zero = NAN;
  for (std::size_t i = 0; i < x.size() && naive[i] == 0; ++i) zero = x[i];
  return zero;
}

std::vector<Chart> charts(const Readings& readings, const std::string& title, double zero) {
  const std::vector<Mark> from = {{zero, "on the left the formula is 0", true}};
  Chart errors{
      .file = "errors",
      .title = title,
      .x = {"x"},
      .y = {.label = "largest error in ULP of float32; dashed: 1 ULP", .log = true, .low = 0.1},
      .lines = {largest_of_pieces(readings, "x", "naive_ulps", "x (1 + erf(x/√2)) / 2", kTogether,
                                  0),
                largest_of_pieces(readings, "x", "ulps", "gelu of actfn", kTogether, 0)},
      .marks = from};
  errors.marks.push_back({1, ""});
  Chart values{.file = "values",
               .title = fmt::format(
                   "In float32 the formula is exactly 0 left of {:.3f}, where gelu is not", zero),
               .x = {"x"},
               .y = {.label = "-gelu(x)", .log = true},
               .lines = {sizes_of(readings, "x", "naive", "x (1 + erf(x/√2)) / 2", 8),
                         sizes_of(readings, "x", "ours", "gelu of actfn", 8)},
               .marks = {{zero, "", true}}};
  return {std::move(errors), std::move(values)};
}

Outcome judge(const Readings& readings, const Scope& /*scope*/) {
  const Readings at = readings.where("x", -5.5);
  const double off = std::fabs(at.number("naive") / at.number("truth") - 1);
  const double zero = zero_from(readings);
  const double ours = std::ranges::max(readings.numbers("ulps"));
  Verdict verdict{
      .holds = holds(near(off, 0.57, 0.005) && zero >= -6 && ours <= kMostUlps),
      .finding =
          fmt::format("In float32, x (1 + erf(x/√2)) / 2 is {:.0f} % off at -5.5 and exactly "
                      "0 from {:.3f} on; gelu of actfn is right to {:.2f} ULP down to -14.5",
                      100 * off, zero, ours),
      .measured = fmt::format("{:.1f} % at -5.5; 0 from {:.4f}; {:.3f} ULP", 100 * off, zero, ours),
      .interval = {},
      .tolerance = "half a per cent; 1 ULP"};
  auto figures = charts(readings, verdict.finding, zero);
  return {std::move(verdict), std::move(figures)};
}

}  // namespace

Experiment gelu_tail() {
  return {.name = "gelu-tail",
          .claim =
              "x (1 + erf(x/√2)) / 2 in float32 loses gelu's negative tail: it is 57 % off at -5.5 "
              "and exactly 0 from -6 on.",
          .source = "pytorch/pytorch#187806",
          .expected = "57 % at -5.5; 0 from -6; actfn within 1 ULP",
          .setup =
              "For 7,424 numbers from -14.5 to 0, the formula and gelu of actfn are computed in "
              "float32 and compared with an oracle of higher precision; the errors are in ULP of "
              "float32. The claim holds where the formula is 57 % off at -5.5, to half a per "
              "cent, and exactly 0 from -6 to -14.5, and gelu of actfn is within 1 ULP.",
          .method = Method::exact,
          .columns = {"x", "truth", "ours", "naive", "ulps", "naive_ulps"},
          .trials = once(measure),
          .judge = judge};
}

}  // namespace actfn::lab::experiments
