// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/curves.h"
#include "lab/experiments/reached.h"

#include <algorithm>
#include <array>

namespace actfn::lab::experiments {
namespace {

constexpr std::array kActivations = {"leaky_relu", "leaky_relu(0.3)", "elu", "relu"};
constexpr std::array kRates = {"0.001", "0.01"};
constexpr const char* kHigh = kRates.back();  // at which relu loses units
constexpr double kBound = -1;                 // of elu

Course course(const Scope& scope, const char* rate) {
  return shortened({.depth = 3,
                    .rule = adam(std::string_view(rate) == kHigh ? 0.01 : 0.001),
                    .epochs = 8,
                    .images = 15'000,
                    .tested = 2000},
                   scope, {.epochs = 2, .images = 2000, .tested = 500});
}

Curves curves(const Scope& scope) {
  Curves all{.kinds = {},
             .setting = "learning_rate",
             .units = {.columns = {"quantile", "least", "never_positive", "dead"},
                       .read = [](auto layers) {
                         return std::vector{output_quantile(layers, 0.01),
                                            output_quantile(layers, 0),
                                            share_never_positive(layers), share_of_dead(layers)};
                       }}};
  for (const char* rate : kRates) {
    for (const char* activation : kActivations) {
      all.kinds.push_back(
          {.activation = activation, .setting = rate, .course = course(scope, rate)});
    }
  }
  return all;
}

// leaky_relu's 1 % quantile sinks from the first epoch to the last, and to below elu's bound.
std::vector<Holds> sinks(const Readings& leaky) {
  const auto first = at_epoch(leaky, 1, "quantile");
  const auto last = at_end(leaky, "quantile");
  return {is_below(difference(last, first).interval), is_below(mean_interval(last), kBound)};
}

std::vector<Chart> figures(const Readings& high) {
  Chart quantiles =
      curves_chart(high, "quantile", "output of hidden units that 1 % are below; mean over seeds");
  Chart never = curves_chart(high, "never_positive",
                             "share of hidden units that no image brings above 0; mean over seeds");
  quantiles.marks = {{kBound, "elu's bound"}};
  quantiles.title = "In the end, 1 % of the outputs are below these values: " + ends_of(quantiles);
  never.y.low = 0;
  never.title = "The share of units that no image brings above 0 in the end: " + ends_of(never);
  return {std::move(quantiles), std::move(never)};
}

Outcome judge(const Readings& readings, const Scope& scope) {
  const Readings high = readings.where("learning_rate", kHigh);
  const auto of = [&](const char* activation) { return high.where("activation", activation); };
  const Readings leaky = of("leaky_relu");
  const double least = std::ranges::min(readings.where("activation", "elu").numbers("least"));
  std::vector<Holds> parts = sinks(leaky);
  parts.push_back(holds(least >= kBound));
  parts.push_back(holds(std::ranges::max(leaky.numbers("dead")) == 0));
  const auto mean = [&](const char* activation, const char* column) {
    return mean_of(at_end(of(activation), column));
  };
  const Interval quantile = mean_interval(at_end(leaky, "quantile"));
  Verdict verdict{
      .holds = all_hold(parts),
      .finding = fmt::format(
          "At the learning rate {}, {}, 1 % of leaky_relu's outputs are below {:.2f}, with the "
          "slope 0.3 below {:.1f}, and {:.1f} % of its units never get above 0; elu's least "
          "output is {:.3f}, and {:.1f} % of relu's units are dead{}",
          kHigh, after(course(scope, kHigh)), mean("leaky_relu", "quantile"),
          mean("leaky_relu(0.3)", "quantile"), 100 * mean("leaky_relu", "never_positive"), least,
          100 * mean("relu", "dead"), diverged(readings)),
      .measured = fmt::format("1 % quantile of leaky_relu {:.4f}; elu's least {:.4f}",
                              mean("leaky_relu", "quantile"), least),
      .interval = quantile,
      .tolerance = fmt::format("95 % intervals over {} seeds; -1 exactly", scope.seeds)};
  return {std::move(verdict), figures(high)};
}

// Units sink over epochs.
std::string missing(const Readings& readings, const Scope& /*scope*/) {
  constexpr std::size_t kEpochs = 5;
  return unless_as_many(static_cast<std::size_t>(last_epoch(readings)), kEpochs, "epochs");
}

}  // namespace

Experiment leaky_runaway() {
  return {.name = "leaky-runaway",
          .claim =
              "leaky_relu kills no units, but lets them sink to large negative outputs; elu's are "
              "never below -alpha.",
          .source = "Common advice; of elu's bound also Clevert et al. 2015, arXiv:1511.07289",
          .expected =
              "leaky_relu: no dead units, a 1 % quantile of outputs that sinks, to below -1; elu: "
              "no output below -1",
          .setup =
              "Networks of three hidden layers of 128 units learn 15,000 images of Fashion-MNIST "
              "in 8 epochs with Adam (learning rates 0.001 and 0.01, batches of 32); their "
              "outputs are read on 1,000 training images. The claim holds where, at 0.01, "
              "leaky_relu has no dead units and its 1 % quantile sinks over the epochs, to below "
              "-1, by 95 % intervals, and no output of elu is below -1 at either rate.",
          .method = Method::networks,
          .columns = columns_of(curves({})),
          .trials = trials_from(curves),
          .judge = judge,
          .missing = missing};
}

}  // namespace actfn::lab::experiments
