// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/common.h"
#include "lab/experiments/moments.h"
#include "lab/experiments/seeds.h"
#include "lab/experiments/selu_network.h"
#include "lab/experiments/training.h"

#include <array>

namespace actfn::lab::experiments {
namespace {

struct Case {
  const char* name;
  const char* between;
  nn::Init init;
  bool keeps;  // mean and variance, as the claim says
};
// 0.1 is the highest rate that Klambauer et al. advise.
constexpr std::array<Case, 4> kCases = {
    {{"lecun", "selu", nn::Init::lecun_normal, true},
     {"lecun, alpha_dropout", "selu+alpha_dropout(p=0.1)", nn::Init::lecun_normal, true},
     {"lecun, dropout", "selu+dropout(p=0.1)", nn::Init::lecun_normal, false},
     {"he", "selu", nn::Init::he_normal, false}}};

std::vector<Row> measure(std::size_t number, const SeluSize& size, int seed,
                         const Materials& materials) {
  const Case& c = kCases.at(number);
  const std::vector<nn::Layer> layers = dense(widths_of(size.depth, size.width), c.between);
  const std::size_t step = (layers.size() - 1) / static_cast<std::size_t>(size.depth);
  const data::Samples images = standardised(Materials::images().train, size.images);
  LayerMoments sums;
  for (int draw = 0; draw < size.networks; ++draw) {
    materials.go_on();
    nn::Sequential network = initialized(nn::Sequential(layers), c.init, seed_of_draw(seed, draw));
    network.forward(images.floats);
    const auto places = every(step, step - 1, static_cast<std::size_t>(size.depth));
    sums.add(moments_of(network, places));
  }
  return rows_of(c.name, seed, sums);
}

std::vector<Trial> trials(const Scope& scope) {
  const SeluSize size = selu_size(scope);
  std::vector<Trial> all;
  for (std::size_t i = 0; i < kCases.size(); ++i) {
    add_seeds(all, scope, fmt::format("case-{}-{}", i, name_of(size)),
              [=](int seed, const Materials& m) { return measure(i, size, seed, m); });
  }
  return all;
}

Outcome judge(const Readings& readings, const Scope& scope) {
  std::vector<Holds> parts;
  std::vector<LastLayer> last;
  for (const Case& c : kCases) {
    last.push_back(last_layer(readings.where("case", c.name)));
    const Holds inside = in_corridor(last.back());
    parts.push_back(c.keeps ? inside : opposite(inside));
  }
  Verdict verdict{
      .holds = all_hold(parts),
      .finding = fmt::format(
          "At the last of {} selu layers mean and variance are {} with LeCun's initialisation, {} "
          "with alpha dropout, {} with dropout in its place, {} with He's initialisation",
          selu_size(scope).depth, text_of(last[0]), text_of(last[1]), text_of(last[2]),
          text_of(last[3])),
      .measured = measured_of(readings),
      .interval = interval_of(last[0].variance),
      .tolerance = corridor_text()};
  auto figures = moments_figures(readings, verdict.finding);
  return {std::move(verdict), std::move(figures)};
}

}  // namespace

Experiment selu_depth() {
  return {.name = "selu-depth",
          .claim =
              "Through 64 layers selu with LeCun's initialisation keeps mean 0 and variance 1, "
              "with alpha dropout too; with He's initialisation, or with dropout in the place of "
              "alpha dropout, they drift.",
          .source = "Klambauer et al. 2017, arXiv:1706.02515",
          .expected = corridor_text() + "; the others leave it",
          .setup =
              "128 standardised images of Fashion-MNIST pass through untrained selu networks of 64 "
              "hidden layers of 256 units, with LeCun's initialisation alone, with alpha dropout "
              "or dropout of 0.1, or with He's initialisation. Mean and variance of the last layer "
              "are averaged over 16 networks a seed. The claim holds if the 95 % intervals are in "
              "the corridor in the first two cases and outside in the others.",
          .method = Method::networks,
          .columns = {"case", "seed", "layer", "mean", "variance"},
          .trials = trials,
          .judge = judge};
}

}  // namespace actfn::lab::experiments
