// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/nn.h>

#include "lab/batches.h"
#include "lab/experiments/draws.h"
#include "lab/experiments/reached.h"
#include "lab/experiments/training.h"

#include <algorithm>
#include <array>
#include <memory>
#include <tuple>
#include <utility>

namespace actfn::lab::experiments {
namespace {

constexpr int kBatch = 100;
constexpr double kFirstRate = 1e-3;
constexpr double kDecay = -5.809142990314028;  // to 3e-6: its natural logarithm
constexpr double kAllowed = 0.02;              // of the accuracy
constexpr double kTrained = 0.8;               // accuracy of real weights that can be matched

enum class Weights { real, deterministic, stochastic };
struct Kind {
  const char* name;
  Weights weights;
};
constexpr std::array<Kind, 3> kKinds = {{{"real weights", Weights::real},
                                         {"binary, deterministic", Weights::deterministic},
                                         {"binary, stochastic", Weights::stochastic}}};

struct Size {
  std::size_t train, test;
  int width, epochs;
};

// As the authors' network for MNIST, but narrower.
std::vector<nn::Layer> layers(int width) {
  const std::array<int, 5> widths = {784, width, width, width, 10};
  std::vector<nn::Layer> all;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
    all.emplace_back(nn::Linear{widths.at(i), widths.at(i + 1)});
    all.emplace_back(
        nn::BatchNorm1d{.num_features = widths.at(i + 1), .eps = 1e-4, .momentum = 0.15});
    if (i + 2 < widths.size()) all.emplace_back(Function(Activation(Relu{})));
  }
  return all;
}

// The mean of max(0, 1 - t y)^2 over all outputs y, with t = 1 for the label's and -1 for others;
// y becomes its gradient.
double squared_hinge(std::span<float> y, std::span<const std::uint32_t> labels) {
  const std::size_t classes = y.size() / labels.size();
  double sum = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const float t = labels[i / classes] == i % classes ? 1 : -1;
    const float missing = std::max(0.0F, 1 - t * y[i]);
    sum += static_cast<double>(missing * missing);
    y[i] = -2 * t * missing / static_cast<float>(y.size());
  }
  return sum / static_cast<double>(y.size());
}

// The weights of one Linear: real ones, which are learned, and those that the network has.
class Layer {
 public:
  Layer(const nn::Parameter& used, Weights kind, NormalDraws& draws)
      : used_(used),
        kind_(kind),
        real_(used.values.begin(), used.values.end()),
        on_(real_.size()),
        parameters_{{"weight", {real_.size()}, real_, used.gradients}},
        optimizer_(nn::Adam{}, parameters_) {
    if (kind == Weights::real) return;
    for (float& w : real_) w = static_cast<float>(2 * draws.unit() - 1);
    // The authors' factor of the learning rate.
    scale_ = std::sqrt(static_cast<double>(used.shape[0] + used.shape[1]) / 1.5);
  }

  // +1 with the probability that the hard sigmoid of the real weight gives, or where it is at least
  // one half; else -1.
  void binarize(NormalDraws& draws) {
    if (kind_ == Weights::real) return use_real();
    forward(SparseSigmoid{}, real_, on_);
    for (std::size_t i = 0; i < on_.size(); ++i) {
      const bool up = kind_ == Weights::deterministic ? on_[i] >= 0.5F
                                                      : draws.unit() < static_cast<double>(on_[i]);
      used_.values[i] = up ? 1.0F : -1.0F;
    }
  }
  void use_real() { std::ranges::copy(real_, used_.values.begin()); }

  void step(double rate) {
    optimizer_.set_lr(rate * scale_);
    optimizer_.step(parameters_);
    if (kind_ != Weights::real) forward(Hardtanh{}, real_, real_);
  }

 private:
  nn::Parameter used_;
  Weights kind_;
  std::vector<float> real_, on_;
  std::vector<nn::Parameter> parameters_;
  nn::Optimizer optimizer_;
  double scale_ = 1;
};

bool is_of_linear(const nn::Parameter& p) { return p.shape.count() == 2; }

class Training {
 public:
  Training(const Kind& kind, const Size& size, std::uint64_t seed)
      : kind_(kind), seed_(seed), draws_(seed), net_(layers(size.width)) {
    net_.set_reproducible(true);
    net_.initialize(nn::Init::glorot_uniform, seed);
    for (const nn::Parameter& p : net_.parameters()) {
      if (!is_of_linear(p)) others_.push_back(p);
    }
    for (const nn::Parameter& p : net_.parameters()) {
      if (is_of_linear(p)) linears_.push_back(std::make_unique<Layer>(p, kind.weights, draws_));
    }
    optimizer_ = std::make_unique<nn::Optimizer>(nn::Adam{}, others_);
  }

  double train_epoch(Batches& batches, int epoch, double rate, const Materials& materials) {
    net_.set_training(true);
    batches.shuffle(seed_, epoch);
    double sum = 0;
    for (int i = 0; i < batches.count(); ++i) {
      materials.go_on();
      sum += step(batches.get(i), rate);
    }
    return sum / batches.count();
  }

  // Of weights that are binary, or, where they were drawn, of the real ones.
  double accuracy(const data::Samples& test, const Materials& materials) {
    net_.set_training(false);
    for (const auto& l : linears_) {
      kind_.weights == Weights::stochastic ? l->use_real() : l->binarize(draws_);
    }
    const auto score = [&](const Batch& batch) {
      return nn::cross_entropy(net_.forward(batch.x), batch.labels);
    };
    return mean_score(test, 500, materials, score).accuracy;
  }

 private:
  double step(const Batch& batch, double rate) {
    for (const auto& l : linears_) l->binarize(draws_);
    const auto outputs = net_.forward(batch.x);
    gradient_.assign(outputs.begin(), outputs.end());
    const double loss = squared_hinge(gradient_, batch.labels);
    net_.backward(gradient_);
    for (const auto& l : linears_) l->step(rate);
    optimizer_->set_lr(rate);
    optimizer_->step(others_);
    return loss;
  }

  Kind kind_;
  std::uint64_t seed_;
  NormalDraws draws_;
  nn::Sequential net_;
  std::vector<std::unique_ptr<Layer>> linears_;
  std::vector<nn::Parameter> others_;
  std::unique_ptr<nn::Optimizer> optimizer_;
  std::vector<float> gradient_;
};

std::vector<Row> measure(const Kind& kind, const Size& size, int seed, const Materials& materials) {
  const auto [train, test] = first_images(size.train, size.test);
  Batches batches(train, kBatch);
  Training training(kind, size, static_cast<std::uint64_t>(seed));
  std::vector<Row> rows;
  for (int epoch = 1; epoch <= size.epochs; ++epoch) {
    const double along = static_cast<double>(epoch - 1) / size.epochs;
    const double rate = kFirstRate * evaluate(Exp{}, kDecay * along);
    const double loss = training.train_epoch(batches, epoch, rate, materials);
    rows.push_back(row(kind.name, seed, epoch, loss, training.accuracy(test, materials)));
  }
  return rows;
}

std::vector<Trial> trials(const Scope& scope) {
  const Size size = scope.quick ? Size{4'000, 1'000, 96, 3} : Size{20'000, 10'000, 256, 12};
  constexpr std::array kShort = {"real", "deterministic", "stochastic"};
  std::vector<Trial> all;
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    add_seeds(all, scope,
              fmt::format("{}-{}-images-width-{}-{}-epochs", kShort.at(i), size.train, size.width,
                          size.epochs),
              [=](int seed, const Materials& m) { return measure(kKinds.at(i), size, seed, m); });
  }
  return all;
}

// By how much the accuracy falls from real to binary weights, after the last epoch.
PairedDifference loss_of(const Readings& last, const char* name) {
  return difference(last.where("weights", kKinds[0].name).numbers("accuracy"),
                    last.where("weights", name).numbers("accuracy"));
}

Outcome judge(const Readings& readings, const Scope& scope) {
  Chart chart{
      .file = "accuracy", .title = {}, .x = {"epoch"}, .y = {"test accuracy on Fashion-MNIST"}};
  for (const Kind& kind : kKinds) {
    const Readings of = readings.where("weights", kind.name);
    chart.lines.push_back(mean_line(of, "epoch", "accuracy", kind.name));
  }
  const Readings last = readings.where("epoch", readings.values("epoch").back());
  const PairedDifference fixed = loss_of(last, kKinds[1].name);
  const PairedDifference drawn = loss_of(last, kKinds[2].name);
  const auto& [real, binary, stochastic] = std::tie(
      chart.lines[0].points.back(), chart.lines[1].points.back(), chart.lines[2].points.back());
  const PairedDifference& worse = fixed.mean > drawn.mean ? fixed : drawn;
  Verdict verdict{
      .holds = all_hold({is_below(fixed.interval, kAllowed), is_below(drawn.interval, kAllowed)}),
      .finding =
          fmt::format("After {} epochs, with weights of -1 and 1 the test accuracy is {:.2f} %, "
                      "and {:.2f} % after training with weights that the hard sigmoid "
                      "draws; with real weights it is {:.2f} %",
                      real.x, 100 * binary.y, 100 * stochastic.y, 100 * real.y),
      .measured = fmt::format("below real weights by {:.2f} and {:.2f} points", 100 * fixed.mean,
                              100 * drawn.mean),
      .interval = Interval{100 * worse.interval.low, 100 * worse.interval.high},
      .tolerance = fmt::format("2 points; 95 % intervals over {} paired seeds", scope.seeds)};
  chart.title = verdict.finding;
  return {std::move(verdict), {std::move(chart)}};
}

std::string missing(const Readings& readings, const Scope& /*scope*/) {
  const char* real = kKinds[0].name;
  const Progress one = {real, at_end(readings.where("weights", real), "accuracy")};
  return unless_all_reach(kTrained, std::span(&one, 1));
}

}  // namespace

Experiment hard_sigmoid_binary() {
  return {.name = "hard-sigmoid-binary",
          .claim =
              "Networks learn with weights of -1 and 1 nearly as well as with real ones, if a hard "
              "sigmoid makes them of real weights in each step, by rounding or by chance.",
          .source = "Courbariaux et al. 2015, arXiv:1511.00363 (BinaryConnect)",
          .expected = "the test accuracy falls by less than 2 points",
          .setup =
              "Networks of three hidden layers of 256 relu units with batch norm learn 20,000 "
              "images of Fashion-MNIST in 12 epochs with Adam (learning rate falling from 0.001 "
              "towards 3e-6, batches of 100) and a squared hinge loss, with real weights or "
              "binary ones. The claim holds where the accuracy on 10,000 test images is less than "
              "2 points lower with either kind of binary weights, by paired 95 % intervals.",
          .method = Method::networks,
          .columns = {"weights", "seed", "epoch", "train_loss", "accuracy"},
          .trials = trials,
          .judge = judge,
          .missing = missing};
}

}  // namespace actfn::lab::experiments
