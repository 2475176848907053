// SPDX-License-Identifier: Apache-2.0
#include <actfn/random.h>

#include "lab/experiments/curves.h"
#include "lab/experiments/reached.h"

#include <algorithm>
#include <array>

namespace actfn::lab::experiments {
namespace {

constexpr const char* kRrelu = "rrelu";
constexpr const char* kVeryLeaky = "leaky_relu(0.18)";  // Xu et al.: 1 / 5.5
constexpr std::array kOthers = {"leaky_relu", kVeryLeaky, "prelu"};
constexpr std::size_t kDraws = std::size_t{1} << 20U;

// A tenth of the images, until they are over-fitted.
Curves curves(const Scope& scope) {
  const Course course =
      shortened({.depth = 2, .epochs = 30, .images = 6000, .tested = 6000, .evaluated = true},
                scope, {.epochs = 10, .images = 600, .tested = 600, .width = 64});
  Curves all;
  for (const char* name : {"relu", "leaky_relu", kVeryLeaky, "prelu", kRrelu}) {
    Kind kind{.activation = name, .init = nn::Init::he_normal, .course = course};
    if (name == kVeryLeaky) kind.layers = "leaky_relu(negative_slope=0.18181818181818182)";
    all.kinds.push_back(std::move(kind));
  }
  return all;
}

// How rrelu draws in training, from 2^20 draws: the largest distance between their distribution
// function and that of U(lower, upper), in units of what n such draws have (Kolmogorov, Smirnov);
// and the slope in evaluation.
struct Drawn {
  double distance, least, most, slope;
};

Drawn drawn() {
  const Rrelu f;
  std::vector<float> x(kDraws, -1.0F);
  std::vector<float> y(kDraws);
  const RandomActivation random = f;
  forward(random, ConstTensor(x.data(), kDraws), Noise{.seed = 1505}, Tensor(y.data(), kDraws));
  for (float& v : y) v = -v;
  std::ranges::sort(y);
  double distance = 0;
  for (std::size_t i = 0; i < kDraws; ++i) {
    const double should = (static_cast<double>(y[i]) - f.lower) / (f.upper - f.lower);
    const double below = static_cast<double>(i) / kDraws;
    distance = std::max({distance, should - below, below + 1.0 / kDraws - should});
  }
  float evaluated = 0;
  const float minus = -1;
  forward(actfn::evaluated(random), std::span(&minus, 1), std::span(&evaluated, 1));
  return {distance * std::sqrt(static_cast<double>(kDraws)), static_cast<double>(y.front()),
          static_cast<double>(y.back()), -static_cast<double>(evaluated)};
}

// 99.9 % of samples of a distribution have less.
constexpr double kMostDistance = 1.95;

bool is_uniform(const Drawn& d) {
  const Rrelu f;
  const bool between = d.least >= static_cast<double>(static_cast<float>(f.lower)) &&
                       d.most <= static_cast<double>(static_cast<float>(f.upper));
  return between && d.distance < kMostDistance && near(d.slope, (f.lower + f.upper) / 2, 1e-7);
}

std::vector<double> gaps(const Readings& readings, const char* activation) {
  const Readings of = readings.where("activation", activation);
  const auto train = at_end(of, "train_loss");
  auto gap = at_end(of, "test_loss");
  for (std::size_t i = 0; i < gap.size(); ++i) gap[i] -= train[i];
  return gap;
}

Chart gap_chart(const Readings& readings) {
  Chart chart{.file = "gap",
              .title = {},
              .kind = Chart::Kind::dots,
              .x = {.label = "test loss minus training loss after training (nats)"},
              .y = {},
              .lines = {{"gap", {}}},
              .names = readings.values("activation")};
  for (std::size_t i = 0; i < chart.names.size(); ++i) {
    chart.lines[0].points.push_back(
        mean_point(static_cast<double>(i), gaps(readings, chart.names[i].c_str())));
  }
  return chart;
}

Outcome judge(const Readings& readings, const Scope& scope) {
  const Drawn draws = drawn();
  std::vector<Holds> parts = {holds(is_uniform(draws))};
  Chart gap = gap_chart(readings);
  Listed listed;
  for (std::size_t i = 0; i < gap.names.size(); ++i) {
    listed.add(gap.names[i], gap.lines[0].points[i].y);
  }
  const auto of_rrelu = gaps(readings, kRrelu);
  for (const char* other : kOthers) parts.push_back(less(of_rrelu, gaps(readings, other)));
  Chart test = curves_chart(readings, "test_loss", "test loss (nats)");
  test.title = "Test losses over the epochs; in the end: " + ends_of(test);
  gap.title = "Test loss minus training loss, " + after(curves(scope).kinds[0].course) + ": " +
              listed.text();
  Verdict verdict{
      .holds = all_hold(parts),
      .finding =
          fmt::format("rrelu's slopes are {}uniform from {:.6f} to {:.6f} in training and "
                      "{:.6f} in evaluation; test loss minus training loss, {}: {}{}",
                      parts[0] == Holds::yes ? "" : "not ", draws.least, draws.most, draws.slope,
                      after(curves(scope).kinds[0].course), listed.text(), diverged(readings)),
      .measured = listed.text() + fmt::format("; distance {:.3f}", draws.distance),
      .interval = difference(of_rrelu, gaps(readings, "leaky_relu")).interval,
      .tolerance = intervals_over(scope) + fmt::format(", paired; distance {}", kMostDistance)};
  return {std::move(verdict), {std::move(gap), std::move(test)}};
}

std::string missing(const Readings& readings, const Scope& /*scope*/) {
  std::vector<const char*> all(kOthers.begin(), kOthers.end());
  all.push_back(kRrelu);
  return unless_over_fitted(readings, all);
}

}  // namespace

Experiment rrelu() {
  return {.name = "rrelu",
          .claim =
              "rrelu draws its slopes from U(lower, upper) in training and takes their middle in "
              "evaluation; it over-fits less than leaky_relu and prelu.",
          .source = "Xu et al. 2015, arXiv:1505.00853",
          .expected = "uniform slopes; a smaller gap between test and training loss with rrelu",
          .setup =
              "Networks with two hidden layers of 128 units are trained with rrelu, leaky_relu "
              "(two slopes) and prelu on 6,000 images of Fashion-MNIST for 30 epochs (Adam, rate "
              "0.001, batches of 32), and 2^20 slopes of rrelu are drawn. The claim holds if the "
              "slopes pass a Kolmogorov-Smirnov test for uniformity and paired 95 % intervals show "
              "a smaller gap between test and training loss than with leaky_relu and prelu.",
          .method = Method::networks,
          .columns = columns_of(curves({})),
          .trials = trials_from(curves),
          .judge = judge,
          .missing = missing};
}

}  // namespace actfn::lab::experiments
