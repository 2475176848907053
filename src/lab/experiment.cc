// SPDX-License-Identifier: Apache-2.0
#include "lab/experiment.h"

#include "catalogue/quote.h"
#include "catalogue/suggest.h"
#include "lab/experiments_list.h"

#include <actfn/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace actfn::lab {

const data::Dataset& Materials::images() {
  static const data::Dataset dataset = [] {
    const auto place = data::find_fashion_mnist();
    if (!place) {
      throw std::runtime_error(
          "[experiment] Fashion-MNIST not found: install dataset-fashion-mnist");
    }
    return data::read(*place);
  }();
  return dataset;
}

void Materials::go_on() const {
  if (stop_.stop_requested()) throw Interrupted{};
}

std::string_view to_string(Holds holds) {
  switch (holds) {
    case Holds::yes:
      return "yes";
    case Holds::no:
      return "no";
    case Holds::undecided:
      return "undecided";
  }
  throw std::logic_error("[experiment] unknown verdict");
}

std::string_view in_words(Holds holds) {
  switch (holds) {
    case Holds::yes:
      return "holds";
    case Holds::no:
      return "does not hold";
    case Holds::undecided:
      return "undecided";
  }
  throw std::logic_error("[experiment] unknown verdict");
}

std::string_view in_words(Method method) {
  switch (method) {
    case Method::exact:
      return "exact";
    case Method::networks:
      return "networks";
    case Method::timed:
      return "timed";
  }
  throw std::logic_error("[experiment] unknown method");
}

Outcome outcome_of(const Experiment& experiment, const Readings& readings, const Scope& scope) {
  Outcome outcome = experiment.judge(readings, scope);
  const std::string missing = experiment.missing ? experiment.missing(readings, scope) : "";
  if (missing.empty()) return outcome;
  Verdict& verdict = outcome.verdict;
  verdict.holds = Holds::undecided;
  verdict.finding = fmt::format("The {}run trains too short to judge: {}. {}",
                                scope.quick ? "quick " : "", missing, verdict.finding);
  return outcome;
}

std::span<const Experiment> all_experiments() {
  static const std::vector<Experiment> all = [] {
    std::vector<Experiment> made = experiments::all();
    std::ranges::sort(made, {}, &Experiment::name);
    return made;
  }();
  return all;
}

const Experiment& experiment_named(std::string_view name) {
  const auto all = all_experiments();
  const auto found = std::ranges::find(all, name, &Experiment::name);
  if (found != all.end()) return *found;
  std::vector<std::string_view> names;
  for (const Experiment& e : all) names.emplace_back(e.name);
  throw Error("[experiment] there is no " + in_quotes(name) + did_you_mean(name, names));
}

}  // namespace actfn::lab
