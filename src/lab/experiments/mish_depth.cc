// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/normalized.h"
#include "lab/experiments/reached.h"

#include <array>

namespace actfn::lab::experiments {
namespace {

constexpr std::array kActivations = {"mish", "swish", "relu"};
constexpr double kTrains = 0.5;  // accuracy; guessing has 0.1

struct Size {
  std::vector<int> depths;
  int width;
  std::size_t images, tested;
  int epochs;
};

// Misra's layers have 500 units, and learn from all images.
Size size_of(const Scope& scope) {
  if (scope.quick) return {{15, 25}, 64, 1500, 500, 3};
  return {{15, 20, 25}, 256, 5000, 2000, 4};
}

// Misra's: BatchNorm, dropout of a quarter, SGD and batches of 128, which were halved.
Recipe recipe_of(const char* activation, int depth, int width, int seed) {
  const std::string between = fmt::format("{}+dropout(p=0.25)", activation);
  return {.layers = normalized(dense(widths_of(depth, width), between)),
          .rule = nn::Sgd{.lr = 0.01, .momentum = 0.9},
          .batch = 64,
          .seed = static_cast<std::uint64_t>(seed)};
}

std::vector<Row> measure(const char* activation, int depth, const Size& size, int seed,
                         const Materials& materials) {
  const auto [train, test] = first_images(size.images, size.tested);
  Study study(recipe_of(activation, depth, size.width, seed), train);
  std::vector<Row> rows;
  for (int epoch = 1; epoch <= size.epochs; ++epoch) {
    const double loss = study.train_epoch(materials).loss;
    rows.push_back(
        row(activation, depth, seed, epoch, loss, study.score(test, materials).accuracy));
  }
  return rows;
}

std::vector<Trial> trials(const Scope& scope) {
  const Size size = size_of(scope);
  std::vector<Trial> all;
  for (const char* activation : kActivations) {
    for (const int depth : size.depths) {
      add_seeds(
          all, scope,
          fmt::format("{}-depth-{}-width-{}-images-{}-epochs-{}", activation, depth, size.width,
                      size.images, size.epochs),
          [=](int seed, const Materials& m) { return measure(activation, depth, size, seed, m); });
    }
  }
  return all;
}

// At the end, over depth.
Line by_depth(const Readings& readings, const char* activation, const char* column) {
  const Readings of = readings.where("activation", activation);
  return mean_line(of.where("epoch", last_epoch(of)), "depth", column, activation);
}

// "mish trains with 25", the most layers with which the mean accuracy is that of training.
std::string deepest(const Line& accuracies) {
  double most = 0;
  for (const Point& p : accuracies.points) {
    if (p.y >= kTrains) most = p.x;
  }
  return most == 0 ? accuracies.name + " with none"
                   : fmt::format("{} with {}", accuracies.name, most);
}

std::vector<double> accuracies(const Readings& readings, const char* activation, int depth) {
  return at_end(readings.where("activation", activation).where("depth", depth), "accuracy");
}

Chart accuracy_chart(const Readings& readings, int most) {
  Chart chart{.file = "accuracy",
              .title = {},
              .x = {"hidden layers"},
              .y = {.label = "accuracy on test images", .low = 0, .high = 1},
              .marks = {{0.1, "guessing"}}};
  std::vector<std::string> trained;
  for (const char* activation : kActivations) {
    chart.lines.push_back(by_depth(readings, activation, "accuracy"));
    trained.push_back(deepest(chart.lines.back()));
  }
  chart.title = fmt::format(
      "With {} hidden layers the test accuracies are {}; the most layers "
      "that come to {}: {}",
      most, ends_of(chart), kTrains, fmt::join(trained, ", "));
  return chart;
}

Outcome judge(const Readings& readings, const Scope& scope) {
  const int most = size_of(scope).depths.back();
  Chart accuracy = accuracy_chart(readings, most);
  Chart loss{.file = "loss",
             .title = "The training losses of the last epoch, in the same networks",
             .x = {"hidden layers"},
             .y = {"training loss, with dropout (nats)"}};
  for (const char* activation : kActivations) {
    loss.lines.push_back(by_depth(readings, activation, "loss"));
  }
  const auto mish = accuracies(readings, "mish", most);
  const auto relu = accuracies(readings, "relu", most);
  const std::array<Holds, 2> parts = {less(accuracies(readings, "swish", most), mish),
                                      less(relu, mish)};
  Verdict verdict{.holds = all_hold(parts),
                  .finding = accuracy.title,
                  .measured = ends_of(accuracy),
                  .interval = difference(mish, relu).interval,
                  .tolerance = intervals_over(scope) + ", paired"};
  return {std::move(verdict), {std::move(accuracy), std::move(loss)}};
}

// Before depth can stop a training, one has to get somewhere with the fewest layers.
std::string missing(const Readings& readings, const Scope& scope) {
  const Readings shallow = readings.where("depth", size_of(scope).depths.front());
  return unless_one_reaches(kTrains, progress(shallow, kActivations, "accuracy"));
}

}  // namespace

Experiment mish_depth() {
  return {.name = "mish-depth",
          .claim =
              "With more than 15 layers the accuracy of fully connected networks falls sharply "
              "with relu and swish, but far less with mish.",
          .source = "Misra 2019, arXiv:1908.08681",
          .expected = "a higher test accuracy with mish than with swish and relu, with 25 layers",
          .setup =
              "Networks of 15, 20 and 25 hidden layers of 256 units, with BatchNorm before each "
              "activation and dropout of 0.25 behind it, are trained on 5,000 images of "
              "Fashion-MNIST for 4 epochs (SGD, rate 0.01, momentum 0.9, batches of 64). The claim "
              "holds if the paired 95 % intervals show a higher accuracy on 2,000 test images with "
              "mish than with swish and relu at 25 layers.",
          .method = Method::networks,
          .columns = {"activation", "depth", "seed", "epoch", "loss", "accuracy"},
          .trials = trials,
          .judge = judge,
          .missing = missing};
}

}  // namespace actfn::lab::experiments
