// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/common.h"
#include "lab/experiments/moments.h"
#include "lab/experiments/seeds.h"
#include "lab/experiments/selu_network.h"
#include "lab/experiments/training.h"

#include <array>

namespace actfn::lab::experiments {
namespace {

enum class Form { layers, residual, recurrent };

struct Case {
  const char* name;
  nn::Init init = nn::Init::lecun_normal;
  bool standardised = true;
  Form form = Form::layers;
};
// The first one keeps all conditions; each of the others breaks one.
constexpr std::array<Case, 5> kCases = {{{.name = "all conditions"},
                                         {.name = "inputs from 0 to 1", .standardised = false},
                                         {.name = "he", .init = nn::Init::he_normal},
                                         {.name = "recurrent", .form = Form::recurrent},
                                         {.name = "residual", .form = Form::residual}}};

// An image is read in so many steps, of so many pixels.
constexpr std::size_t kSteps = 56;
constexpr int kOfStep = kPixels / static_cast<int>(kSteps);

nn::Sequential network_of(const Case& c, const SeluSize& size) {
  const Function selu = parse_function("selu");
  if (c.form == Form::recurrent) {
    return nn::Sequential({kSteps, kOfStep}, {nn::Rnn{kOfStep, size.width, Selu{}}});
  }
  std::vector<nn::Layer> layers = {nn::Linear{kPixels, size.width}, selu};
  for (int i = 1; i < size.depth; ++i) {
    const nn::Linear linear{size.width, size.width};
    if (c.form == Form::residual) {
      layers.emplace_back(nn::Residual{linear, selu});
    } else {
      layers.insert(layers.end(), {linear, selu});
    }
  }
  layers.emplace_back(nn::Linear{size.width, kClasses});
  return nn::Sequential(layers);
}

// A unit sums over its pixels and over the units of the step before: with variances of 1 / pixels
// and 1 / units it would have too much, and two conditions would be broken.
void share_variance(nn::Sequential& recurrent) {
  for (const nn::Parameter& p : recurrent.parameters()) {
    if (p.shape.count() != 2) continue;
    const auto in = static_cast<double>(p.shape[1]);
    const auto all = static_cast<double>(p.shape[0] + kOfStep);
    const auto factor = static_cast<float>(std::sqrt(in / all));
    for (float& w : p.values) w *= factor;
  }
}

// By step, of [samples, steps, units].
std::vector<Moments> moments_by_step(std::span<const float> y, std::size_t units) {
  std::vector<Moments> all;
  std::vector<float> here;
  for (std::size_t step = 0; step < kSteps; ++step) {
    here.clear();
    for (std::size_t at = step * units; at < y.size(); at += kSteps * units) {
      const auto units_here = y.subspan(at, units);
      here.insert(here.end(), units_here.begin(), units_here.end());
    }
    all.push_back(moments_of(here));
  }
  return all;
}

// Of layers, behind each selu.
std::vector<std::size_t> places(Form form, const SeluSize& size) {
  const auto depth = static_cast<std::size_t>(size.depth);
  return form == Form::layers ? every(2, 1, depth) : every(1, 1, depth);
}

std::vector<Row> measure(std::size_t number, const SeluSize& size, int seed,
                         const Materials& materials) {
  const Case& c = kCases.at(number);
  const data::Samples& train = Materials::images().train;
  const data::Samples images =
      c.standardised ? standardised(train, size.images) : unscaled(train, size.images);
  LayerMoments sums;
  for (int draw = 0; draw < size.networks; ++draw) {
    materials.go_on();
    nn::Sequential network = initialized(network_of(c, size), c.init, seed_of_draw(seed, draw));
    if (c.form == Form::recurrent) share_variance(network);
    const auto y = network.forward(images.floats);
    sums.add(c.form == Form::recurrent ? moments_by_step(y, static_cast<std::size_t>(size.width))
                                       : moments_of(network, places(c.form, size)));
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

// The cases by what became of them.
struct Places {
  std::vector<std::string> inside, outside, between;

  void add(const char* name, const LastLayer& last) {
    const Holds in = in_corridor(last);
    auto& to = in == Holds::yes ? inside : (in == Holds::no ? outside : between);
    to.push_back(fmt::format("{} ({})", name, text_of(last)));
  }
  static std::string text(const std::vector<std::string>& names) {
    return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
  }
};

Outcome judge(const Readings& readings, const Scope& scope) {
  std::vector<Holds> parts;
  Places where;
  for (const Case& c : kCases) {
    const LastLayer last = last_layer(readings.where("case", c.name));
    const Holds in = in_corridor(last);
    parts.push_back(parts.empty() ? in : opposite(in));
    where.add(c.name, last);
  }
  Verdict verdict{
      .holds = all_hold(parts),
      .finding = fmt::format("Mean and variance at the last layer of selu networks are in their "
                             "corridor: {}; outside: {}; undecided: {}",
                             Places::text(where.inside), Places::text(where.outside),
                             Places::text(where.between)),
      .measured = measured_of(readings),
      .interval = interval_of(last_layer(readings.where("case", kCases[0].name)).variance),
      .tolerance = corridor_text() + "; " + intervals_over(scope)};
  auto figures = moments_figures(readings, verdict.finding);
  return {std::move(verdict), std::move(figures)};
}

}  // namespace

Experiment selu_conditions() {
  return {.name = "selu-conditions",
          .claim =
              "Selu needs standardised inputs, LeCun's initialisation and layers one after the "
              "other: without any one of them, or in a recurrent or a residual network, mean and "
              "variance do not stay near 0 and 1.",
          .source = "Klambauer et al. 2017, arXiv:1706.02515",
          .expected = "inside with all conditions, outside without one of them: " + corridor_text(),
          .setup =
              "128 images of Fashion-MNIST pass through untrained selu networks of 64 layers of "
              "256 units. One case keeps all conditions; the others have inputs from 0 to 1, He's "
              "initialisation, residual layers, or a recurrent layer of 56 steps. Mean and "
              "variance at the end are averaged over 16 networks a seed. The claim holds if their "
              "95 % intervals are in the corridor in the first case alone.",
          .method = Method::networks,
          .columns = {"case", "seed", "layer", "mean", "variance"},
          .trials = trials,
          .judge = judge};
}

}  // namespace actfn::lab::experiments
