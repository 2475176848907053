// SPDX-License-Identifier: Apache-2.0
#include "lab/plan.h"

#include "catalogue/number.h"
#include "catalogue/quote.h"

#include <fmt/format.h>

#include <cmath>
#include <set>
#include <utility>

namespace actfn::lab {
namespace {

// Sizes of arrays are ints in the passes.
constexpr int kMostUnits = 1 << 15;
constexpr int kMostBatch = 1 << 16;

void require(bool holds, const std::string& what) {
  if (!holds) throw Error("[compare] " + what);
}

void require_between(const char* name, int value, int most) {
  require(value >= 1 && value <= most,
          fmt::format("{} must be from 1 to {}, got {}", name, most, value));
}

template <class T>
void require_distinct(const char* name, const std::vector<T>& values) {
  std::set<T> seen;
  for (const T& value : values) {
    require(seen.insert(value).second, fmt::format("{} {} is given twice", name, value));
  }
}

void require_counts(const CompareSettings& s) {
  require(!s.activations.empty(), "there is no activation to compare");
  require(!s.seeds.empty(), "there is no seed");
  std::vector<std::string> names;
  for (const auto& a : s.activations) names.push_back(a.name);
  require_distinct("activation", names);
  require_distinct("seed", s.seeds);
  const std::pair<const char*, int> counts[] = {
      {"epochs", s.epochs}, {"jobs", s.jobs}, {"threads", s.threads}};
  for (const auto& [name, n] : counts) {
    require(n >= 1, fmt::format("{} must be at least 1, got {}", name, n));
  }
}

std::variant<nn::Adam, nn::Sgd> rule_of(const CompareSettings& s) {
  require(s.optimizer == "adam" || s.optimizer == "sgd",
          "optimizer must be adam or sgd, got " + in_quotes(s.optimizer));
  // Updates compute with float32.
  const auto finite = [](double v) { return std::isfinite(static_cast<float>(v)); };
  require(finite(s.lr) && static_cast<float>(s.lr) > 0,
          "lr must be finite and positive, got " + write_both(s.lr));
  require(finite(s.momentum) && s.momentum >= 0,
          "momentum must be finite and not negative, got " + write_both(s.momentum));
  require(s.momentum == 0 || s.optimizer == "sgd",
          "momentum is for sgd, got optimizer " + s.optimizer);
  require(finite(s.weight_decay) && s.weight_decay >= 0,
          "weight-decay must be finite and not negative, got " + write_both(s.weight_decay));
  if (s.optimizer == "sgd") {
    return nn::Sgd{.lr = s.lr, .momentum = s.momentum, .weight_decay = s.weight_decay};
  }
  return nn::Adam{.lr = s.lr, .eps = kAdam.eps, .weight_decay = s.weight_decay};
}

// Linear layers with the nonlinearity behind each but the last. Where it changes the number of
// features, its Linear gives as many as it takes for settings.hidden to come out: twice as many for
// a gate. Throws Error where none does.
nn::Architecture network_of(const CompareSettings& s, const Nonlinearity& nonlinearity) {
  std::vector<nn::Layer> layers;
  int width = kUsualInputs;
  for (const int hidden : s.hidden) {
    const auto& between = nonlinearity.layers;
    layers.emplace_back(nn::Linear{width, nn::in_features_for(between, hidden)});
    layers.insert(layers.end(), between.begin(), between.end());
    width = hidden;
  }
  layers.emplace_back(nn::Linear{width, kUsualClasses});
  nn::Architecture network(layers);
  require_memory(nonlinearity.name, network, 1);  // how many images there are, the data say
  return network;
}

}  // namespace

void require_memory(const std::string& name, const nn::Architecture& network, std::size_t rows) {
  constexpr std::size_t kMost = std::size_t{1} << 29U;
  constexpr double kPerGib = 0x1p30 / sizeof(float);
  const std::size_t numbers = nn::training_size(network, rows);
  require(numbers <= kMost,
          fmt::format("a network with {} needs {:.3g} GiB in training, more than {} GiB: take "
                      "fewer units, or smaller batches",
                      name, static_cast<double>(numbers) / kPerGib, kMost / kPerGib));
}

Plan::Plan(CompareSettings checked) : settings(std::move(checked)) {
  require_counts(settings);
  rule = rule_of(settings);
  init = nn::parse_init(settings.init);
  require(!settings.hidden.empty(), "there is no hidden layer");
  for (const int width : settings.hidden) require_between("hidden", width, kMostUnits);
  require_between("batch", settings.batch, kMostBatch);
  for (std::size_t i = 0; i < settings.activations.size(); ++i) {
    networks.push_back(network_of(settings, settings.activations[i]));
    for (const auto seed : settings.seeds) trainings.push_back({i, seed});
  }
}

}  // namespace actfn::lab
