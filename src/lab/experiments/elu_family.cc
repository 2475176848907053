// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/elu_paper.h"
#include "lab/experiments/reached.h"

#include <array>

namespace actfn::lab::experiments {
namespace {

constexpr std::array kOthers = {"relu", "leaky_relu(0.1)", "shifted_relu"};

Course course(const Scope& scope) { return elu_paper_course(scope, 16, 20'000); }

Curves curves(const Scope& scope) {
  const Course c = course(scope);
  return {.kinds = {elu_paper_kind("elu", c), elu_paper_kind("relu", c),
                    elu_paper_kind("leaky_relu(0.1)", c), elu_paper_kind("shifted_relu", c)},
          .units = unit_means()};
}

Outcome judge(const Readings& readings, const Scope& scope) {
  const auto losses = [&](const char* name) {
    return at_end(readings.where("activation", name), "train_loss");
  };
  std::vector<Holds> parts;
  std::string measured;
  for (const char* other : kOthers) {
    const PairedDifference d = difference(losses("elu"), losses(other));
    parts.push_back(is_below(d.interval));
    measured += fmt::format("{}elu - {} {}", measured.empty() ? "" : "; ", other, with_reach(d));
  }
  Chart train = curves_chart(readings, "train_loss", "training loss, in nats; mean over seeds");
  Chart test = curves_chart(readings, "test_loss", "test loss, in nats; mean over seeds");
  Chart means =
      curves_chart(readings, "unit_mean", "size of the median unit's mean output; mean over seeds");
  Verdict verdict{.holds = all_hold(parts),
                  .finding = fmt::format("The training loss {}: {}{}", after(course(scope)),
                                         ends_of(train), diverged(readings)),
                  .measured = measured,
                  .interval = difference(losses("elu"), losses("relu")).interval,
                  .tolerance = intervals_over(scope) + ", paired"};
  train.title = verdict.finding;
  test.title = "The test loss at the end: " + ends_of(test);
  means.title = "How far from 0 the median unit's mean is at the end: " + ends_of(means);
  return {std::move(verdict), {std::move(train), std::move(test), std::move(means)}};
}

std::string missing(const Readings& readings, const Scope& /*scope*/) {
  constexpr std::array kAll = {"elu", "relu", "leaky_relu(0.1)", "shifted_relu"};
  return unless_one_learned(progress(readings, kAll, "train_loss"));
}

}  // namespace

Experiment elu_family() {
  return {.name = "elu-family",
          .claim =
              "A network of eight hidden layers learns faster with elu than with relu, leaky_relu "
              "and shifted_relu.",
          .source = kEluPaper,
          .expected = "the training loss of elu below each of the others",
          .setup =
              "Networks of eight hidden layers of 128 units learn 20,000 images of Fashion-MNIST "
              "in 16 epochs with SGD (learning rate 0.01, batches of 64) from He's "
              "initialisation. The claim holds where the training loss of the last epoch is lower "
              "with elu than with relu, leaky_relu(0.1) and shifted_relu, each by a 95 % interval "
              "paired by seed.",
          .method = Method::networks,
          .columns = columns_of(curves({})),
          .trials = trials_from(curves),
          .judge = judge,
          .missing = missing};
}

}  // namespace actfn::lab::experiments
