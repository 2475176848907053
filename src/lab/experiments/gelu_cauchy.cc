// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/common.h"

#include <algorithm>
#include <numbers>

namespace actfn::lab::experiments {
namespace {

constexpr double kLimit = std::numbers::inv_pi;
constexpr double kTolerance = 1e-6;

// x C(x), C the distribution function of Cauchy(0, 1): without cancellation on the left.
double cauchy(double x) {
  if (x < 0) return x * std::atan(-1 / x) * kLimit;
  return x * (0.5 + std::atan(x) * kLimit);
}

std::vector<Row> measure(const Materials& /*materials*/) {
  std::vector<Row> rows;
  const Activation elu = Elu{.alpha = kLimit};
  for (const double size : spaced_by_ratio(1, 1e5, 51)) {
    rows.push_back(row(size, cauchy(-size) + kLimit, evaluate(elu, -size) + kLimit,
                       cauchy(size) - (size - kLimit)));
  }
  return rows;
}

Chart curves(const std::string& title) {
  const auto x = spaced(-8, 4, 481);
  return {.file = "curves",
          .title = title,
          .x = {"x"},
          .y = {"f(x)"},
          .lines = {curve("x C(x)", x, cauchy),
                    curve("elu(alpha=1/π)", x,
                          [](double v) { return evaluate(Elu{.alpha = kLimit}, v); }),
                    curve("gelu", x, [](double v) { return evaluate(Gelu{}, v); })},
          .marks = {{-kLimit, "-1/π"}}};
}

Outcome judge(const Readings& readings, const Scope& /*scope*/) {
  const double left = std::fabs(readings.numbers("left").back());
  const double elu = std::fabs(readings.numbers("elu_left").back());
  const double right = std::fabs(readings.numbers("right").back());
  Verdict verdict{
      .holds = holds(std::max({left, elu, right}) <= kTolerance),
      .finding = fmt::format("With the Cauchy distribution, gelu tends to -1/π at -inf, as "
                             "elu(alpha=1/π) does, and to x - 1/π at +inf: {:.1g} and {:.1g} "
                             "are left at |x| = 10⁵",
                             left, right),
      .measured = fmt::format("{:.2g}; {:.2g}; {:.2g}", left, elu, right),
      .interval = {},
      .tolerance = "1e-6"};
  Chart first = curves(verdict.finding);
  // Between |x| = 10 and 1000: values are 10 to a factor of 10.
  const auto lefts = readings.numbers("left");
  const double exponent = std::log10(lefts[30] / lefts[10]) / 2;
  Chart second{.file = "limits",
               .title = fmt::format(
                   "On the left, the distance of x C(x) from -1/π falls as the power {:.3f} of |x|",
                   exponent),
               .x = {.label = "|x|", .log = true},
               .y = {.label = "distance to the limit", .log = true},
               .lines = {sizes_of(readings, "size", "left", "x C(x), left"),
                         sizes_of(readings, "size", "elu_left", "elu, left"),
                         sizes_of(readings, "size", "right", "x C(x), right")}};
  return {std::move(verdict), {std::move(first), std::move(second)}};
}

}  // namespace

Experiment gelu_cauchy() {
  return {.name = "gelu-cauchy",
          .claim =
              "With the distribution function of Cauchy(0, 1) in place of Phi, gelu has elu's "
              "shape: it tends to a negative constant on the left and to a line on the right.",
          .source = "Hendrycks & Gimpel 2016, arXiv:1606.08415",
          .expected = "-1/π at -inf; x - 1/π at +inf",
          .setup =
              "x C(x), C the distribution function of Cauchy(0, 1), and elu with alpha = 1/π are "
              "computed in float64 at 51 sizes of x from 1 to 100,000, and compared with -1/π on "
              "the left; x C(x) is also compared with x - 1/π on the right. The claim holds where "
              "all distances at |x| = 100,000 are at most 1e-6.",
          .method = Method::exact,
          .columns = {"size", "left", "elu_left", "right"},
          .trials = once(measure),
          .judge = judge};
}

}  // namespace actfn::lab::experiments
