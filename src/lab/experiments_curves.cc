// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/curves.h"

#include <algorithm>
#include <cmath>

namespace actfn::lab::experiments {
namespace {

constexpr int kPixels = 784;
constexpr int kClasses = 10;

// The hidden layers have so many units after the activation.
std::vector<int> widths_of(const Course& course) {
  std::vector<int> widths(static_cast<std::size_t>(course.depth) + 2, course.width);
  widths.front() = kPixels;
  widths.back() = kClasses;
  return widths;
}

Recipe recipe_of(const Kind& kind, int seed) {
  const std::string& between = kind.layers.empty() ? kind.activation : kind.layers;
  return {.layers = dense(widths_of(kind.course), between),
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
  const data::Samples train = first_of(Materials::images().train, course.images);
  const data::Samples test = first_of(Materials::images().test, course.tested);
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

std::string trial_name(const Curves& curves, const Kind& kind, int seed) {
  const Course& c = kind.course;
  std::string name = plain(kind.activation);
  if (!kind.setting.empty()) name += fmt::format("-{}-{}", curves.setting, kind.setting);
  return fmt::format("{}-{}x{}-{}-images-{}-epochs-seed-{}", name, c.depth, c.width, c.images,
                     c.epochs, seed);
}

}  // namespace

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
    for (int seed = 1; seed <= scope.seeds; ++seed) {
      all.push_back(
          {trial_name(curves, kind, seed), [kind, units = curves.units, seed](const Materials& m) {
             return measure(kind, units, seed, m);
           }});
    }
  }
  return all;
}

Chart curves_chart(const Readings& readings, std::string_view column, std::string label) {
  Chart chart{.file = std::string(column), .title = {}, .x = {"epoch"}, .y = {std::move(label)}};
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
