// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/curves.h"

#include <algorithm>
#include <array>

namespace actfn::lab::experiments {
namespace {

// So many epochs are early.
constexpr int kEarly = 3;

// Short epochs: what comes early is to be seen.
Course course(const Scope& scope) {
  return shortened({.depth = 2, .epochs = 20, .images = 20'000, .tested = 5000}, scope,
                   {.epochs = kEarly, .images = 3000, .tested = 500});
}

double share_above(std::span<const HiddenLayer> layers, float bound) {
  std::size_t above = 0;
  std::size_t all = 0;
  for (const HiddenLayer& layer : layers) {
    above += static_cast<std::size_t>(
        std::ranges::count_if(layer.before, [&](float v) { return v > bound; }));
    all += layer.before.size();
  }
  return static_cast<double>(above) / static_cast<double>(all);
}

Curves curves(const Scope& scope) {
  return {.kinds = {{.activation = "relu", .course = course(scope)},
                    {.activation = "relu6", .course = course(scope)}},
          .units = {.columns = {"zeros", "above_6"}, .read = [](auto layers) {
                      return std::vector{share_of_zeros(layers), share_above(layers, 6)};
                    }}};
}

// The mean over seeds, in per cent.
double mean(const Readings& kind, int epoch, const char* column) {
  return 100 * mean_of(at_epoch(kind, epoch, column));
}

std::vector<Chart> figures(const Readings& readings, const std::string& finding) {
  const Readings relu6 = readings.where("activation", "relu6");
  Chart zeros =
      curves_chart(readings, "zeros", "share of units' outputs that are 0; mean over seeds");
  Chart above =
      curves_chart(readings, "above_6", "share of units' inputs above 6; mean over seeds");
  zeros.title = finding;
  above.title = fmt::format(
      "relu6 cuts off {:.1f} % of its inputs after {} epochs, and {:.1f} % "
      "in the end",
      mean(relu6, kEarly, "above_6"), kEarly, mean(relu6, last_epoch(relu6), "above_6"));
  return {std::move(zeros), std::move(above)};
}

Outcome judge(const Readings& readings, const Scope& scope) {
  const Readings relu = readings.where("activation", "relu");
  const Readings relu6 = readings.where("activation", "relu6");
  std::vector<Holds> parts;
  PairedDifference early;
  for (int epoch = 1; epoch <= kEarly; ++epoch) {
    early = difference(at_epoch(relu6, epoch, "zeros"), at_epoch(relu, epoch, "zeros"));
    parts.push_back(is_above(early.interval));
  }
  Verdict verdict{
      .holds = all_hold(parts),
      .finding = fmt::format("After {} epochs of {} images, {:.1f} % of the outputs of relu6's "
                             "units are 0, and {:.1f} % of relu's",
                             kEarly, course(scope).images, mean(relu6, kEarly, "zeros"),
                             mean(relu, kEarly, "zeros")),
      .measured = fmt::format("relu6 - relu after {} epochs {}", kEarly, with_reach(early)),
      .interval = early.interval,
      .tolerance = fmt::format("95 % interval over {} seeds, paired, after each of {} epochs",
                               scope.seeds, kEarly)};
  std::vector<Chart> all = figures(readings, verdict.finding);
  return {std::move(verdict), std::move(all)};
}

}  // namespace

Experiment relu6_sparsity() {
  return {.name = "relu6-sparsity",
          .claim = "relu6 makes a network learn sparse features earlier than relu does.",
          .source = "Krizhevsky 2010, Convolutional deep belief networks on CIFAR-10",
          .expected = "more zeros with relu6 than with relu after the first epochs",
          .setup =
              "Networks with two hidden layers of 128 units are trained with relu and with relu6 "
              "on 20,000 images of Fashion-MNIST for 20 epochs (Adam, rate 0.001, batches of 32). "
              "After each epoch, the share of hidden outputs that are exactly 0 is counted on "
              "1,000 training images. The claim holds if the paired 95 % intervals show more zeros "
              "with relu6 after each of the first 3 epochs.",
          .method = Method::networks,
          .columns = columns_of(curves({})),
          .trials = trials_from(curves),
          .judge = judge};
}

}  // namespace actfn::lab::experiments
