// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/common.h"
#include "lab/experiments/moments.h"
#include "lab/experiments/reached.h"

#include <array>
#include <numbers>

namespace actfn::lab::experiments {
namespace {

constexpr std::array<nn::Init, 2> kInits = {nn::Init::he_normal, nn::Init::glorot_normal};
constexpr int kHidden = 29;  // and a layer for the classes

// He et al.: momentum 0.9, rate 0.01, batches of 128.
Recipe recipe_of(nn::Init init, int width, int seed) {
  return {.layers = dense(widths_of(kHidden, width), "relu"),
          .init = init,
          .rule = nn::Sgd{.lr = 0.01, .momentum = 0.9},
          .batch = 128,
          .seed = static_cast<std::uint64_t>(seed)};
}

struct Size {
  int width, epochs;
  std::size_t images;
};

Size size_of(const Scope& scope) { return scope.quick ? Size{64, 5, 2400} : Size{256, 5, 12'000}; }

// The mean squares of what goes into each relu, before training, and the loss by epoch.
std::vector<Row> measure(nn::Init init, const Size& size, int seed, const Materials& materials) {
  const data::Samples images = standardised(Materials::images().train, size.images);
  Study study(recipe_of(init, size.width, seed), images);
  study.look(images, 256);
  const auto name = nn::to_string(init);
  std::vector<Row> rows;
  const auto moments = moments_of(study.network(), every(2, 0, kHidden));
  for (std::size_t i = 0; i < moments.size(); ++i) {
    rows.push_back(row(name, seed, "square", i + 1, moments[i].square()));
  }
  rows.push_back(row(name, seed, "loss", 0, study.score(images, materials).loss));
  for (int epoch = 1; epoch <= size.epochs; ++epoch) {
    rows.push_back(row(name, seed, "loss", epoch, study.train_epoch(materials).loss));
  }
  return rows;
}

std::vector<Trial> trials(const Scope& scope) {
  const Size size = size_of(scope);
  std::vector<Trial> all;
  for (const nn::Init init : kInits) {
    add_seeds(all, scope,
              fmt::format("{}-width-{}-images-{}-epochs-{}", nn::to_string(init), size.width,
                          size.images, size.epochs),
              [=](int seed, const Materials& m) { return measure(init, size, seed, m); });
  }
  return all;
}

struct Found {
  Point ratio;  // of the mean squares of a layer and the one before it
  Point loss;   // at the end
};

Found found(const Readings& of) {
  std::vector<double> ratios;
  std::vector<double> losses;
  for (const std::string& seed : of.values("seed")) {
    const Readings one = of.where("seed", seed);
    const auto squares = one.where("what", "square").numbers("value");
    const double steps = static_cast<double>(squares.size()) - 1;
    ratios.push_back(std::pow(squares.back() / squares.front(), 1 / steps));
    losses.push_back(one.where("what", "loss").numbers("value").back());
  }
  return {mean_point(0, ratios), mean_point(0, losses)};
}

// 2 % less than guessing has is what the last layer's biases can do.
Holds learns(const Found& f) {
  constexpr double kGuessing = std::numbers::ln10;
  return below_or_above(interval_of(f.loss), learned_loss(), 0.98 * kGuessing);
}

Holds judged(const Found& he, const Found& glorot) {
  const std::array<Holds, 4> parts = {inside(interval_of(he.ratio), {0.9, 1.1}),
                                      inside(interval_of(glorot.ratio), {0.45, 0.55}), learns(he),
                                      opposite(learns(glorot))};
  return all_hold(parts);
}

std::vector<Chart> figures(const Readings& readings, const Found& he, const Found& glorot) {
  Chart squares{.file = "squares",
                .title = fmt::format("A layer multiplies the mean square of what the next relu "
                                     "gets by {:.2f} with He's initialisation and by {:.2f} with "
                                     "Glorot's",
                                     he.ratio.y, glorot.ratio.y),
                .x = {"layer, from the input"},
                .y = {.label = "mean square of the pre-activations (log)", .log = true}};
  Chart losses{.file = "loss",
               .title = fmt::format("From {:.3f} nats, which guessing has, a network of 30 layers "
                                    "comes to {:.3f} with He's initialisation and to {:.3f} with "
                                    "Glorot's",
                                    std::numbers::ln10, he.loss.y, glorot.loss.y),
               .x = {"epoch"},
               .y = {.label = "training loss (nats)", .low = 0},
               .marks = {{std::numbers::ln10, "guessing"}}};
  for (const nn::Init init : kInits) {
    const std::string name(nn::to_string(init));
    const Readings of = readings.where("init", name);
    squares.lines.push_back(geometric_line(of.where("what", "square"), "at", "value", name));
    losses.lines.push_back(mean_line(of.where("what", "loss"), "at", "value", name));
  }
  return {std::move(squares), std::move(losses)};
}

Outcome judge(const Readings& readings, const Scope& /*scope*/) {
  const Found he = found(readings.where("init", nn::to_string(kInits[0])));
  const Found glorot = found(readings.where("init", nn::to_string(kInits[1])));
  Verdict verdict{
      .holds = judged(he, glorot),
      .finding =
          fmt::format("In a relu network of 30 layers each layer multiplies the mean square "
                      "by {:.3f} with He's initialisation and by {:.3f} with Glorot's; the "
                      "training losses end at {:.3f} and {:.3f}, where guessing has {:.3f}",
                      he.ratio.y, glorot.ratio.y, he.loss.y, glorot.loss.y, std::numbers::ln10),
      .measured = fmt::format("he {:.3f}, loss {:.3f}; glorot {:.3f}, loss {:.3f}", he.ratio.y,
                              he.loss.y, glorot.ratio.y, glorot.loss.y),
      .interval = interval_of(he.ratio),
      .tolerance =
          "ratios 0.9 to 1.1 and 0.45 to 0.55; losses below 1/2 and above 98 % of guessing's"};
  return {std::move(verdict), figures(readings, he, glorot)};
}

}  // namespace

Experiment initialisation() {
  return {.name = "initialisation",
          .claim =
              "He's initialisation keeps the variance from layer to layer of a relu network, and a "
              "network of 30 layers learns; with Glorot's each layer halves it, and the network "
              "stalls.",
          .source = "He et al. 2015, arXiv:1502.01852, 2.2 and figure 3",
          .expected = "a ratio of 1 a layer with He's, 1/2 with Glorot's; only He's learns",
          .setup =
              "relu networks of 29 hidden layers of 256 units learn 12,000 standardised images of "
              "Fashion-MNIST in 5 epochs with SGD (learning rate 0.01, momentum 0.9, batches of "
              "128). The claim holds where a layer, before training, multiplies the mean square "
              "by 0.9 to 1.1 with He's and 0.45 to 0.55 with Glorot's, and the last training loss "
              "is below half of guessing's with He's and above 98 % of it with Glorot's, by 95 % "
              "intervals.",
          .method = Method::networks,
          .columns = {"init", "seed", "what", "at", "value"},
          .trials = trials,
          .judge = judge};
}

}  // namespace actfn::lab::experiments
