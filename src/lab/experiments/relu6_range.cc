// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/common.h"
#include "lab/experiments/draws.h"

#include <algorithm>
#include <array>

namespace actfn::lab::experiments {
namespace {

struct Source {
  const char* name;
  double (*draw)(NormalDraws&);
};

template <int kDeviation>
double normal(NormalDraws& draws) {
  return kDeviation * draws.normal();
}
// The sum of two squares has the exponential distribution of mean 2.
double laplace(NormalDraws& draws) {
  const double a = draws.normal();
  const double b = draws.normal();
  return draws.sign() * (a * a + b * b);
}
// 3 degrees of freedom: outliers are common.
double student(NormalDraws& draws) {
  double square = 0;
  for (int i = 0; i < 3; ++i) {
    const double z = draws.normal();
    square += z * z;
  }
  return draws.normal() / std::sqrt(square / 3);
}

constexpr std::array<Source, 5> kSources = {{{"normal, deviation 1", normal<1>},
                                             {"normal, deviation 2", normal<2>},
                                             {"normal, deviation 4", normal<4>},
                                             {"Laplace, scale 2", laplace},
                                             {"Student's t, 3 degrees", student}}};
constexpr std::array kBits = {8, 4};

// The root of the mean square of what rounding to equal steps from 0 to `range` takes away.
double quantised(const std::vector<double>& y, double range, int bits) {
  const double step = range / (std::pow(2, bits) - 1);
  double sum = 0;
  for (const double v : y) {
    const double off = std::round(v / step) * step - v;
    sum += off * off;
  }
  return std::sqrt(sum / static_cast<double>(y.size()));
}

std::vector<Row> measure(const Source& source, int count) {
  NormalDraws draws(6);
  std::vector<double> relu;
  std::vector<double> relu6;
  for (int i = 0; i < count; ++i) {
    const double x = source.draw(draws);
    relu.push_back(evaluate(Relu{}, x));
    relu6.push_back(evaluate(Relu6{}, x));
  }
  const double range = std::ranges::max(relu);
  std::vector<Row> rows;
  for (const int bits : kBits) {
    rows.push_back(row(source.name, bits, "relu", range, quantised(relu, range, bits)));
    rows.push_back(row(source.name, bits, "relu6", 6.0, quantised(relu6, 6, bits)));
  }
  return rows;
}

std::vector<Trial> trials(const Scope& scope) {
  const int count = scope.quick ? 100'000 : 1'000'000;
  std::vector<Trial> all;
  for (std::size_t i = 0; i < kSources.size(); ++i) {
    all.push_back({fmt::format("input-{}-of-{}", i + 1, count),
                   [=](const Materials&) { return measure(kSources[i], count); }});
  }
  return all;
}

// The error of relu6's codes over that of relu's.
double ratio(const Readings& readings, const std::string& input, int bits) {
  const Readings rows = readings.where("input", input).where("bits", bits);
  return rows.where("activation", "relu6").number("error") /
         rows.where("activation", "relu").number("error");
}

Chart chart_of(const Readings& readings, const std::string& title) {
  Chart chart{.file = "errors",
              .title = title,
              .kind = Chart::Kind::dots,
              .x = {.label = "root mean square of the rounding error", .log = true},
              .y = {},
              .names = readings.values("input")};
  for (const int bits : kBits) {
    for (const char* activation : {"relu", "relu6"}) {
      const Readings rows = readings.where("bits", bits).where("activation", activation);
      Line line{fmt::format("{}, {} bits", activation, bits), {}};
      for (const double e : rows.numbers("error")) {
        line.points.push_back({static_cast<double>(line.points.size()), e});
      }
      chart.lines.push_back(std::move(line));
    }
  }
  return chart;
}

Outcome judge(const Readings& readings, const Scope& /*scope*/) {
  std::vector<double> ratios;
  for (const std::string& input : readings.values("input")) {
    for (const int bits : kBits) ratios.push_back(ratio(readings, input, bits));
  }
  const auto [least, most] = std::ranges::minmax(ratios);
  const double eight = ratio(readings, kSources.back().name, 8);
  const double first = ratio(readings, kSources.front().name, 8);
  Verdict verdict{.holds = holds(most < 1),
                  .finding = fmt::format(
                      "Rounded to 8 bits, relu6 has {:.3f} times relu's error for inputs with "
                      "outliers, a gain of {:.1f} bits, but {:.2f} times for N(0, 1), whose "
                      "numbers hardly reach 6",
                      eight, -std::log2(eight), first),
                  .measured = fmt::format("from {:.3f} to {:.3f} of relu's error", least, most),
                  .interval = {},
                  .tolerance = "below 1 for every input"};
  Chart chart = chart_of(readings, verdict.finding);
  return {std::move(verdict), {std::move(chart)}};
}

}  // namespace

Experiment relu6_range() {
  return {
      .name = "relu6-range",
      .claim = "relu6 needs fewer bits than relu, for its codes cover 0 to 6.",
      .source = "Howard et al. 2017, arXiv:1704.04861; Jacob et al. 2018, CVPR",
      .expected = "a smaller error than relu's at 8 and 4 bits",
      .setup =
          "A million inputs are drawn from each of five distributions: normal with deviations of "
          "1, 2 and 4, Laplace, and Student's t with 3 degrees of freedom. The outputs of relu and "
          "relu6 are rounded to 8 and 4 bits, from 0 to the largest output of relu, or to 6. The "
          "claim holds if relu6 has the smaller root mean square error in every case.",
      .method = Method::exact,
      .columns = {"input", "bits", "activation", "range", "error"},
      .trials = trials,
      .judge = judge};
}

}  // namespace actfn::lab::experiments
