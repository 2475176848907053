// SPDX-License-Identifier: Apache-2.0
#include "lab/plan.h"

#include "catalogue/number.h"
#include "catalogue/quote.h"
#include "lab/networks.h"
#include "lab/networks/network.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
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

// Updates compute with float32.
bool finite(double v) { return std::isfinite(static_cast<float>(v)); }

void require_counts(const CompareSettings& s) {
  require(!s.activations.empty(), "there is no activation to compare");
  require(!s.seeds.empty(), "there is no seed");
  std::vector<std::string> names;
  for (const auto& a : s.activations) names.push_back(a.name);
  require_distinct("activation", names);
  require_distinct("seed", s.seeds);
  const std::pair<const char*, int> counts[] = {
      {"epochs", s.epochs}, {"jobs", s.jobs}, {"threads", s.threads}, {"every", s.every}};
  for (const auto& [name, n] : counts) {
    require(n >= 1, fmt::format("{} must be at least 1, got {}", name, n));
  }
}

void require_rates(const CompareSettings& s) {
  require(!s.lr.empty(), "there is no learning rate");
  require_distinct("lr", s.lr);
  for (const double lr : s.lr) {
    require(finite(lr) && static_cast<float>(lr) > 0,
            "lr must be finite and positive, got " + write_both(lr));
  }
  require(s.lr.size() == 1 || s.validation > 0,
          "several learning rates are chosen by the validation loss: validation must be above 0");
}

void require_rule(const CompareSettings& s) {
  require(s.optimizer == "adam" || s.optimizer == "adamw" || s.optimizer == "sgd",
          "optimizer must be adam, adamw or sgd, got " + in_quotes(s.optimizer));
  require_rates(s);
  require(finite(s.momentum) && s.momentum >= 0,
          "momentum must be finite and not negative, got " + write_both(s.momentum));
  require(s.momentum == 0 || s.optimizer == "sgd",
          "momentum is for sgd, got optimizer " + s.optimizer);
  require(finite(s.weight_decay) && s.weight_decay >= 0,
          "weight-decay must be finite and not negative, got " + write_both(s.weight_decay));
}

void require_steps(const CompareSettings& s) {
  const nn::Schedule schedule = nn::parse_schedule(s.schedule);
  require(s.warmup >= 0, fmt::format("warmup must be at least 0, got {}", s.warmup));
  for (const double lr : s.lr) {  // of the last epoch
    const double last = nn::learning_rate(schedule, lr, s.epochs - 1, s.epochs);
    require(finite(last), fmt::format("schedule {} makes the learning rate {} infinite",
                                      in_quotes(s.schedule), lr));
  }
  require(finite(s.clip) && s.clip >= 0,
          "clip must be finite and not negative, got " + write_both(s.clip));
  require(s.clip == 0 || static_cast<float>(s.clip) > 0,
          "clip must be 0 or a positive number, got " + write_both(s.clip));
  require(
      s.label_smoothing >= 0 && s.label_smoothing <= 1,
      fmt::format("label-smoothing must be from 0 to 1, got {}", write_number(s.label_smoothing)));
  if (s.task == "regression") require_task(s, data::Task::regression);
}

void require_fairness(const CompareSettings& s) {
  constexpr double kMostHeldOut = 0.9;
  require(s.validation >= 0 && s.validation <= kMostHeldOut,
          fmt::format("validation must be from 0 to {}, got {}", kMostHeldOut,
                      write_both(s.validation)));
  require(s.patience >= 0, fmt::format("patience must be at least 0, got {}", s.patience));
  require(s.patience == 0 || s.validation > 0,
          "patience waits for a better validation loss: validation must be above 0");
  require(s.task == "auto" || s.task == "classification" || s.task == "regression",
          "task must be auto, classification or regression, got " + in_quotes(s.task));
  require(s.match == "width" || s.match == "parameters",
          "match must be width or parameters, got " + in_quotes(s.match));
  if (s.init != "auto") nn::parse_init(s.init);
}

void require_hidden(const CompareSettings& s) {
  const Network& network = network_named(s.network);
  require(network.has_hidden || s.hidden.empty(),
          fmt::format("hidden is for --network mlp: {} has widths of its own", network.name));
  require(!network.has_hidden || !s.hidden.empty(), "there is no hidden layer");
  for (const int width : s.hidden) require_between("hidden", width, kMostUnits);
}

std::vector<Training> trainings_of(const CompareSettings& s) {
  std::vector<Training> all;
  for (const double lr : s.lr) {
    for (std::size_t a = 0; a < s.activations.size(); ++a) all.push_back({a, s.seeds[0], lr});
  }
  const double later = s.lr.size() == 1 ? s.lr[0] : std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 1; i < s.seeds.size(); ++i) {
    for (std::size_t a = 0; a < s.activations.size(); ++a) all.push_back({a, s.seeds[i], later});
  }
  return all;
}

}  // namespace

Plan::Plan(CompareSettings checked) : settings(std::move(checked)) {
  require_counts(settings);
  require_rule(settings);
  require_steps(settings);
  settings.schedule = nn::to_string(nn::parse_schedule(settings.schedule));
  require_fairness(settings);
  require_hidden(settings);
  require_between("batch", settings.batch, kMostBatch);
  require_between("samples", settings.samples, kMostBatch);
  usual_networks_of(settings);  // whether layers fit
  trainings = trainings_of(settings);
  if (settings.lr.size() > 1) looking = settings.lr.size() * settings.activations.size();
}

nn::UpdateRule Plan::rule(double lr) const {
  if (settings.optimizer == "sgd") {
    return nn::Sgd{.lr = lr, .momentum = settings.momentum, .weight_decay = settings.weight_decay};
  }
  if (settings.optimizer == "adamw") {
    return nn::AdamW{.lr = lr, .eps = kAdam.eps, .weight_decay = settings.weight_decay};
  }
  return nn::Adam{.lr = lr, .eps = kAdam.eps, .weight_decay = settings.weight_decay};
}

nn::Schedule Plan::schedule(int steps) const {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  nn::Schedule schedule = nn::parse_schedule(settings.schedule);
  schedule.warmup = settings.warmup;
  if (auto* const step = std::get_if<nn::StepLr>(&schedule.after)) {
    step->step_size = step->step_size > kMost / steps ? kMost : step->step_size * steps;
  } else if (const auto* const decay = std::get_if<nn::ExponentialLr>(&schedule.after)) {
    schedule.after = nn::StepLr{.step_size = steps, .gamma = decay->gamma};
  }
  return schedule;
}

void require_task(const CompareSettings& settings, data::Task task) {
  require(settings.label_smoothing == 0 || task == data::Task::classification,
          "label-smoothing is for classes, not for a regression");
}

void require_data(const CompareSettings& settings, const data::Dataset& data) {
  require_task(settings, data.task);
  require_form(network_named(settings.network), form_of(data));
}

}  // namespace actfn::lab
