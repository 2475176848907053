// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/elu_paper.h"
#include "lab/experiments/reached.h"

#include <algorithm>
#include <array>

namespace actfn::lab::experiments {
namespace {

Course course(const Scope& scope) { return elu_paper_course(scope, 10, 60'000); }

Curves curves(const Scope& scope) {
  return {.kinds = {elu_paper_kind("relu", course(scope)), elu_paper_kind("elu", course(scope))},
          .units = unit_means()};
}

Chart signed_chart(const Readings& readings) {
  Chart chart =
      curves_chart(readings, "signed_mean", "mean output of the median unit; mean over seeds");
  chart.marks = {{0, ""}};
  chart.title = "With its sign, the median unit's mean output ends at " + ends_of(chart);
  return chart;
}

Outcome judge(const Readings& readings, const Scope& scope) {
  const Readings relu = readings.where("activation", "relu");
  const Readings elu = readings.where("activation", "elu");
  std::vector<Holds> parts;
  PairedDifference last;
  for (int epoch = 1; epoch <= last_epoch(readings); ++epoch) {
    last = difference(at_epoch(elu, epoch, "unit_mean"), at_epoch(relu, epoch, "unit_mean"));
    parts.push_back(is_below(last.interval));
  }
  Chart chart =
      curves_chart(readings, "unit_mean", "size of the median unit's mean output; mean over seeds");
  chart.y.low = 0;
  Verdict verdict{
      .holds = all_hold(parts),
      .finding = fmt::format("In {} of {} epochs, the median unit's mean output is nearer 0 with "
                             "elu than with relu; after the last its size is {}{}",
                             std::ranges::count(parts, Holds::yes), parts.size(), ends_of(chart),
                             diverged(readings)),
      .measured = fmt::format("elu - relu {}", with_reach(last)),
      .interval = last.interval,
      .tolerance = fmt::format("95 % interval over {} seeds, paired, at each epoch", scope.seeds)};
  chart.title = verdict.finding;
  return {std::move(verdict), {std::move(chart), signed_chart(readings)}};
}

std::string missing(const Readings& readings, const Scope& /*scope*/) {
  return unless_all_learned(progress(readings, std::array{"elu", "relu"}, "train_loss"));
}

}  // namespace

Experiment elu_means() {
  return {.name = "elu-means",
          .claim =
              "While a network learns, the mean outputs of its units stay nearer 0 with elu than "
              "with relu.",
          .source = kEluPaper,
          .expected = "elu below relu at every epoch",
          .setup =
              "Networks of eight hidden layers of 128 units learn the 60,000 images of "
              "Fashion-MNIST in 10 epochs with SGD (learning rate 0.01, batches of 64) from He's "
              "initialisation. After each epoch the mean output of each hidden unit is taken over "
              "1,000 training images. The claim holds where the median size of these means is "
              "lower with elu than with relu at every epoch, by 95 % intervals paired by seed.",
          .method = Method::networks,
          .columns = columns_of(curves({})),
          .trials = trials_from(curves),
          .judge = judge,
          .missing = missing};
}

}  // namespace actfn::lab::experiments
