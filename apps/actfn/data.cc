// SPDX-License-Identifier: Apache-2.0
#include "data/dataset.h"

#include <actfn/error.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "catalogue/quote.h"
#include "catalogue/suggest.h"
#include "commands.h"
#include "output.h"

namespace actfn::app {
namespace {

struct DataArguments {
  std::string path;
  std::string label;
  std::optional<std::string> task;
  bool json = false;
};

constexpr std::string_view kTasks[] = {"classification", "regression"};

struct Statistics {
  double mean, deviation, minimum, maximum;
};

// Of each feature of the training part; empty for images.
std::vector<Statistics> statistics_of(const data::Samples& samples) {
  const data::Standardisation found = data::fit(samples);
  std::vector<Statistics> all;
  for (std::size_t f = 0; f < found.mean.size(); ++f) {
    float minimum = samples.floats[f];
    float maximum = minimum;
    for (std::size_t at = f; at < samples.floats.size(); at += samples.features) {
      minimum = std::min(minimum, samples.floats[at]);
      maximum = std::max(maximum, samples.floats[at]);
    }
    const double deviation = minimum == maximum ? 0 : found.deviation[f];
    all.push_back({found.mean[f], deviation, minimum, maximum});
  }
  return all;
}

// Of the targets of a regression.
Statistics target_statistics(const data::Samples& samples) {
  data::Samples targets;
  targets.count = samples.count;
  targets.features = 1;
  targets.floats = samples.targets;
  return statistics_of(targets).front();
}

std::vector<std::size_t> class_counts(const data::Dataset& set, const data::Samples& samples) {
  std::vector<std::size_t> counts(set.classes.size());
  for (const std::uint32_t label : samples.labels) ++counts[label];
  return counts;
}

// A name from a file, on one line.
std::string plain_name(const std::string& name) {
  const std::string quoted = in_quotes(name);
  return quoted.substr(1, quoted.size() - 2);
}

std::string task_text(const data::Dataset& set) {
  const std::string of = set.label_name.empty() ? "" : " of " + plain_name(set.label_name);
  if (set.task == data::Task::regression) return "regression" + of;
  return fmt::format("classification{}, {} classes", of, set.classes.size());
}

std::string sizes_text(const data::Dataset& set) {
  const bool is_image = set.feature_names.empty();
  std::string text = "task      " + task_text(set) + "\n";
  text +=
      fmt::format("samples   {} for training, {} for testing{}\n", set.train.count, set.test.count,
                  set.test_was_split_off ? ", split off: the data have no test part" : "");
  if (set.vocabulary > 0) {
    return text + fmt::format("tokens    {} of {}\n", set.train.features, set.vocabulary);
  }
  if (!is_image) return text + fmt::format("features  {}\n", set.train.features);
  return text + fmt::format("shape     {}, {}\n", data::to_string(set.shape),
                            set.train.floats.empty() ? "bytes" : "floats");
}

std::string classes_text(const data::Dataset& set) {
  const auto train = class_counts(set, set.train);
  const auto test = class_counts(set, set.test);
  Table table({"CLASS", "TRAINING", "TEST"});
  for (std::size_t c = 0; c < set.classes.size(); ++c) {
    table.add({plain_name(set.classes[c]), std::to_string(train[c]), std::to_string(test[c])});
  }
  return table.text(1);
}

void add_row(Table& table, const std::string& name, const Statistics& s) {
  const auto text = [](double x) { return fmt::format("{:.6g}", x); };
  table.add({plain_name(name), text(s.mean), text(s.deviation), text(s.minimum), text(s.maximum)});
}

// The target of a regression is the last row.
std::string features_text(const data::Dataset& set) {
  Table table({"TRAINING", "MEAN", "DEVIATION", "MINIMUM", "MAXIMUM"});
  const auto statistics = statistics_of(set.train);
  for (std::size_t f = 0; f < set.feature_names.size(); ++f) {
    add_row(table, set.feature_names[f], statistics[f]);
  }
  if (set.task == data::Task::regression) {
    add_row(table, set.label_name.empty() ? "y" : set.label_name, target_statistics(set.train));
  }
  return table.text(1);
}

std::string as_text(const data::Dataset& set) {
  std::string text = fmt::format("{}  ({})\n\n", set.path.string(), set.format) + sizes_text(set);
  if (!set.classes.empty()) text += "\n" + classes_text(set);
  const bool has_numbers = !set.feature_names.empty() || set.task == data::Task::regression;
  return has_numbers ? text + "\n" + features_text(set) : text;
}

nlohmann::ordered_json statistics_json(const Statistics& s) {
  return {
      {"mean", s.mean}, {"deviation", s.deviation}, {"minimum", s.minimum}, {"maximum", s.maximum}};
}

nlohmann::ordered_json classes_json(const data::Dataset& set) {
  const auto train = class_counts(set, set.train);
  const auto test = class_counts(set, set.test);
  nlohmann::ordered_json all = nlohmann::json::array();
  for (std::size_t c = 0; c < set.classes.size(); ++c) {
    all.push_back({{"name", set.classes[c]}, {"train", train[c]}, {"test", test[c]}});
  }
  return all;
}

nlohmann::ordered_json features_json(const data::Dataset& set) {
  nlohmann::ordered_json all = nlohmann::json::array();
  if (set.feature_names.empty()) return all;
  const auto statistics = statistics_of(set.train);
  for (std::size_t f = 0; f < set.feature_names.size(); ++f) {
    nlohmann::ordered_json one = {{"name", set.feature_names[f]}};
    one.update(statistics_json(statistics[f]));
    all.push_back(one);
  }
  return all;
}

std::string as_json(const data::Dataset& set) {
  const bool is_regression = set.task == data::Task::regression;
  nlohmann::ordered_json root;
  root["path"] = set.path.string();
  root["format"] = set.format;
  root["task"] = kTasks[is_regression ? 1 : 0];
  root["label"] = set.label_name.empty() ? nlohmann::ordered_json(nullptr)
                                         : nlohmann::ordered_json(set.label_name);
  root["train"] = set.train.count;
  root["test"] = set.test.count;
  root["test_was_split_off"] = set.test_was_split_off;
  root["shape"] = {set.shape.channels, set.shape.height, set.shape.width};
  if (set.vocabulary > 0) root["vocabulary"] = set.vocabulary;
  root["type"] = set.train.floats.empty() ? "bytes" : "floats";
  root["classes"] = classes_json(set);
  root["features"] = features_json(set);
  root["target"] = is_regression ? statistics_json(target_statistics(set.train)) : nullptr;
  return root.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string describe(const DataArguments& arguments) {
  if (arguments.path.empty()) throw Error("[data] PATH must be a file or a directory, got ''");
  data::ReadOptions options;
  options.label = arguments.label;
  if (arguments.task) {
    const bool is_first = choose("data", "--task", kTasks, *arguments.task) == 0;
    options.task = is_first ? data::Task::classification : data::Task::regression;
  }
  const data::Dataset set = data::read(arguments.path, options);
  return arguments.json ? as_json(set) : as_text(set);
}

}  // namespace

void add_data(CLI::App& program) {
  auto* command = program.add_subcommand(
      "data",
      "What a data set holds: samples, classes, features\n\n"
      "Reads a table (.csv, .tsv), arrays of NumPy (.npz, or a directory with X.npy and y.npy),\n"
      "a directory of IDX files, or one with a folder of PNG or JPEG images for each class.\n"
      "The path recall stands for data that it makes: keys and values (docs/data.md).\n\n"
      "Examples:\n"
      "  actfn data iris.csv\n"
      "  actfn data houses.tsv --label price --task regression\n"
      "  actfn data mnist.npz --json\n");
  auto arguments = std::make_shared<DataArguments>();
  command->add_option("PATH", arguments->path, "A file or a directory")->required();
  add(*command, "--label", arguments->label,
      "The column of a table that is to be learned; by\n"
      "default the one called label, class, target,\nspecies or y",
      "COLUMN");
  add(*command, "--task", arguments->task, "By default as the labels look",
      "classification|regression");
  command->add_flag("--json", arguments->json, "The same as JSON");
  command->callback([arguments] { print(describe(*arguments)); });
}

}  // namespace actfn::app
