// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/nn.h>

#include "lab/experiments/fisher.h"
#include "lab/experiments/seeds.h"
#include "lab/experiments/training.h"

#include <algorithm>
#include <array>
#include <numbers>
#include <utility>

namespace actfn::lab::experiments {
namespace {

constexpr std::array kActivations = {"relu", "leaky_relu", "shifted_relu",
                                     "elu",  "tanh",       "sigmoid"};
constexpr std::array<double, 3> kDampings = {1e-1, 1e-2, 1e-3};  // of the mean eigenvalue
constexpr double kDamping = 1e-2;                                // the one of the verdict
constexpr std::size_t kSide = 4;                                 // images are 4 x 4
constexpr std::size_t kInputs = kSide * kSide;
constexpr int kHidden = 12;

struct Size {
  std::size_t train, looked_at;
  int epochs;
};

// Images of 4 x 4: means of 7 x 7 pixels, standardised, so that only hidden units shift.
data::Samples small_images(const data::Samples& images) {
  constexpr std::size_t kOld = 28;
  constexpr std::size_t kPool = kOld / kSide;
  data::Samples small;
  small.count = images.count;
  small.features = kInputs;
  small.labels = images.labels;
  for (std::size_t i = 0; i < images.count; ++i) {
    for (std::size_t k = 0; k < small.features; ++k) {
      const std::size_t top = k / kSide * kPool;
      const std::size_t left = k % kSide * kPool;
      int sum = 0;
      for (std::size_t p = 0; p < kPool * kPool; ++p) {
        sum += images.bytes[(i * kOld + top + p / kPool) * kOld + left + p % kPool];
      }
      small.floats.push_back(static_cast<float>(sum));
    }
  }
  data::apply(data::fit(small), small);
  return small;
}

double degrees(double cosine) {
  return std::acos(std::clamp(cosine, -1.0, 1.0)) * 180 / std::numbers::pi;
}

std::vector<Row> look(const char* activation, int seed, int epoch, Study& study,
                      const data::Samples& samples, const Materials& materials) {
  const Fisher fisher(study.network(), parse(activation), samples, materials);
  std::vector<Row> rows;
  const auto add = [&](const char* what, double damping, double value) {
    rows.push_back(row(activation, seed, epoch, what, damping, value));
  };
  for (const double damping : kDampings) {
    add("angle", damping, degrees(fisher.cosine(damping)));
    add("unit angle", damping, degrees(fisher.unit_cosine(damping)));
  }
  add("bias shift", 0, fisher.bias_shift());
  add("mean activation", 0, fisher.mean_activation());
  return rows;
}

std::vector<Row> measure(const char* activation, int seed, const Size& size,
                         const Materials& materials) {
  const data::Samples train = small_images(first_of(Materials::images().train, size.train));
  const data::Samples some = first_of(train, size.looked_at);
  Study study({.in = {kInputs},
               .layers = dense({int{kInputs}, kHidden, kHidden, 10}, activation),
               .init = nn::Init::he_normal,
               .rule = nn::Sgd{.lr = 0.05},
               .seed = static_cast<std::uint64_t>(seed)},
              train);
  std::vector<Row> rows = look(activation, seed, 0, study, some, materials);
  for (int epoch = 1; epoch <= size.epochs; ++epoch) {
    study.train_epoch(materials);
    const auto more = look(activation, seed, epoch, study, some, materials);
    rows.insert(rows.end(), more.begin(), more.end());
  }
  return rows;
}

std::vector<Trial> trials(const Scope& scope) {
  const Size size = scope.quick ? Size{2'000, 60, 1} : Size{20'000, 500, 8};
  std::vector<Trial> all;
  for (const char* activation : kActivations) {
    add_seeds(all, scope,
              fmt::format("{}-{}-images-{}-looked-at-{}-epochs", activation, size.train,
                          size.looked_at, size.epochs),
              [=](int seed, const Materials& m) { return measure(activation, seed, size, m); });
  }
  return all;
}

// Of each seed, the mean over all epochs.
std::vector<double> by_seed(const Readings& of) {
  std::vector<double> means;
  for (const std::string& seed : of.values("seed")) {
    means.push_back(mean_of(of.where("seed", seed).numbers("value")));
  }
  return means;
}

Chart by_epoch(const Readings& readings, const char* what, double damping, const char* file,
               const char* label) {
  Chart chart{.file = file, .title = {}, .x = {.label = "epoch", .whole = true}, .y = {label}};
  const Readings of = readings.where("what", what).where("damping", damping);
  for (const char* activation : kActivations) {
    const Readings one = of.where("activation", activation);
    chart.lines.push_back(mean_line(one, "epoch", "value", activation));
  }
  return chart;
}

Chart by_damping(const Readings& readings) {
  Chart chart{.file = "damping",
              .title = "More damping of the Fisher matrix brings the two gradients closer",
              .x = {.label = "damping, as a share of the mean eigenvalue (log)", .log = true},
              .y = {"angle between gradient and natural gradient, in degrees"}};
  const Readings of = readings.where("what", "angle");
  for (const char* activation : kActivations) {
    const Readings one = of.where("activation", activation);
    Line line{activation, {}};
    for (const double damping : kDampings) {
      line.points.push_back(mean_point(damping, by_seed(one.where("damping", damping))));
    }
    chart.lines.push_back(std::move(line));
  }
  return chart;
}

PairedDifference elu_less_relu(const Readings& readings, const char* what, double damping) {
  const Readings of = readings.where("what", what).where("damping", damping);
  return difference(by_seed(of.where("activation", "elu")),
                    by_seed(of.where("activation", "relu")));
}

std::vector<Chart> figures(const Readings& readings, double damping) {
  return {by_epoch(readings, "unit angle", damping, "unit-angles",
                   "angle between gradient and unit natural gradient, in degrees"),
          by_epoch(readings, "angle", damping, "angles",
                   "angle between gradient and natural gradient, in degrees"),
          by_epoch(readings, "bias shift", 0, "bias-shift",
                   "terms of the Fisher matrix between bias and weights, from 0 to 1"),
          by_epoch(readings, "mean activation", 0, "means",
                   "|mean of a hidden unit over samples|, mean over units"),
          by_damping(readings)};
}

Outcome judge(const Readings& readings, const Scope& scope) {
  const auto mean = [&](const char* what, const char* activation, double damping) {
    const Readings of = readings.where("what", what).where("activation", activation);
    return mean_of(by_seed(of.where("damping", damping)));
  };
  const auto both = [&](const char* what, double damping) {
    return fmt::format("{:.3g} with elu and {:.3g} with relu", mean(what, "elu", damping),
                       mean(what, "relu", damping));
  };
  const PairedDifference unit = elu_less_relu(readings, "unit angle", kDamping);
  const PairedDifference shift = elu_less_relu(readings, "bias shift", 0);
  const PairedDifference whole = elu_less_relu(readings, "angle", kDamping);
  Verdict verdict{
      .holds = all_hold({is_below(unit.interval), is_below(shift.interval)}),
      .finding = fmt::format("In degrees, the angle between gradient and unit natural gradient is "
                             "{}; that to the natural gradient of the whole network is {}",
                             both("unit angle", kDamping), both("angle", kDamping)),
      .measured =
          fmt::format("elu - relu: {:.2f} degrees; bias shift {:.3f}; whole network {:.2f} "
                      "degrees ({:.2f} to {:.2f})",
                      unit.mean, shift.mean, whole.mean, whole.interval.low, whole.interval.high),
      .interval = unit.interval,
      .tolerance = intervals_over(scope) + ", paired"};
  std::vector<Chart> charts = figures(readings, kDamping);
  charts[0].title = verdict.finding;
  charts[1].title = "In degrees, the angle to the natural gradient of the whole network is " +
                    both("angle", kDamping);
  charts[2].title = "The terms between bias and weights are " + both("bias shift", 0);
  charts[3].title = "The means of hidden units are " + both("mean activation", 0);
  return {std::move(verdict), std::move(charts)};
}

}  // namespace

Experiment natural_gradient() {
  return {.name = "natural-gradient",
          .claim =
              "Means near zero bring the gradient nearer to the unit natural gradient, since "
              "biases shift less: so with elu, compared with relu.",
          .source = "Clevert et al. 2015, arXiv:1511.07289",
          .expected =
              "a smaller angle between both gradients, and smaller terms between bias and "
              "weights in the Fisher matrix",
          .setup =
              "Networks with two hidden layers of 12 units learn 20,000 images of Fashion-MNIST, "
              "reduced to 4 x 4 pixels, for 8 epochs (SGD, rate 0.05, batches of 32). The exact "
              "Fisher matrix of 500 images gives the unit natural gradient, damped by 0.01 of the "
              "mean eigenvalue. The claim holds if paired 95 % intervals show a smaller angle and "
              "smaller bias terms with elu, on average over the epochs.",
          .method = Method::networks,
          .columns = {"activation", "seed", "epoch", "what", "damping", "value"},
          .trials = trials,
          .judge = judge};
}

}  // namespace actfn::lab::experiments
