// SPDX-License-Identifier: Apache-2.0
#include "lab/results_read.h"

#include "data/csv.h"
#include "lab/networks.h"
#include "lab/plan.h"
#include "lab/probes_io.h"
#include "lab/results_io.h"
#include "lab/row_reader.h"

#include <actfn/error.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
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

// Of a stream, or of text.
template <class From>
Json parse_json(const fs::path& file, From&& from) {
  try {
    return Json::parse(std::forward<From>(from));
  } catch (const Json::exception&) {
    fail(file, "is not JSON");
  }
}

Json read_json(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) fail(file, "cannot be read");
  return parse_json(file, in);
}

template <class T>
void get(const Json& from, const char* name, T& to) {
  from.at(name).get_to(to);
}

// What files of earlier versions don't have keeps its default.
template <class T>
void get_if_there(const Json& from, const char* name, T& to) {
  if (from.contains(name)) get(from, name, to);
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
  get_if_there(j, "network", s.network);
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
  get_if_there(j, "schedule", s.schedule);
  get_if_there(j, "warmup", s.warmup);
  get_if_there(j, "clip", s.clip);
  get_if_there(j, "label_smoothing", s.label_smoothing);
  get(j, "init", s.init);
  get(j, "jobs", s.jobs);
  get(j, "threads", s.threads);
  get(j, "reproducible", s.reproducible);
  get(j, "save", s.save);
  get(j, "tensorboard", s.tensorboard);
  get(j, "probe", s.probe);
  get_if_there(j, "inspect", s.inspect);
  get_if_there(j, "every", s.every);
  get_if_there(j, "samples", s.samples);
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

// Files of earlier versions have the number of inputs alone.
SampleForm form_in(const Json& j) {
  SampleForm form(j.at("inputs").get<std::size_t>());
  if (!j.contains("form")) return form;
  const Json& f = j.at("form");
  for (const char* name : {"channels", "height", "width"}) require_size(f, name);
  form.kind = parse_kind(f.at("kind").get<std::string>());
  form.shape = {f.at("channels"), f.at("height"), f.at("width")};
  get(f, "vocabulary", form.vocabulary);
  return form;
}

// All of results.json but the epochs, which results.csv has.
Comparison description_of(const Json& j) {
  Comparison c;
  c.settings = settings_of(j.at("settings"));
  require_size(j, "inputs");
  require_size(j, "outputs");
  c.machine = machine_of(j);
  if (j.at("task") == "regression") c.task = data::Task::regression;
  c.form = form_in(j);
  get(j, "outputs", c.outputs);
  const Json& samples = j.at("samples");
  c.samples = {samples.at("train"), samples.at("validation"), samples.at("test")};
  const Json& chance = j.at("chance");
  c.chance = {chance.at("loss"), chance.value("accuracy", kNan)};
  c.networks = networks_of(c.settings, c.form, c.outputs);
  c.inits = inits_of(c.settings);
  c.steps = steps_of(j.at("activations"));
  get(j, "seconds", c.seconds);
  get(j, "interrupted", c.interrupted);
  return c;
}

// A file that is a run's, or says what is missing in it.
template <class F>
void interpret(const fs::path& file, const Json& root, const F& read) {
  try {
    read(root);
  } catch (const Json::exception& e) {
    fail(file, fmt::format("is not of a comparison of this version ({})", e.what()));
  } catch (const std::invalid_argument& e) {
    fail(file, e.what());
  }
}

// Its loss and, in the next column, its accuracy, which a regression does not have.
std::optional<Score> score_at(const RowReader& reader, std::size_t row, std::size_t name) {
  if (reader.text(row, name).empty()) return std::nullopt;
  Score score{reader.number(row, name), kNan};
  if (!reader.text(row, name + 1).empty()) score.accuracy = reader.number(row, name + 1);
  return score;
}

EpochResult row_at(const RowReader& reader, std::size_t i) {
  EpochResult row;
  row.activation = reader.activation(i);
  row.seed = reader.seed(i, 1);
  row.lr = reader.lr(i, 2);
  row.epoch = reader.whole(i, 3, 0, std::numeric_limits<int>::max());
  row.train = score_at(reader, i, 4).value_or(Score{});
  row.validation = score_at(reader, i, 6);
  row.test = score_at(reader, i, 8);
  row.seconds = reader.number(i, 10);
  if (!reader.text(i, 11).empty()) {
    row.sha256 = {std::string(reader.text(i, 11)), std::string(reader.text(i, 12)),
                  std::string(reader.text(i, 13))};
  }
  return row;
}

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

template <class T>
void add_missing(std::vector<T>& to, const std::vector<T>& from, const auto& key) {
  for (const T& one : from) {
    const bool known =
        std::ranges::any_of(to, [&](const T& other) { return key(other) == key(one); });
    if (!known) to.push_back(one);
  }
}

template <class Row>
std::vector<Row> renumbered(std::vector<Row> rows, const CompareSettings& settings,
                            const StoredRun& run) {
  for (Row& row : rows) {
    const std::string& name = run.comparison.settings.activations[row.activation].name;
    const auto found = std::ranges::find(settings.activations, name, &Nonlinearity::name);
    row.activation = static_cast<std::size_t>(found - settings.activations.begin());
  }
  return rows;
}

}  // namespace

std::vector<EpochResult> read_rows(const fs::path& file, const CompareSettings& settings) {
  const data::Table table(file);
  const RowReader reader(table, settings, kColumns);
  std::vector<EpochResult> all;
  for (std::size_t i = 0; i < table.rows(); ++i) all.push_back(row_at(reader, i));
  std::vector<EpochResult> rows;
  unite(rows, all);
  require_whole(file, settings, rows);
  return rows;
}

std::optional<StoredRun> read_run(const fs::path& directory) {
  StoredRun run{directory, {}, false};
  std::error_code ignored;
  if (!fs::exists(directory / "results.csv", ignored)) return std::nullopt;
  Comparison& c = run.comparison;
  if (fs::exists(directory / "results.json", ignored)) {
    interpret(directory / "results.json", read_json(directory / "results.json"),
              [&](const Json& root) { c = description_of(root); });
    run.described = true;
  } else if (fs::exists(directory / "settings.json", ignored)) {
    interpret(directory / "settings.json", read_json(directory / "settings.json"),
              [&](const Json& root) { c.settings = settings_of(root); });
  } else {
    return std::nullopt;
  }
  c.epochs = read_rows(directory / "results.csv", c.settings);
  if (fs::exists(directory / "probes.csv", ignored)) {
    unite(c.probes, read_probes(directory / "probes.csv", c.settings));
  }
  return run;
}

CompareSettings read_settings(const fs::path& file, std::string_view json) {
  CompareSettings settings;
  interpret(file, parse_json(file, json), [&](const Json& root) { settings = settings_of(root); });
  return settings;
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
  compare("network", a.network, b.network);
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
  compare("schedule", a.schedule, b.schedule);
  compare("warmup", a.warmup, b.warmup);
  compare("clip", a.clip, b.clip);
  compare("label_smoothing", a.label_smoothing, b.label_smoothing);
  compare("init", a.init, b.init);
  compare("reproducible", a.reproducible, b.reproducible);
  compare("inspect", a.inspect, b.inspect);
  compare("every", a.every, b.every);
  compare("samples", a.samples, b.samples);
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

void unite(std::vector<LayerProbe>& probes, std::span<const LayerProbe> more) {
  using Place = std::tuple<std::size_t, std::uint64_t, double, int, int>;
  std::map<Place, LayerProbe> places;
  const auto add = [&](const LayerProbe& p) {
    places.try_emplace({p.activation, p.seed, p.lr, p.epoch, p.layer}, p);
  };
  std::ranges::for_each(probes, add);
  std::ranges::for_each(more, add);
  probes.clear();
  for (const auto& [place, probe] : places) probes.push_back(probe);
}

std::vector<EpochResult> rows_for(const CompareSettings& settings, const StoredRun& run) {
  return renumbered(run.comparison.epochs, settings, run);
}

std::vector<LayerProbe> probes_for(const CompareSettings& settings, const StoredRun& run) {
  return renumbered(run.comparison.probes, settings, run);
}

}  // namespace actfn::lab
