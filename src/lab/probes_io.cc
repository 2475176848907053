// SPDX-License-Identifier: Apache-2.0
#include "lab/probes_io.h"

#include "data/csv.h"
#include "lab/csv_text.h"
#include "lab/json_number.h"
#include "lab/networks.h"
#include "lab/row_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <limits>

namespace actfn::lab {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kFirstOfUnits = 7;
constexpr std::size_t kFirstOfMore = 12;
constexpr std::array<std::string_view, 12> kNames = {
    "activation",    "seed", "lr",        "epoch", "layer",     "units",
    "gradient_norm", "dead", "saturated", "mean",  "deviation", "histogram"};

// Those of inspect.
constexpr std::array<std::string_view, 11> kMoreNames = {
    "activation_mean", "activation_variance", "weight_norm",      "gradient_ratio",
    "change",          "effective_rank",      "training_seconds", "pass_seconds",
    "units_seconds",   "activations_seconds", "rank_seconds"};

std::string fields(const std::optional<Units>& units) {
  if (!units) return ",,,,";
  const Units& u = *units;
  return fmt::format("{},{},{},{},{}", csv_number(u.dead), csv_number(u.saturated),
                     csv_number(u.mean), csv_number(u.deviation), fmt::join(u.histogram, ";"));
}

std::string more_fields(const LayerProbe& p) {
  if (!p.more) return "";
  const Instruments& m = *p.more;
  return fmt::format(",{},{},{},{},{},{},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f}", csv_number(m.mean),
                     csv_number(m.variance), csv_number(m.weight_norm),
                     csv_number(p.gradient_norm / m.weight_norm),
                     m.change ? csv_number(*m.change) : "", csv_number(m.effective_rank),
                     m.training_seconds, m.pass_seconds, m.units_seconds, m.activations_seconds,
                     m.rank_seconds);
}

void put(Json& to, const LayerProbe& p) {
  if (!p.more) return;
  const Instruments& m = *p.more;
  const double values[] = {m.mean,
                           m.variance,
                           m.weight_norm,
                           p.gradient_norm / m.weight_norm,
                           m.change.value_or(std::numeric_limits<double>::quiet_NaN()),
                           m.effective_rank,
                           m.training_seconds,
                           m.pass_seconds,
                           m.units_seconds,
                           m.activations_seconds,
                           m.rank_seconds};
  for (std::size_t i = 0; i < kMoreNames.size(); ++i) {
    to[std::string(kMoreNames[i])] = json_number(values[i]);
  }
}

Json object(const LayerProbe& p, const std::string& activation) {
  Json one = {{"activation", activation},
              {"seed", p.seed},
              {"lr", p.lr},
              {"epoch", p.epoch},
              {"layer", p.layer},
              {"units", p.width},
              {"gradient_norm", json_number(p.gradient_norm)}};
  put(one, p);
  if (!p.units) return one;
  one["dead"] = json_number(p.units->dead);
  one["saturated"] = json_number(p.units->saturated);
  one["mean"] = json_number(p.units->mean);
  one["deviation"] = json_number(p.units->deviation);
  one["histogram"] = p.units->histogram;
  return one;
}

Instruments more_at(const RowReader& reader, std::size_t row) {
  const auto value = [&](std::size_t i) { return reader.number(row, kFirstOfMore + i); };
  Instruments m;
  m.mean = value(0);
  m.variance = value(1);
  m.weight_norm = value(2);
  if (!reader.text(row, kFirstOfMore + 4).empty()) m.change = value(4);
  m.effective_rank = value(5);
  m.training_seconds = value(6);
  m.pass_seconds = value(7);
  m.units_seconds = value(8);
  m.activations_seconds = value(9);
  m.rank_seconds = value(10);
  return m;
}

LayerProbe probe_at(const RowReader& reader, std::size_t row, const CompareSettings& s,
                    int layers) {
  LayerProbe p;
  p.activation = reader.activation(row);
  p.seed = reader.seed(row, 1);
  p.lr = reader.lr(row, 2);
  p.epoch = reader.whole(row, 3, 0, s.epochs);
  p.layer = reader.whole(row, 4, 1, layers);
  p.width = reader.whole(row, 5, 1, std::numeric_limits<int>::max());
  p.gradient_norm = reader.number(row, 6);
  if (s.inspect) p.more = more_at(reader, row);
  if (reader.text(row, kFirstOfUnits).empty()) return p;
  Units& u = p.units.emplace();
  u.dead = reader.number(row, kFirstOfUnits);
  u.saturated = reader.number(row, kFirstOfUnits + 1);
  u.mean = reader.number(row, kFirstOfUnits + 2);
  u.deviation = reader.number(row, kFirstOfUnits + 3);
  reader.counts(row, kFirstOfUnits + 4, u.histogram);
  return p;
}

}  // namespace

std::string probes_heading(bool inspected) {
  std::string names = fmt::format("{}", fmt::join(kNames, ","));
  if (inspected) names += fmt::format(",{}", fmt::join(kMoreNames, ","));
  return names + "\n";
}

std::string probes_csv(std::span<const LayerProbe> probes,
                       std::span<const Nonlinearity> activations) {
  std::string text;
  for (const LayerProbe& p : probes) text += probe_csv(p, activations[p.activation].name);
  return text;
}

std::string probe_csv(const LayerProbe& p, const std::string& name) {
  return fmt::format("{},{},{},{},{},{},{},{}{}\n", csv_field(name), p.seed, p.lr, p.epoch, p.layer,
                     p.width, csv_number(p.gradient_norm), fields(p.units), more_fields(p));
}

Json probes_json(const Comparison& c) {
  Json all = Json::array();
  for (const LayerProbe& p : c.probes) {
    all.push_back(object(p, c.settings.activations[p.activation].name));
  }
  return all;
}

std::vector<LayerProbe> read_probes(const std::filesystem::path& file,
                                    const CompareSettings& settings) {
  const data::Table table(file);
  std::vector<std::string_view> names(kNames.begin(), kNames.end());
  if (settings.inspect) names.insert(names.end(), kMoreNames.begin(), kMoreNames.end());
  const RowReader reader(table, settings, names);
  std::vector<LayerProbe> all;
  const auto layers = static_cast<int>(widths_of(settings).size());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    all.push_back(probe_at(reader, row, settings, layers));
  }
  return all;
}

}  // namespace actfn::lab
