// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/nn.h>

#include "lab/batches.h"
#include "lab/experiments/seeds.h"
#include "lab/experiments/training.h"
#include "lab/norm.h"

#include <array>

namespace actfn::lab::experiments {
namespace {

constexpr int kWidth = 128;
constexpr int kSamples = 256;

struct Case {
  const char* activation;
  nn::Init init;  // the one that suits it
};
constexpr std::array<Case, 6> kCases = {{{"sigmoid", nn::Init::glorot_normal},
                                         {"tanh", nn::Init::glorot_normal},
                                         {"relu", nn::Init::he_normal},
                                         {"leaky_relu", nn::Init::he_normal},
                                         {"gelu", nn::Init::he_normal},
                                         {"selu", nn::Init::lecun_normal}}};

std::vector<int> depths(const Scope& scope) {
  return scope.quick ? std::vector{5, 20} : std::vector{2, 5, 10, 20, 35, 50};
}

// The norm of the loss's gradient by each hidden layer's weights, of untrained networks.
std::vector<Row> measure(const Case& c, int depth, int seed, const Materials& materials) {
  nn::Sequential net = initialized(nn::Sequential(dense(widths_of(depth, kWidth), c.activation)),
                                   c.init, static_cast<std::uint64_t>(seed));
  Batches batches(Materials::images().train, kSamples);
  batches.shuffle(static_cast<std::uint64_t>(seed), 1);
  const Batch batch = batches.get(0);
  materials.go_on();
  const std::span<const float> logits = net.forward(batch.x);
  std::vector<float> gradient(logits.size());
  nn::cross_entropy(logits, batch.labels, gradient);
  net.backward(gradient);
  std::vector<Row> rows;
  const auto linears = net.linears();
  for (std::size_t i = 0; i + 1 < linears.size(); ++i) {
    rows.push_back(row(c.activation, depth, seed, i + 1, norm(linears[i].weight_gradient)));
  }
  return rows;
}

std::vector<Trial> trials(const Scope& scope) {
  std::vector<Trial> all;
  for (const Case& c : kCases) {
    for (const int depth : depths(scope)) {
      add_seeds(all, scope, fmt::format("{}-depth-{}", c.activation, depth),
                [=](int seed, const Materials& m) { return measure(c, depth, seed, m); });
    }
  }
  return all;
}

// By how much the gradient falls from a layer to the one before it, as a factor: of the layers but
// the first, whose input is the images.
double fall_per_layer(const Readings& one) {
  const auto norms = one.numbers("gradient_norm");
  const double steps = static_cast<double>(norms.size()) - 2;
  return std::pow(norms.back() / norms[1], 1 / steps);
}

std::vector<double> falls(const Readings& of) {
  std::vector<double> all;
  for (const std::string& seed : of.values("seed")) {
    all.push_back(fall_per_layer(of.where("seed", seed)));
  }
  return all;
}

Outcome judge(const Readings& readings, const Scope& scope) {
  const int depth = 20;
  const Readings deep = readings.where("depth", depth);
  const auto fall = [&](const char* name) {
    return mean_point(0, falls(deep.where("activation", name)));
  };
  const Point sigmoid = fall("sigmoid");
  const Point tanh = fall("tanh");
  const Point relu = fall("relu");
  Verdict verdict{
      .holds = all_hold({is_above(interval_of(sigmoid), 4), is_below(interval_of(tanh), 2),
                         inside(interval_of(relu), {0.8, 1.25})}),
      .finding =
          fmt::format("On its way back through a network of {} layers, each layer divides "
                      "the gradient by {:.1f} with sigmoid, {:.2f} with tanh and {:.2f} with relu",
                      depth, sigmoid.y, tanh.y, relu.y),
      .measured =
          fmt::format("sigmoid {:.3f}; tanh {:.3f}; relu {:.3f}", sigmoid.y, tanh.y, relu.y),
      .interval = interval_of(sigmoid),
      .tolerance = intervals_over(scope)};
  Chart chart{
      .file = "gradients",
      .title = verdict.finding,
      .x = {"layer, from the input"},
      .y = {.label = "norm of the gradient with respect to the layer's weights", .log = true}};
  for (const Case& c : kCases) {
    const Readings of = deep.where("activation", c.activation);
    chart.lines.push_back(geometric_line(of, "layer", "gradient_norm", c.activation));
  }
  return {std::move(verdict), {std::move(chart)}};
}

}  // namespace

Experiment vanishing_gradient() {
  return {
      .name = "vanishing-gradient",
      .claim =
          "sigmoid's small derivative makes the gradients of deep networks vanish; tanh's "
          "shrink far less, and relu's keep their size with He's initialisation.",
      .source = "Glorot & Bengio 2010; He et al. 2015, arXiv:1502.01852",
      .expected = "sigmoid: at least 4-fold a layer; tanh: less than 2-fold; relu: none",
      .setup =
          "In untrained networks of 20 hidden layers of 128 units, the gradient of the loss on 256 "
          "images of Fashion-MNIST gives for each layer a norm, and the mean factor by which it "
          "falls from layer 20 to layer 2. The claim holds if the 95 % interval of this factor is "
          "above 4 for sigmoid, below 2 for tanh, and within 0.8 to 1.25 for relu.",
      .method = Method::networks,
      .columns = {"activation", "depth", "seed", "layer", "gradient_norm"},
      .trials = trials,
      .judge = judge};
}

}  // namespace actfn::lab::experiments
