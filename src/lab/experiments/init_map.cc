// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/nn.h>

#include "lab/batches.h"
#include "lab/experiments/common.h"
#include "lab/experiments/elementwise_names.h"
#include "lab/experiments/moments.h"
#include "lab/experiments/seeds.h"
#include "lab/experiments/training.h"

#include <array>

namespace actfn::lab::experiments {
namespace {

// The variances are the same with uniform distributions.
struct Scheme {
  const char* name;
  nn::Init init;
};
constexpr std::array<Scheme, 3> kSchemes = {{{"he", nn::Init::he_normal},
                                             {"glorot", nn::Init::glorot_normal},
                                             {"lecun", nn::Init::lecun_normal}}};

// The activations that the claim is about, and what should suit them.
struct Said {
  const char* activation;
  const char* scheme;
};
constexpr std::array<Said, 5> kSaid = {
    {{"relu", "he"}, {"leaky_relu", "he"}, {"relu6", "he"}, {"selu", "lecun"}, {"tanh", "glorot"}}};
constexpr int kJudged = 20;           // layers
constexpr std::size_t kForward = 64;  // images
constexpr int kBackward = 16;         // of them

std::vector<int> depths(const Scope& scope) {
  return scope.quick ? std::vector{kJudged} : std::vector{5, kJudged, 50};
}

std::vector<std::string> activations(const Scope& scope) {
  if (!scope.quick) return elementwise_names();
  std::vector<std::string> names;
  for (const Said& s : kSaid) names.emplace_back(s.activation);
  return names;
}

// Hidden layers from wide to narrow, as in most classifiers. Where all are equally wide, Glorot's
// variance is LeCun's.
int width(int layer, int depth) {
  constexpr int kFirst = 256;
  constexpr int kLast = 64;
  return kFirst - (kFirst - kLast) * layer / (depth - 1);
}

nn::Sequential network(const std::string& activation, int depth) {
  std::vector<int> widths = widths_of(depth, 0);
  for (int i = 0; i < depth; ++i) widths[static_cast<std::size_t>(i) + 1] = width(i, depth);
  return nn::Sequential(dense(widths, activation));
}

struct Ratios {
  double activations, gradients;  // variances, of the last hidden layer over the first
};

// The mean square of the gradient by a layer's pre-activations, which is that by its biases of one
// sample.
class Gradients {
 public:
  void add(nn::Sequential& network) {
    const auto linears = network.linears();
    first_ += moments_of(linears.front().bias_gradient).square();
    last_ += moments_of(linears[linears.size() - 2].bias_gradient).square();
  }
  double ratio() const { return last_ / first_; }

 private:
  double first_ = 0, last_ = 0;
};

Ratios ratios(const std::string& activation, const Scheme& scheme, int depth, int seed,
              const data::Samples& images) {
  nn::Sequential net =
      initialized(network(activation, depth), scheme.init, static_cast<std::uint64_t>(seed));
  net.forward(images.floats);
  const std::array<std::size_t, 2> ends = {1, 2 * static_cast<std::size_t>(depth) - 1};
  const auto moments = moments_of(net, ends);
  Gradients gradients;
  Batches batches(images, 1);  // a sample at a time
  std::vector<float> gradient(kClasses);
  for (int i = 0; i < kBackward; ++i) {
    const Batch batch = batches.get(i);
    nn::cross_entropy(net.forward(batch.x), batch.labels, gradient);
    net.backward(gradient);
    gradients.add(net);
  }
  return {moments[1].variance / moments[0].variance, gradients.ratio()};
}

std::vector<Row> measure(const std::string& activation, const std::vector<int>& all_depths,
                         int seed, const Materials& materials) {
  const data::Samples images = standardised(Materials::images().train, kForward);
  std::vector<Row> rows;
  for (const Scheme& scheme : kSchemes) {
    for (const int depth : all_depths) {
      materials.go_on();
      const Ratios r = ratios(activation, scheme, depth, seed, images);
      rows.push_back(row(activation, scheme.name, depth, seed, r.activations, r.gradients));
    }
  }
  return rows;
}

std::vector<Trial> trials(const Scope& scope) {
  const std::vector<int> all_depths = depths(scope);
  std::vector<Trial> all;
  for (const std::string& activation : activations(scope)) {
    add_seeds(
        all, scope, fmt::format("{}-depths-{}", activation, fmt::join(all_depths, "-")),
        [=](int seed, const Materials& m) { return measure(activation, all_depths, seed, m); });
  }
  return all;
}

// How far both ratios are from 1, in decades together, by seed.
std::vector<double> distances(const Readings& readings, std::string_view activation,
                              std::string_view scheme) {
  const Readings of =
      readings.where("activation", activation).where("init", scheme).where("depth", kJudged);
  const auto forward = of.numbers("activation_ratio");
  const auto backward = of.numbers("gradient_ratio");
  std::vector<double> all;
  for (std::size_t i = 0; i < forward.size(); ++i) {
    all.push_back(std::fabs(std::log10(forward[i])) + std::fabs(std::log10(backward[i])));
  }
  return all;
}

struct Nearest {
  Holds is_said = Holds::undecided;
  std::string scheme;  // the nearest by its mean
  std::string text;
};

Nearest nearest(const Readings& readings, const Said& said) {
  const auto of_said = distances(readings, said.activation, said.scheme);
  Nearest result;
  std::vector<Holds> parts;
  Listed listed;
  double least = INFINITY;
  for (const Scheme& scheme : kSchemes) {
    const auto here = distances(readings, said.activation, scheme.name);
    if (scheme.name != std::string_view(said.scheme)) parts.push_back(less(of_said, here));
    listed.add(scheme.name, mean_of(here), 2);
    if (!(mean_of(here) < least)) continue;
    least = mean_of(here);
    result.scheme = scheme.name;
  }
  result.is_said = all_hold(parts);
  result.text = fmt::format("{}: {}", said.activation, listed.text());
  return result;
}

// A row for each activation, a column for each initialisation and depth.
Chart map_of(const Readings& readings, const char* file, const char* column, std::string title) {
  Chart chart{.file = file,
              .title = std::move(title),
              .kind = Chart::Kind::cells,
              .x = {"initialisation and number of hidden layers"},
              .y = {.label = "variance at the last hidden layer over that at the first",
                    .log = true,
                    .high = 1000}};
  for (const Scheme& scheme : kSchemes) {
    for (const std::string& depth : readings.values("depth")) {
      chart.names.push_back(fmt::format("{} {}", scheme.name, depth));
    }
  }
  for (const std::string& activation : readings.values("activation")) {
    Line line{activation, {}};
    const Readings of = readings.where("activation", activation);
    for (const Scheme& scheme : kSchemes) {
      const Readings here = of.where("init", scheme.name);
      for (const Point& p : geometric_line(here, "depth", column, "").points) {
        line.points.push_back({static_cast<double>(line.points.size()), p.y, p.low, p.high});
      }
    }
    chart.lines.push_back(std::move(line));
  }
  return chart;
}

Outcome judge(const Readings& readings, const Scope& scope) {
  std::vector<Holds> parts;
  std::string finding;
  std::string measured;
  for (const Said& said : kSaid) {
    const Nearest here = nearest(readings, said);
    const bool first = parts.empty();
    parts.push_back(here.is_said);
    finding += fmt::format("{}{} for {}", first ? "" : ", ", here.scheme, said.activation);
    measured += (first ? "" : "; ") + here.text;
  }
  Verdict verdict{
      .holds = all_hold(parts),
      .finding = fmt::format("Through {} layers, variances of activations and gradients change "
                             "least with {}",
                             kJudged, finding),
      .measured = measured + " (decades)",
      .interval = {},
      .tolerance = intervals_over(scope) + " of the differences of two initialisations"};
  std::vector<Chart> figures;
  figures.push_back(map_of(readings, "activations", "activation_ratio", verdict.finding));
  figures.push_back(map_of(readings, "gradients", "gradient_ratio",
                           "The gradients by the pre-activations, in the same networks"));
  return {std::move(verdict), std::move(figures)};
}

}  // namespace

Experiment init_map() {
  return {.name = "init-map",
          .claim =
              "Of He's, Glorot's and LeCun's initialisation, He's changes the variances of "
              "activations and gradients least from layer to layer with relu and its kin, LeCun's "
              "with selu and Glorot's with tanh.",
          .source =
              "He et al. 2015, arXiv:1502.01852; Klambauer et al. 2017, arXiv:1706.02515; Glorot & "
              "Bengio 2010; asked for in TensorFlow Playground's issue 1",
          .expected = "he for relu, leaky_relu and relu6; lecun for selu; glorot for tanh",
          .setup =
              "Untrained networks of 5, 20 and 50 hidden layers, which narrow from 256 units to "
              "64, get 64 standardised images of Fashion-MNIST (16 for gradients). Variances at "
              "the last hidden layer are divided by those at the first, for activations and "
              "gradients. The claim holds where, with 20 layers, both ratios together are nearest "
              "1, in decades, with the expected initialisation, by paired 95 % intervals.",
          .method = Method::networks,
          .columns = {"activation", "init", "depth", "seed", "activation_ratio", "gradient_ratio"},
          .trials = trials,
          .judge = judge};
}

}  // namespace actfn::lab::experiments
