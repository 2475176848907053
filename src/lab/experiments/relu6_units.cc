// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/common.h"

namespace actfn::lab::experiments {
namespace {

constexpr int kMany = 100;  // what follows adds less than 1e-39 for x up to 10
constexpr double kTolerance = 0.02;

// Copies of one sigmoid unit with the biases -0.5, -1.5, …
double copies(int count, double x) {
  double sum = 0;
  for (int i = count; i >= 1; --i) sum += evaluate(Sigmoid{}, x - i + 0.5);
  return sum;
}

std::vector<Row> measure(const Materials& /*materials*/) {
  std::vector<Row> rows;
  for (const double x : spaced(-6, 12, 1801)) {
    rows.push_back(
        row(x, copies(6, x), evaluate(Relu6{}, x), copies(kMany, x), evaluate(Softplus{}, x)));
  }
  return rows;
}

struct Largest {
  double x = 0, gap = 0;
};

Largest largest(const Readings& readings, const char* sum, const char* of) {
  const auto x = readings.numbers("x");
  const auto a = readings.numbers(sum);
  const auto b = readings.numbers(of);
  Largest found;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i] <= 10 && std::fabs(a[i] - b[i]) > found.gap) found = {x[i], std::fabs(a[i] - b[i])};
  }
  return found;
}

Outcome judge(const Readings& readings, const Scope& /*scope*/) {
  const Largest six = largest(readings, "six", "relu6");
  const Largest many = largest(readings, "many", "softplus");
  Verdict verdict{
      .holds = holds(many.gap <= kTolerance),
      .finding = fmt::format("Six sigmoid units with biases shifted by 1 are at most {:.3f} from "
                             "relu6 (at x = {:.2f}); infinitely many are at most {:.4f} from "
                             "softplus",
                             six.gap, six.x, many.gap),
      .measured = fmt::format("relu6 {:.4f}; softplus {:.4f}", six.gap, many.gap),
      .interval = {},
      .tolerance = "0.02 for softplus; relu6 is measured"};
  Chart chart{.file = "units",
              .title = verdict.finding,
              .x = {"x"},
              .y = {"f(x)"},
              .lines = {line_of(readings, "x", "six", "6 sigmoids", 10),
                        line_of(readings, "x", "relu6", "relu6", 10),
                        line_of(readings, "x", "many", "∞ sigmoids", 10),
                        line_of(readings, "x", "softplus", "softplus", 10)}};
  return {std::move(verdict), {std::move(chart)}};
}

}  // namespace

Experiment relu6_units() {
  return {
      .name = "relu6-units",
      .claim =
          "relu6 stands for six copies of a sigmoid unit with biases shifted by 1, and softplus "
          "for infinitely many.",
      .source =
          "Nair & Hinton 2010, ICML; Krizhevsky 2010, Convolutional Deep Belief Networks on "
          "CIFAR-10",
      .expected = "softplus within 0.02; relu6 is measured",
      .setup =
          "At 1,801 numbers from -6 to 12, sums of 6 and of 100 sigmoid units with biases of -0.5, "
          "-1.5 and so on are computed in float64 and compared with relu6 and softplus. The claim "
          "holds if the sum of 100 is within 0.02 of softplus for x up to 10. The distance of 6 "
          "units from relu6 is measured and not judged.",
      .method = Method::exact,
      .columns = {"x", "six", "relu6", "many", "softplus"},
      .trials = once(measure),
      .judge = judge};
}

}  // namespace actfn::lab::experiments
