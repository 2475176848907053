// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/nn.h>

#include "lab/batches.h"
#include "lab/experiments/draws.h"
#include "lab/experiments/seeds.h"
#include "lab/experiments/training.h"
#include "lab/norm.h"

#include <algorithm>
#include <array>
#include <bit>
#include <tuple>
#include <utility>

namespace actfn::lab::experiments {
namespace {

constexpr std::array<float, 3> kDerivatives = {0, 0.5, 1};  // of relu at 0
constexpr std::array<std::size_t, 4> kWidths = {784, 64, 64, 10};
constexpr int kBatch = 32;
constexpr float kRate = 0.05F;

// What is stored is rounded: weights, the product of weights and inputs, its sum with the bias, and
// gradients of these. In the last case each partial sum of the product is rounded, too.
enum class Precision { float32, bfloat16, bfloat16_sums };
struct Case {
  const char* name;
  Precision precision;
};
constexpr std::array<Case, 3> kCases = {{{"float32", Precision::float32},
                                         {"bfloat16", Precision::bfloat16},
                                         {"bfloat16, sums too", Precision::bfloat16_sums}}};

struct Size {
  std::size_t train, test;
  int epochs;
};

// To the nearest bfloat16, ties to even. For numbers that are not NaN.
float rounded(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  return std::bit_cast<float>((bits + 0x7FFFU + ((bits >> 16U) & 1U)) & 0xFFFF0000U);
}

using Vector = std::vector<float>;

void round(Precision precision, Vector& x) {
  if (precision == Precision::float32) return;
  for (float& v : x) v = rounded(v);
}

// y[row] += x[row] w, with w [inputs, outputs].
void multiply(Precision precision, const Vector& x, const Vector& w, std::size_t outputs,
              Vector& y) {
  const std::size_t inputs = w.size() / outputs;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i] == 0) continue;
    const float* from = w.data() + i % inputs * outputs;
    float* to = y.data() + i / inputs * outputs;
    if (precision == Precision::bfloat16_sums) {
      for (std::size_t k = 0; k < outputs; ++k) to[k] = rounded(to[k] + x[i] * from[k]);
    } else {
      for (std::size_t k = 0; k < outputs; ++k) to[k] += x[i] * from[k];
    }
  }
}

// A Linear: its weights as they are learned and as they are used, and what it needs to learn.
class Layer {
 public:
  Layer(std::size_t inputs, std::size_t outputs, NormalDraws& draws)
      : outputs_(outputs), weight_(inputs * outputs), bias_(outputs) {
    const double deviation = std::sqrt(2 / static_cast<double>(inputs));
    for (float& w : weight_) w = static_cast<float>(deviation * draws.normal());
  }

  const Vector& forward(Precision precision, Vector x, std::size_t rows) {
    x_ = std::move(x);
    used_ = weight_;
    used_bias_ = bias_;
    round(precision, used_);
    round(precision, used_bias_);
    z_.assign(rows * outputs_, 0);
    multiply(precision, x_, used_, outputs_, z_);
    round(precision, z_);
    for (std::size_t i = 0; i < z_.size(); ++i) z_[i] += used_bias_[i % outputs_];
    round(precision, z_);
    return z_;
  }
  const Vector& z() const { return z_; }

  // The gradient by x, and a step of gradient descent.
  Vector backward(Precision precision, const Vector& by_z, bool needs_x) {
    const std::size_t inputs = weight_.size() / outputs_;
    Vector by_x(needs_x ? x_.size() : 0);
    for (std::size_t i = 0; i < by_x.size(); ++i) {
      const float* w = used_.data() + i % inputs * outputs_;
      const float* d = by_z.data() + i / inputs * outputs_;
      for (std::size_t k = 0; k < outputs_; ++k) by_x[i] += d[k] * w[k];
    }
    round(precision, by_x);
    gradient_.assign(weight_.size(), 0);
    for (std::size_t i = 0; i < x_.size(); ++i) {
      if (x_[i] == 0) continue;
      const float* d = by_z.data() + i / inputs * outputs_;
      float* to = gradient_.data() + i % inputs * outputs_;
      for (std::size_t k = 0; k < outputs_; ++k) to[k] += x_[i] * d[k];
    }
    for (std::size_t i = 0; i < weight_.size(); ++i) weight_[i] -= kRate * gradient_[i];
    for (std::size_t i = 0; i < by_z.size(); ++i) bias_[i % outputs_] -= kRate * by_z[i];
    return by_x;
  }

  const Vector& weight() const { return weight_; }

 private:
  std::size_t outputs_;
  Vector weight_, bias_, used_, used_bias_, gradient_, x_, z_;
};

class Network {
 public:
  Network(Precision precision, float derivative, std::uint64_t seed)
      : precision_(precision), derivative_(derivative) {
    NormalDraws draws(seed);
    for (std::size_t i = 0; i + 1 < kWidths.size(); ++i) {
      layers_.emplace_back(kWidths.at(i), kWidths.at(i + 1), draws);
    }
  }

  const Vector& forward(const Batch& batch) {
    Vector x(batch.x.begin(), batch.x.end());
    round(precision_, x);
    for (Layer& layer : layers_) {
      x = layer.forward(precision_, std::move(x), batch.rows());
      if (&layer == &layers_.back()) break;
      for (float& v : x) v = std::max(v, 0.0F);
    }
    return layers_.back().z();
  }

  void learn(const Batch& batch) {
    Vector gradient(forward(batch).size());
    nn::cross_entropy(layers_.back().z(), batch.labels, gradient);
    for (std::size_t i = layers_.size(); i-- > 0;) {
      gradient = layers_[i].backward(precision_, gradient, i > 0);
      if (i > 0) pass_relu(layers_[i - 1].z(), gradient);
    }
  }

  // Of the hidden units' pre-activations while it learned, so many were exactly 0.
  double share_of_zeros() const { return zeros_ / passed_; }
  Vector weights() const {
    Vector all;
    for (const Layer& l : layers_) all.insert(all.end(), l.weight().begin(), l.weight().end());
    return all;
  }

 private:
  void pass_relu(const Vector& z, Vector& gradient) {
    for (std::size_t i = 0; i < z.size(); ++i) {
      if (z[i] == 0) ++zeros_;
      if (z[i] <= 0) gradient[i] *= z[i] < 0 ? 0 : derivative_;
    }
    passed_ += static_cast<double>(z.size());
  }

  Precision precision_;
  float derivative_;
  std::vector<Layer> layers_;
  double zeros_ = 0, passed_ = 0;
};

double accuracy(Network& network, const data::Samples& test, const Materials& materials) {
  const auto score = [&](const Batch& batch) {
    return nn::cross_entropy(network.forward(batch), batch.labels);
  };
  return mean_score(test, kBatch, materials, score).accuracy;
}

double relative_distance(const Vector& a, const Vector& from) {
  Vector difference(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) difference[i] = a[i] - from[i];
  return norm(difference) / norm(from);
}

// Networks that differ in relu's derivative at 0 alone.
std::vector<Row> measure(const Case& c, int seed, const Size& size, const Materials& materials) {
  const auto [train, test] = first_images(size.train, size.test);
  std::vector<Network> networks;
  for (const float derivative : kDerivatives) {
    networks.emplace_back(c.precision, derivative, static_cast<std::uint64_t>(seed));
  }
  Batches batches(train, kBatch);
  std::vector<Row> rows;
  for (int epoch = 1; epoch <= size.epochs; ++epoch) {
    batches.shuffle(static_cast<std::uint64_t>(seed), epoch);
    for (int i = 0; i < batches.count(); ++i) {
      materials.go_on();
      const Batch batch = batches.get(i);
      for (Network& network : networks) network.learn(batch);
    }
    for (std::size_t i = 0; i < networks.size(); ++i) {
      rows.push_back(row(c.name, kDerivatives.at(i), seed, epoch, networks[i].share_of_zeros(),
                         relative_distance(networks[i].weights(), networks[0].weights()),
                         accuracy(networks[i], test, materials)));
    }
  }
  return rows;
}

std::vector<Trial> trials(const Scope& scope) {
  const Size size = scope.quick ? Size{2'000, 1'000, 1} : Size{20'000, 10'000, 4};
  constexpr std::array kShort = {"float32", "bfloat16", "bfloat16-sums"};
  std::vector<Trial> all;
  for (std::size_t i = 0; i < kCases.size(); ++i) {
    add_seeds(all, scope,
              fmt::format("{}-{}-images-{}-epochs", kShort.at(i), size.train, size.epochs),
              [=](int seed, const Materials& m) { return measure(kCases.at(i), seed, size, m); });
  }
  return all;
}

// Means over all seeds at the last epoch, by precision.
Chart by_precision(const Readings& last, const char* column, double scale, const char* file,
                   const char* label) {
  Chart chart{.file = file, .title = {}, .kind = Chart::Kind::dots, .x = {.label = label}, .y = {}};
  for (const float derivative : kDerivatives) {
    Line line{fmt::format("derivative {:g}", derivative), {}};
    for (const Case& c : kCases) {
      const Readings of = last.where("precision", c.name).where("derivative", derivative);
      std::vector<double> values = of.numbers(column);
      for (double& v : values) v *= scale;
      line.points.push_back(mean_point(static_cast<double>(line.points.size()), values));
    }
    chart.lines.push_back(std::move(line));
  }
  for (const Case& c : kCases) chart.names.emplace_back(c.name);
  return chart;
}

// The rows of the last epoch.
class Last {
 public:
  explicit Last(const Readings& readings)
      : rows_(readings.where("epoch", readings.values("epoch").back())) {}

  const Readings& rows() const { return rows_; }
  std::vector<double> of(const Case& c, float derivative, const char* column) const {
    return rows_.where("precision", c.name).where("derivative", derivative).numbers(column);
  }
  double mean(const Case& c, float derivative, const char* column) const {
    return mean_of(of(c, derivative, column));
  }
  // The test accuracy with derivative 1 less that with 0, in points.
  double gain(const Case& c) const {
    return 100 * difference(of(c, 1, "accuracy"), of(c, 0, "accuracy")).mean;
  }

 private:
  Readings rows_;
};

std::vector<Chart> figures(const Last& last, const std::string& finding) {
  std::vector<Chart> charts = {
      by_precision(last.rows(), "zero_share", 1e6, "zeros", "pre-activations of 0 in a million"),
      by_precision(last.rows(), "distance", 100, "distance",
                   "distance of the weights from those with derivative 0, in per cent"),
      by_precision(last.rows(), "accuracy", 1, "accuracy", "test accuracy on Fashion-MNIST")};
  charts[0].title = finding;
  charts[1].title = fmt::format(
      "Derivatives of 0 and 1 lead to weights that differ by {:.2g} % in "
      "bfloat16, and {:.2g} % with rounded sums",
      100 * last.mean(kCases[1], 1, "distance"), 100 * last.mean(kCases[2], 1, "distance"));
  charts[2].title = fmt::format(
      "The derivative at 0 changes the test accuracy in bfloat16 by "
      "{:+.2f} points, with rounded sums by {:+.2f}",
      last.gain(kCases[1]), last.gain(kCases[2]));
  return charts;
}

Outcome judge(const Readings& readings, const Scope& scope) {
  const Last last(readings);
  const auto& [full, half] = std::tie(kCases[0], kCases[1]);
  const PairedDifference zeros =
      difference(last.of(half, 0, "zero_share"), last.of(full, 0, "zero_share"));
  const PairedDifference distance =
      difference(last.of(half, 1, "distance"), last.of(full, 1, "distance"));
  Verdict verdict{
      .holds = all_hold({is_above(zeros.interval), is_above(distance.interval)}),
      .finding = fmt::format(
          "Of a million pre-activations {:.2g} are exactly 0 in float32 and {:.0f} in bfloat16; "
          "derivatives of 0 and 1 there lead to weights that differ by {:.2g} % and {:.2g} %",
          1e6 * last.mean(full, 0, "zero_share"), 1e6 * last.mean(half, 0, "zero_share"),
          100 * last.mean(full, 1, "distance"), 100 * last.mean(half, 1, "distance")),
      .measured = fmt::format("zeros {:+.3g}; distance {:+.3g}; test accuracy with derivative 1 "
                              "less that with 0: {:+.2f}, {:+.2f}, {:+.2f} points",
                              zeros.mean, distance.mean, last.gain(full), last.gain(half),
                              last.gain(kCases[2])),
      .interval = distance.interval,
      .tolerance = intervals_over(scope) + ", paired"};
  auto charts = figures(last, verdict.finding);
  return {std::move(verdict), std::move(charts)};
}

}  // namespace

Experiment relu_at_zero() {
  return {
      .name = "relu-at-zero",
      .claim =
          "Which derivative relu is given at 0 matters more the lower the precision: "
          "pre-activations of exactly 0 are more frequent, and networks part.",
      .source = "Bertoin et al. 2021, arXiv:2106.12915",
      .expected = "more zeros, and a larger distance between weights, in bfloat16 than float32",
      .setup =
          "Networks with two hidden layers of 64 units, with 0, 0.5 and 1 as relu's derivative at "
          "0, are trained on 20,000 images of Fashion-MNIST for 4 epochs (SGD, rate 0.05, batches "
          "of 32) in float32 and in simulated bfloat16. The claim holds if paired 95 % intervals "
          "show in bfloat16 more pre-activations of exactly 0, and a larger distance between the "
          "weights for derivatives 0 and 1.",
      .method = Method::networks,
      .columns = {"precision", "derivative", "seed", "epoch", "zero_share", "distance", "accuracy"},
      .trials = trials,
      .judge = judge};
}

}  // namespace actfn::lab::experiments
