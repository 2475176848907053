// SPDX-License-Identifier: Apache-2.0
#include "lab/probes_io.h"

#include "data/csv.h"
#include "lab/csv_text.h"
#include "lab/networks.h"
#include "lab/row_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cmath>
#include <limits>

namespace actfn::lab {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kFirstOfUnits = 7;
constexpr std::array<std::string_view, 12> kNames = {
    "activation",    "seed", "lr",        "epoch", "layer",     "units",
    "gradient_norm", "dead", "saturated", "mean",  "deviation", "histogram"};

std::string fields(const std::optional<Units>& units) {
  if (!units) return ",,,,";
  const Units& u = *units;
  return fmt::format("{},{},{},{},{}", csv_number(u.dead), csv_number(u.saturated),
                     csv_number(u.mean), csv_number(u.deviation), fmt::join(u.histogram, ";"));
}

// JSON has no NaN.
Json number(double v) { return std::isfinite(v) ? Json(v) : Json(nullptr); }

Json object(const LayerProbe& p, const std::string& activation) {
  Json one = {{"activation", activation},
              {"seed", p.seed},
              {"lr", p.lr},
              {"epoch", p.epoch},
              {"layer", p.layer},
              {"units", p.width},
              {"gradient_norm", number(p.gradient_norm)}};
  if (!p.units) return one;
  one["dead"] = number(p.units->dead);
  one["saturated"] = number(p.units->saturated);
  one["mean"] = number(p.units->mean);
  one["deviation"] = number(p.units->deviation);
  one["histogram"] = p.units->histogram;
  return one;
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

std::string probes_heading() { return fmt::format("{}\n", fmt::join(kNames, ",")); }

std::string probes_csv(std::span<const LayerProbe> probes,
                       std::span<const Nonlinearity> activations) {
  std::string text;
  for (const LayerProbe& p : probes) {
    text +=
        fmt::format("{},{},{},{},{},{},{},{}\n", csv_field(activations[p.activation].name), p.seed,
                    p.lr, p.epoch, p.layer, p.width, csv_number(p.gradient_norm), fields(p.units));
  }
  return text;
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
  const RowReader reader(table, settings, kNames);
  std::vector<LayerProbe> all;
  const auto layers = static_cast<int>(widths_of(settings).size());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    all.push_back(probe_at(reader, row, settings, layers));
  }
  return all;
}

}  // namespace actfn::lab
