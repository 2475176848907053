// SPDX-License-Identifier: Apache-2.0
#include <actfn/elementwise.h>
#include <actfn/nn/schedule.h>

#include "catalogue/error.h"
#include "catalogue/float_environment.h"
#include "catalogue/grammar.h"
#include "catalogue/lists.h"
#include "catalogue/number.h"
#include "catalogue/quote.h"
#include "catalogue/suggest.h"
#include "nn/layers/arguments.h"
#include "nn/scalar_ops.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

namespace actfn::nn {
namespace {

using After = decltype(Schedule::after);

constexpr std::array<std::string_view, 4> kNames = {"constant", "cosine", "step", "exponential"};
static_assert(kNames.size() == std::variant_size_v<After>);  // in the order of After

constexpr std::array<After, kNames.size()> kDefaults = {
    ConstantLr{}, CosineAnnealingLr{}, StepLr{.step_size = 0}, ExponentialLr{.gamma = 0}};

// A parameter, and where its number is: one of both.
struct Field {
  std::string_view name;
  double* number = nullptr;
  std::int64_t* whole = nullptr;
  bool required = false;

  double value() const { return number != nullptr ? *number : static_cast<double>(*whole); }
};

std::vector<Field> fields_of(ConstantLr& /*s*/) { return {}; }
std::vector<Field> fields_of(CosineAnnealingLr& s) { return {{"eta_min", &s.eta_min}}; }
std::vector<Field> fields_of(StepLr& s) {
  return {{"step_size", nullptr, &s.step_size, true}, {"gamma", &s.gamma}};
}
std::vector<Field> fields_of(ExponentialLr& s) { return {{"gamma", &s.gamma, nullptr, true}}; }
std::vector<Field> fields_of(After& s) {
  return std::visit([](auto& leaf) { return fields_of(leaf); }, s);
}

void check(const ConstantLr& /*s*/) {}
void check(const CosineAnnealingLr& s) {
  if (std::isfinite(s.eta_min) && s.eta_min >= 0) return;
  fail("cosine", {"eta_min must be finite and not negative, got ", write_number(s.eta_min)});
}
void check(const StepLr& s) {
  if (s.step_size < 1) fail("step", {"step_size must be at least 1, got ", s.step_size});
  require_positive("step", "gamma", s.gamma);
}
void check(const ExponentialLr& s) { require_positive("exponential", "gamma", s.gamma); }

// In step t of T.
double rate(const ConstantLr& /*s*/, double lr, std::int64_t /*t*/, std::int64_t /*T*/) {
  return lr;
}
// (1 + cos(pi t / T)) / 2 is the square of sin(pi (T - t) / (2 T)), which actfn computes: the last
// bit of the C library's cosine depends on the CPU.
double rate(const CosineAnnealingLr& s, double lr, std::int64_t t, std::int64_t steps) {
  const auto left = static_cast<double>(steps - std::min(t, steps));
  const double sine = evaluate(Sine{}, std::numbers::pi / 2 * (left / static_cast<double>(steps)));
  return s.eta_min + (lr - s.eta_min) * (sine * sine);
}
double rate(const StepLr& s, double lr, std::int64_t t, std::int64_t /*T*/) {
  return lr * power(s.gamma, t / s.step_size);
}
double rate(const ExponentialLr& s, double lr, std::int64_t t, std::int64_t /*T*/) {
  return lr * power(s.gamma, t);
}

// Below it a double is one whole number.
constexpr std::int64_t kMostWhole = (std::int64_t{1} << 53) - 1;

// "step_size=10"
void assign(std::string_view who, std::string_view assignment, std::vector<Field>& fields) {
  const auto equals = assignment.find('=');
  if (equals == std::string_view::npos) {
    fail(who, {"expected parameter=value, got ", in_quotes(assignment)});
  }
  const auto name = functions::trimmed(assignment.substr(0, equals));
  const auto value = functions::trimmed(assignment.substr(equals + 1));
  const auto at = std::ranges::find(fields, name, &Field::name);
  if (at == fields.end()) {
    std::string all;
    for (const Field& f : fields) all.append(all.empty() ? "" : ", ").append(f.name);
    fail(who, {"no parameter ", in_quotes(name), ": it has ", all.empty() ? "none" : all});
  }
  if (at->number != nullptr) {
    const auto number = read_number<double>(value);
    if (!number) fail(who, {at->name, " must be a number, got ", in_quotes(value)});
    *at->number = *number;
  } else {
    const auto whole = read_whole(value, kMostWhole);
    if (!whole) fail(who, {at->name, " must be a whole number, got ", in_quotes(value)});
    *at->whole = *whole;
  }
}

// "step_size=10,gamma=0.1", for the schedule `who`.
void assign_all(std::string_view who, std::string_view list, std::vector<Field> fields) {
  std::vector<std::string_view> given;
  if (!functions::trimmed(list).empty()) {
    for (const auto part : functions::split(list, ',')) {
      const auto name = functions::trimmed(part.substr(0, part.find('=')));
      if (std::ranges::find(given, name) != given.end()) fail(who, {name, " is given twice"});
      assign(who, functions::trimmed(part), fields);
      given.push_back(name);
    }
  }
  for (const Field& f : fields) {
    if (!f.required || std::ranges::find(given, f.name) != given.end()) continue;
    fail(who, {f.name, " has no default"});
  }
}

}  // namespace

double learning_rate(const Schedule& schedule, double lr, std::int64_t t, std::int64_t steps) {
  const FloatEnvironment environment;
  validate(schedule);
  if (t < 0) fail("schedule", {"t must be at least 0, got ", t});
  if (t < schedule.warmup) {
    return lr * (static_cast<double>(t + 1) / static_cast<double>(schedule.warmup));
  }
  const std::int64_t rest = steps > schedule.warmup ? steps - schedule.warmup : 1;
  return std::visit([&](const auto& s) { return rate(s, lr, t - schedule.warmup, rest); },
                    schedule.after);
}

void validate(const Schedule& schedule) {
  if (schedule.warmup < 0) fail("schedule", {"warmup must be at least 0, got ", schedule.warmup});
  std::visit([](const auto& s) { check(s); }, schedule.after);
}

Schedule parse_schedule(std::string_view text) {
  const auto parts = functions::parts_of(functions::trimmed(text));
  Schedule schedule{kDefaults.at(choose("schedule", "", kNames, parts.name)), 0};
  assign_all(parts.name, functions::list_of(parts.name, parts), fields_of(schedule.after));
  validate(schedule);
  return schedule;
}

std::string to_string(const Schedule& schedule) {
  After after = schedule.after;
  After defaults = kDefaults.at(after.index());
  const auto fields = fields_of(after);
  const auto usual = fields_of(defaults);
  std::string list;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!fields[i].required && fields[i].value() == usual[i].value()) continue;
    list.append(list.empty() ? "" : ",").append(fields[i].name).append("=");
    list.append(fields[i].whole != nullptr ? std::to_string(*fields[i].whole)
                                           : write_number(*fields[i].number));
  }
  const std::string name(kNames.at(after.index()));
  return list.empty() ? name : name + "(" + list + ")";
}

}  // namespace actfn::nn
