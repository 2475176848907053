// SPDX-License-Identifier: Apache-2.0
#include "lab/results_read.h"

#include "catalogue/number.h"
#include "data/csv.h"
#include "lab/networks.h"
#include "lab/plan.h"

#include <actfn/error.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace actfn::lab {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

[[noreturn]] void fail(const fs::path& file, const std::string& what) {
  throw std::runtime_error(fmt::format("[results] {}: {}", file.string(), what));
}

Json read_json(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) fail(file, "cannot be read");
  try {
    return Json::parse(in);
  } catch (const Json::exception&) {
    fail(file, "is not JSON");
  }
}

template <class T>
void get(const Json& from, const char* name, T& to) {
  from.at(name).get_to(to);
}

CompareSettings settings_of(const Json& j) {
  CompareSettings s;
  get(j, "data", s.data);
  get(j, "label", s.label);
  get(j, "task", s.task);
  for (const auto& name : j.at("activations")) {
    s.activations.emplace_back(nn::parse_layers(name.get<std::string>()));
  }
  get(j, "seeds", s.seeds);
  get(j, "hidden", s.hidden);
  get(j, "match", s.match);
  get(j, "epochs", s.epochs);
  get(j, "patience", s.patience);
  get(j, "validation", s.validation);
  get(j, "batch", s.batch);
  get(j, "optimizer", s.optimizer);
  get(j, "lr", s.lr);
  get(j, "momentum", s.momentum);
  get(j, "weight_decay", s.weight_decay);
  get(j, "init", s.init);
  get(j, "jobs", s.jobs);
  get(j, "threads", s.threads);
  get(j, "reproducible", s.reproducible);
  s.save = j.value("save", false);  // earlier versions did not have these
  s.tensorboard = j.value("tensorboard", false);
  return Plan(s).settings;  // an Error for what compare would refuse
}

std::vector<StepTime> steps_of(const Json& activations) {
  std::vector<StepTime> steps;
  for (std::size_t i = 0; i < activations.size(); ++i) {
    if (!activations.at(i).contains("step_seconds")) continue;
    const Json& t = activations.at(i).at("step_seconds");
    steps.push_back(
        {i, t.at("median"), t.at("lower_quartile"), t.at("upper_quartile"), t.at("wall_median")});
  }
  return steps;
}

Machine machine_of(const Json& j) {
  return {j.at("cpu"), j.at("cores"), j.at("target"), j.at("version"), j.at("date")};
}

void require_size(const Json& j, const char* name) {
  constexpr std::size_t kMost = std::numeric_limits<int>::max();
  const auto size = j.at(name).get<std::size_t>();
  if (size >= 1 && size <= kMost) return;
  throw Error(fmt::format("{} must be from 1 to {}, got {}", name, kMost, size));
}

// All of results.json but the epochs, which results.csv has.
Comparison description_of(const Json& j) {
  Comparison c;
  c.settings = settings_of(j.at("settings"));
  require_size(j, "inputs");
  require_size(j, "outputs");
  c.machine = machine_of(j);
  if (j.at("task") == "regression") c.task = data::Task::regression;
  get(j, "inputs", c.inputs);
  get(j, "outputs", c.outputs);
  const Json& samples = j.at("samples");
  c.samples = {samples.at("train"), samples.at("validation"), samples.at("test")};
  const Json& chance = j.at("chance");
  c.chance = {chance.at("loss"), chance.value("accuracy", kNan)};
  c.networks = networks_of(c.settings, c.inputs, c.outputs);
  for (const Nonlinearity& a : c.settings.activations) {
    c.inits.emplace_back(nn::to_string(init_of(c.settings, a)));
  }
  c.steps = steps_of(j.at("activations"));
  get(j, "seconds", c.seconds);
  get(j, "interrupted", c.interrupted);
  return c;
}

// A file that is a run's, or says what is missing in it.
template <class F>
void interpret(const fs::path& file, const F& read) {
  const Json root = read_json(file);
  try {
    read(root);
  } catch (const Json::exception& e) {
    fail(file, fmt::format("is not of a comparison of this version ({})", e.what()));
  } catch (const std::invalid_argument& e) {
    fail(file, e.what());
  }
}

// The rows of results.csv.
class Reader {
 public:
  Reader(const data::Table& table, const CompareSettings& settings)
      : table_(table), settings_(settings) {
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      const auto& names = table.columns();
      const auto found = std::ranges::find(names, kNames[i]);
      if (found == names.end()) fail(table.file(), fmt::format("has no column {}", kNames[i]));
      places_[i] = static_cast<std::size_t>(found - names.begin());
    }
  }

  EpochResult row(std::size_t i) const {
    EpochResult row;
    row.activation = activation(i);
    row.seed = one_of(settings_.seeds, i, 1, whole<std::uint64_t>(i, 1));
    row.lr = one_of(settings_.lr, i, 2, number(i, 2));
    row.epoch = whole<int>(i, 3);
    row.train = score(i, 4).value_or(Score{});
    row.validation = score(i, 6);
    row.test = score(i, 8);
    row.seconds = number(i, 10);
    if (!text(i, 11).empty()) {
      row.sha256 = {std::string(text(i, 11)), std::string(text(i, 12)), std::string(text(i, 13))};
    }
    return row;
  }

 private:
  static constexpr std::array kNames = {"activation",
                                        "seed",
                                        "lr",
                                        "epoch",
                                        "train_loss",
                                        "train_accuracy",
                                        "validation_loss",
                                        "validation_accuracy",
                                        "test_loss",
                                        "test_accuracy",
                                        "seconds",
                                        "first_weights_sha256",
                                        "last_weights_sha256",
                                        "test_logits_sha256"};

  std::string_view text(std::size_t row, std::size_t name) const {
    return table_.value(row, places_[name]);
  }
  [[noreturn]] void fail_at(std::size_t row, std::size_t name, const std::string& what) const {
    table_.fail_at(row, places_[name], what);
  }

  std::size_t activation(std::size_t row) const {
    const auto found = std::ranges::find(settings_.activations, text(row, 0), &Nonlinearity::name);
    if (found == settings_.activations.end()) {
      fail_at(row, 0, fmt::format("'{}' is not among the settings", text(row, 0)));
    }
    return static_cast<std::size_t>(found - settings_.activations.begin());
  }

  template <class T>
  T one_of(const std::vector<T>& known, std::size_t row, std::size_t name, T value) const {
    if (std::ranges::find(known, value) != known.end()) return value;
    fail_at(row, name, fmt::format("{} is not among the settings", text(row, name)));
  }

  template <class T>
  T whole(std::size_t row, std::size_t name) const {
    const std::string_view digits = text(row, name);
    T value{};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size()) {
      fail_at(row, name, fmt::format("expected a whole number, got '{}'", digits));
    }
    return value;
  }

  double number(std::size_t row, std::size_t name) const {
    const auto value = read_number<double>(text(row, name));
    if (!value) fail_at(row, name, fmt::format("expected a number, got '{}'", text(row, name)));
    return *value;
  }

  // Its loss and, in the next column, its accuracy, which a regression does not have.
  std::optional<Score> score(std::size_t row, std::size_t name) const {
    if (text(row, name).empty()) return std::nullopt;
    Score score{number(row, name), kNan};
    if (!text(row, name + 1).empty()) score.accuracy = number(row, name + 1);
    return score;
  }

  const data::Table& table_;
  const CompareSettings& settings_;
  std::array<std::size_t, kNames.size()> places_{};
};

// Each training has its epochs from the first one on, so that nothing loops over more than there
// are.
void require_whole(const fs::path& file, const CompareSettings& settings,
                   std::span<const EpochResult> rows) {
  int next = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const EpochResult& row = rows[i];
    const bool same = i > 0 && row.activation == rows[i - 1].activation &&
                      row.seed == rows[i - 1].seed && row.lr == rows[i - 1].lr;
    next = same ? next + 1 : 0;
    if (row.epoch == next) continue;
    fail(file, fmt::format("epoch {} of {}, seed {}, is missing", next,
                           settings.activations[row.activation].name, row.seed));
  }
}

std::vector<EpochResult> read_rows(const fs::path& file, const CompareSettings& settings) {
  const data::Table table(file);
  const Reader reader(table, settings);
  std::vector<EpochResult> all;
  for (std::size_t i = 0; i < table.rows(); ++i) all.push_back(reader.row(i));
  std::vector<EpochResult> rows;
  unite(rows, all);
  require_whole(file, settings, rows);
  return rows;
}

template <class T>
void add_missing(std::vector<T>& to, const std::vector<T>& from, const auto& key) {
  for (const T& one : from) {
    const bool known =
        std::ranges::any_of(to, [&](const T& other) { return key(other) == key(one); });
    if (!known) to.push_back(one);
  }
}

}  // namespace

std::optional<StoredRun> read_run(const fs::path& directory) {
  StoredRun run{directory, {}, false};
  std::error_code ignored;
  if (!fs::exists(directory / "results.csv", ignored)) return std::nullopt;
  Comparison& c = run.comparison;
  if (fs::exists(directory / "results.json", ignored)) {
    interpret(directory / "results.json", [&](const Json& root) { c = description_of(root); });
    run.described = true;
  } else if (fs::exists(directory / "settings.json", ignored)) {
    interpret(directory / "settings.json",
              [&](const Json& root) { c.settings = settings_of(root); });
  } else {
    return std::nullopt;
  }
  c.epochs = read_rows(directory / "results.csv", c.settings);
  return run;
}

std::string difference(const CompareSettings& a, const CompareSettings& b) {
  std::string found;
  const auto compare = [&](const char* name, const auto& mine, const auto& theirs) {
    if (found.empty() && mine != theirs)
      found = fmt::format("{} is {}, not {}", name, theirs, mine);
  };
  compare("data", a.data, b.data);
  compare("label", a.label, b.label);
  compare("task", a.task, b.task);
  compare("hidden", a.hidden, b.hidden);
  compare("match", a.match, b.match);
  compare("epochs", a.epochs, b.epochs);
  compare("patience", a.patience, b.patience);
  compare("validation", a.validation, b.validation);
  compare("batch", a.batch, b.batch);
  compare("optimizer", a.optimizer, b.optimizer);
  compare("lr", a.lr, b.lr);
  // The first seed chooses the learning rate.
  if (a.lr.size() > 1) compare("the first seed", a.seeds[0], b.seeds[0]);
  compare("momentum", a.momentum, b.momentum);
  compare("weight_decay", a.weight_decay, b.weight_decay);
  compare("init", a.init, b.init);
  compare("reproducible", a.reproducible, b.reproducible);
  return found;
}

void widen(CompareSettings& to, const CompareSettings& by) {
  add_missing(to.activations, by.activations, [](const Nonlinearity& a) { return a.name; });
  add_missing(to.seeds, by.seeds, [](std::uint64_t seed) { return seed; });
}

void unite(std::vector<EpochResult>& rows, std::span<const EpochResult> more) {
  std::map<std::tuple<std::size_t, std::uint64_t, double, int>, EpochResult> places;
  const auto add = [&](const EpochResult& row) {
    const auto [at, is_new] =
        places.try_emplace({row.activation, row.seed, row.lr, row.epoch}, row);
    if (!is_new && row.test) at->second = row;
  };
  std::ranges::for_each(rows, add);
  std::ranges::for_each(more, add);
  rows.clear();
  for (const auto& [place, row] : places) rows.push_back(row);
}

std::vector<EpochResult> rows_for(const CompareSettings& settings, const StoredRun& run) {
  std::vector<EpochResult> rows = run.comparison.epochs;
  for (EpochResult& row : rows) {
    const std::string& name = run.comparison.settings.activations[row.activation].name;
    const auto found = std::ranges::find(settings.activations, name, &Nonlinearity::name);
    row.activation = static_cast<std::size_t>(found - settings.activations.begin());
  }
  return rows;
}

}  // namespace actfn::lab
