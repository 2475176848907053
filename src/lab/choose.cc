// SPDX-License-Identifier: Apache-2.0
#include "lab/choose.h"

#include "lab/networks.h"
#include "lab/networks/network.h"
#include "lab/report_names.h"

#include <actfn/catalogue.h>
#include <actfn/error.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <variant>

namespace actfn::lab {
namespace {

constexpr double kMostMinutes = 10080;  // a week

void require(bool holds, const std::string& what) {
  if (!holds) throw Error("[choose] " + what);
}

bool needs_arguments(const FunctionInfo& f) {
  return std::ranges::any_of(f.parameters, &ParameterInfo::required);
}

// Dropout is noise and nothing else: when nothing is trained, it is the identity.
bool is_noise(const FunctionInfo& f, const Nonlinearity& n) {
  return f.kind == Kind::random && (!n.curve || std::holds_alternative<Identity>(*n.curve));
}

std::vector<std::string> names_of(const std::vector<Nonlinearity>& all) {
  std::vector<std::string> names;
  for (const Nonlinearity& n : all) names.push_back(n.name);
  return names;
}

bool fits(const Nonlinearity& n, CompareSettings settings) {
  settings.activations = {n};
  try {
    usual_networks_of(settings);
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::vector<Nonlinearity> all_candidates(const CompareSettings& settings) {
  std::vector<Nonlinearity> all;
  for (const FunctionInfo& f : catalogue()) {
    if (f.kind == Kind::row || needs_arguments(f)) continue;
    Nonlinearity n(nn::parse_layers(f.name));
    if (!is_noise(f, n)) all.push_back(std::move(n));
  }
  std::vector<Nonlinearity> fitting;
  for (const Nonlinearity& n : all) {
    if (fits(n, settings)) fitting.push_back(n);
  }
  // Where nothing fits, it is not because of the functions: let a plan say why.
  return fitting.empty() ? all : fitting;
}

double usual_validation(std::size_t samples) {
  constexpr double kShare = 0.2;
  constexpr double kMost = 6000;  // more cost time, and choose hardly better
  return samples == 0 ? kShare : std::min(kShare, kMost / static_cast<double>(samples));
}

std::string command_line(const ChooseSettings& s) {
  const CompareSettings& t = s.training;
  const std::vector<std::string> names = names_of(t.activations);
  const bool all = names == names_of(all_candidates(t));
  std::string out = "actfn choose --activations " +
                    (all ? "all" : report::shell_quoted(fmt::format("{}", fmt::join(names, ","))));
  if (t.network != CompareSettings().network)
    out += " --network " + report::shell_quoted(t.network);
  const CompareSettings usual = network_named(t.network).defaults();
  if (t.hidden != usual.hidden) out += fmt::format(" --hidden {}", fmt::join(t.hidden, ","));
  if (t.batch != usual.batch) out += fmt::format(" --batch {}", t.batch);
  out += fmt::format(" --lr {} --match {} --validation {} --finalists {}", fmt::join(t.lr, ","),
                     t.match, t.validation, s.finalists);
  if (s.seeds != 0) out += fmt::format(" --seeds {}", s.seeds);
  out += fmt::format(" --budget {}", s.budget);
  if (s.speed != 1) out += fmt::format(" --speed {}", s.speed);
  if (!t.label.empty()) out += " --label " + report::shell_quoted(t.label);
  if (t.task != "auto") out += " --task " + t.task;
  if (t.reproducible) out += " --reproducible";
  return out + " --data " + report::shell_quoted(t.data);
}

void require_settings(const ChooseSettings& s) {
  require(std::isfinite(s.budget) && s.budget > 0 && s.budget <= kMostMinutes,
          fmt::format("--budget must be a number of minutes above 0 and at most {}, got {}",
                      kMostMinutes, s.budget));
  require(std::isfinite(s.speed) && s.speed >= 0.01 && s.speed <= 100,
          fmt::format("--speed must be from 0.01 to 100, got {}", s.speed));
  require(s.training.activations.size() >= 2,
          fmt::format("--activations must name at least 2 functions, got {}",
                      s.training.activations.size()));
  require(s.finalists >= 2, fmt::format("--finalists must be at least 2, got {}", s.finalists));
  require(
      s.seeds == 0 || (s.seeds >= kFewestFinalSeeds && s.seeds <= kMostFinalSeeds),
      fmt::format("--seeds must be from {} to {}, or 0 for what the budget has room for, got {}",
                  kFewestFinalSeeds, kMostFinalSeeds, s.seeds));
  require(s.training.validation > 0,
          fmt::format("--validation must be above 0: activations are chosen by it, got {}",
                      s.training.validation));
}

}  // namespace actfn::lab
