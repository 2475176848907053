// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/curves.h"

#include <algorithm>
#include <cmath>

namespace actfn::lab::experiments {
namespace {

// "leaky_relu(0.3)" with its parameter's name.
std::string layers_of(const Kind& kind) {
  if (!kind.layers.empty()) return kind.layers;
  constexpr std::string_view kLeaky = "leaky_relu(";
  if (!kind.activation.starts_with(kLeaky)) return kind.activation;
  return std::string(kLeaky) + "negative_slope=" + kind.activation.substr(kLeaky.size());
}

Recipe recipe_of(const Kind& kind, int seed) {
  return {.layers = dense(widths_of(kind.course.depth, kind.course.width), layers_of(kind)),
          .init = kind.init,
          .rule = kind.course.rule,
          .batch = kind.course.batch,
          .seed = static_cast<std::uint64_t>(seed)};
}

void add(Row& to, const Score& score) {
  to.push_back(cell(score.loss));
  to.push_back(cell(score.accuracy));
}

std::vector<Row> measure(const Kind& kind, const UnitReading& units, int seed,
                         const Materials& materials) {
  const Course& course = kind.course;
  const auto [train, test] = first_images(course.images, course.tested);
  const data::Samples again = first_of(train, course.evaluated ? course.tested : 0);
  Study study(recipe_of(kind, seed), train);
  std::vector<Row> rows;
  for (int epoch = 1; epoch <= course.epochs; ++epoch) {
    Row& one = rows.emplace_back(row(kind.activation));
    if (!kind.setting.empty()) one.push_back(kind.setting);
    one.insert(one.end(), {cell(seed), cell(epoch)});
    const Score learned = study.train_epoch(materials);
    add(one, course.evaluated ? study.score(again, materials) : learned);
    add(one, study.score(test, materials));
    if (!units.read) continue;
    study.look(train, units.samples);
    for (const double v : units.read(hidden_layers(study))) one.push_back(cell(v));
  }
  return rows;
}

// "leaky_relu(0.3)" as a part of a file's name.
std::string plain(std::string text) {
  std::ranges::replace(text, '(', '-');
  std::erase(text, ')');
  return text;
}

std::string trial_name(const Curves& curves, const Kind& kind) {
  const Course& c = kind.course;
  std::string name = plain(kind.activation);
  if (!kind.setting.empty()) name += fmt::format("-{}-{}", curves.setting, kind.setting);
  return fmt::format("{}-{}x{}-{}-images-{}-epochs", name, c.depth, c.width, c.images, c.epochs);
}

}  // namespace

Course shortened(Course course, const Scope& scope, const Short& quick) {
  if (!scope.quick) return course;
  course.epochs = quick.epochs;
  course.images = quick.images;
  course.tested = quick.tested;
  course.width = quick.width;
  return course;
}

nn::Adam adam(double rate) {
  nn::Adam rule = kAdam;
  rule.lr = rate;
  return rule;
}

std::vector<std::string> columns_of(const Curves& curves) {
  std::vector<std::string> all = {"activation"};
  if (!curves.setting.empty()) all.push_back(curves.setting);
  all.insert(all.end(),
             {"seed", "epoch", "train_loss", "train_accuracy", "test_loss", "test_accuracy"});
  all.insert(all.end(), curves.units.columns.begin(), curves.units.columns.end());
  return all;
}

std::vector<Trial> trials_of(const Curves& curves, const Scope& scope) {
  std::vector<Trial> all;
  for (const Kind& kind : curves.kinds) {
    add_seeds(all, scope, trial_name(curves, kind),
              [kind, units = curves.units](int seed, const Materials& m) {
                return measure(kind, units, seed, m);
              });
  }
  return all;
}

Chart curves_chart(const Readings& readings, std::string_view column, std::string label) {
  Chart chart{.file = std::string(column),
              .title = {},
              .x = {.label = "epoch", .whole = true},
              .y = {std::move(label)}};
  for (const std::string& name : readings.values("activation")) {
    chart.lines.push_back(mean_line(readings.where("activation", name), "epoch", column, name));
  }
  return chart;
}

Line ends(const Readings& readings, std::string name, std::string_view column) {
  Line line{std::move(name), {}};
  for (const std::string& activation : readings.values("activation")) {
    const auto at = static_cast<double>(line.points.size());
    line.points.push_back(mean_point(at, at_end(readings.where("activation", activation), column)));
  }
  return line;
}

std::string diverged(const Readings& readings) {
  const Readings last = readings.where("epoch", last_epoch(readings));
  const auto losses = last.numbers("train_loss");
  const auto count = std::ranges::count_if(losses, [](double v) { return !std::isfinite(v); });
  return count == 0 ? "" : fmt::format("; {} of {} networks diverged", count, losses.size());
}

std::string after(const Course& course) {
  return fmt::format("after {} {} of {} images", course.epochs,
                     course.epochs == 1 ? "epoch" : "epochs", course.images);
}

}  // namespace actfn::lab::experiments
