// SPDX-License-Identifier: Apache-2.0
#include <actfn/actfn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "catalogue/lists.h"
#include "commands.h"
#include "describe.h"
#include "lab/function_facts.h"
#include "lab/recorded.h"
#include "lab/report_text.h"
#include "output.h"
#include "values.h"

namespace actfn::app {
namespace {

constexpr std::size_t kIndent = 8;

std::string parameter_line(const ParameterInfo& p, const Function& f) {
  std::string words;
  for (const auto choice : p.choices) words += (words.empty() ? "" : " or ") + std::string(choice);
  const std::string_view which = p.required ? "; an example: it has no default" : "";
  const std::string also =
      p.alias.empty() ? std::string() : fmt::format("; also written {}", p.alias);
  return fmt::format("  {} = {}  ({}{}{})\n", p.name, lab::parameter_text(p, f),
                     p.choices.empty() ? std::string(p.condition) : words, also, which);
}

// Wrapped below its name; nothing where there is no text. A formula stays on its line.
std::string fact(std::string_view name, std::string_view text, bool wraps = true) {
  if (text.empty()) return {};
  std::string head(name);
  head.resize(kIndent, ' ');
  return wraps ? wrapped(text, kTextWidth, kIndent, head) : head.append(text) + "\n";
}

std::string aliases_line(const FunctionInfo& known) {
  std::string all;
  for (const Alias& alias : lab::aliases_of(known)) {
    all.append(all.empty() ? "" : ", ").append(alias.name);
    if (alias.function != known.name) all.append(" = ").append(alias.function);
  }
  return fact("also", all);
}

// A line of a block: a term, and what there is for it.
std::string line(std::string_view term, std::string_view text) {
  constexpr std::size_t kColumn = 34;
  std::string head = fmt::format("  {}", term);
  const std::size_t width = lab::report::width(head);
  head.append(kColumn - std::min(kColumn - 1, width), ' ');
  return wrapped(text, kTextWidth, kColumn, head);
}

std::string properties_block(const Function& f) {
  std::string out;
  for (const lab::Fact& fact : lab::facts_of(f).facts) out += line(fact.term, fact.text);
  return out.empty() ? out : "\nproperties\n" + out;
}

// "value 0.6067 ULP, 0.097 ns (3.3 copies), f' 0.5817 ULP, backward 0.150 ns (1.9 sums)"
std::string accuracy_text(const lab::RecordedAccuracy& a) {
  std::string text;
  const auto add = [&](std::string_view format, std::string_view first, std::string_view second) {
    if (first.empty()) return;
    text += (text.empty() ? "" : ", ") + fmt::format(fmt::runtime(format), first, second);
  };
  const auto ulp = [](const std::string& cell) { return cell == "nearest" ? "" : " ULP"; };
  add("value {}{}", a.value_ulp, ulp(a.value_ulp));
  add("{} ns ({} copies)", a.value_ns, a.copies);
  add("f' {}{}", a.slope_ulp, ulp(a.slope_ulp));
  add("backward {} ns ({} sums)", a.backward_ns, a.sums);
  return text;
}

// What the project's documents have of it.
std::string recorded_block(const FunctionInfo& known) {
  std::string out;
  for (const lab::RecordedErrors& errors : lab::recorded_errors(known)) {
    for (const auto& [type, orders, inputs] : errors.rows) {
      std::string text;
      for (std::size_t i = 0; i < orders.size(); ++i) {
        constexpr const char* kNames[] = {"value ", "f' ", "f'' "};
        if (orders[i].empty()) continue;
        text += (text.empty() ? "" : ", ") + (kNames[i] + orders[i]);
      }
      out += line(fmt::format("{}, {}", errors.function, type),
                  fmt::format("{} ULP ({})", text, errors.document));
    }
  }
  for (const lab::RecordedAccuracy& a : lab::recorded_accuracies(known)) {
    out += line(fmt::format("{}@{}", a.function, a.accuracy), accuracy_text(a));
  }
  const std::string speed = lab::recorded_speed(known);
  if (!speed.empty()) out += line("time", speed);
  return out.empty() ? out : "\nrecorded\n" + out;
}

std::string experiments_line(const FunctionInfo& known) {
  std::string all;
  for (const lab::Experiment* e : lab::experiments_about(known)) {
    all += (all.empty() ? "" : ", ") + e->name;
  }
  return all.empty() ? all : "\n" + wrapped(all, kTextWidth, 13, "experiments  ");
}

std::string page(const Function& f) {
  const FunctionInfo& known = info(f);
  const bool gate = known.kind == Kind::gate;
  std::string out = fmt::format("{}  ({}, {})\n\n", to_string(f), known.title, name_of(known.kind));
  if (!known.use.empty()) out += wrapped(known.use, kTextWidth) + "\n";
  out += fact(gate ? "f(a, b)" : "f(x)", known.formula, false);
  out += fact(gate ? "f'" : "f'(x)", known.derivative, false);
  if (known.kind != Kind::elementwise) out += fact("shape", known.shapes);
  out += fact("source", known.source) + fact("note", known.note) + aliases_line(known);
  if (!known.parameters.empty()) out += "\nparameters\n";
  for (const auto& p : known.parameters) out += parameter_line(p, f);
  const std::string values = values_text(f);
  if (!values.empty()) out += "\n" + values;
  return out + properties_block(f) + recorded_block(known) + experiments_line(known);
}

// A bare name of a function whose parameters have no default shows its example.
Function parse_for_show(std::string_view spec) {
  for (const auto& known : catalogue()) {
    if (known.name == spec) return known.example;
  }
  return parse_function(spec);
}

std::vector<Function> parse_for_show(const std::vector<std::string>& lists) {
  std::vector<Function> all;
  for (const auto& list : lists) {
    for (const auto spec : functions::split(list, ','))
      all.push_back(parse_for_show(functions::trimmed(spec)));
  }
  return all;
}

nlohmann::ordered_json properties_json(const lab::FunctionFacts& facts) {
  nlohmann::ordered_json out = nlohmann::json::object();
  for (const lab::Fact& fact : facts.facts) out[fact.term] = fact.text;
  return out;
}

nlohmann::ordered_json numbers_json(const lab::Properties& p) {
  const auto smooth_to = p.smooth_to();
  return {{"low", json_of(p.low.value)},
          {"high", json_of(p.high.value)},
          {"lipschitz", json_of(p.slope.value)},
          {"smooth_to", smooth_to ? nlohmann::json(*smooth_to) : nlohmann::json("inf")},
          {"mean", json_of(p.normal.mean)},
          {"variance", json_of(p.normal.variance)},
          {"mean_square_of_slope", json_of(p.square_of_slope)},
          {"gain", json_of(p.gain)},
          {"share_of_zeros", json_of(p.share_of_zeros)},
          {"share_of_slope_0", json_of(p.share_of_flat)}};
}

nlohmann::ordered_json experiments_json(const FunctionInfo& known) {
  nlohmann::ordered_json out = nlohmann::json::array();
  for (const lab::Experiment* e : lab::experiments_about(known)) out.push_back(e->name);
  return out;
}

std::string as_json(const std::vector<Function>& functions) {
  nlohmann::ordered_json all = nlohmann::json::array();
  for (const Function& f : functions) {
    nlohmann::ordered_json one = {{"spec", to_string(f)}};
    one.update(json_of(info(f)));
    for (auto& p : one["parameters"]) {
      const auto& parameters = info(f).parameters;
      const auto known = std::find_if(parameters.begin(), parameters.end(),
                                      [&](const auto& q) { return p["name"] == q.name; });
      p["value"] = lab::parameter_text(*known, f);
    }
    one["values"] = values_json(f);
    const lab::FunctionFacts facts = lab::facts_of(f);
    one["tags"] = facts.tags;
    one["properties"] = properties_json(facts);
    if (facts.properties) one["numbers"] = numbers_json(*facts.properties);
    one["experiments"] = experiments_json(info(f));
    all.push_back(one);
  }
  return all.dump(2) + "\n";
}

std::string as_text(const std::vector<Function>& functions) {
  std::string all;
  for (const Function& f : functions) all += (all.empty() ? "" : "\n\n") + page(f);
  return all;
}

}  // namespace

void add_show(CLI::App& program) {
  auto* command = program.add_subcommand(
      "show",
      "What a function is for, its formula, parameters, values and properties\n\n"
      "It shows the values of random functions in evaluation, of learned functions before\n"
      "training, of gates for pairs of a and b, and of functions of a row for an example. The\n"
      "properties are computed for the parameters that are given.\n\n"
      "Examples:\n"
      "  actfn show mish\n"
      "  actfn show 'elu(alpha=0.5)' softmax swiglu\n"
      "  actfn show gelu_new --json\n");
  auto specs = std::make_shared<std::vector<std::string>>();
  auto json = std::make_shared<bool>(false);
  command->add_option("SPEC", *specs, "name or name(parameter=value,…), one or more")->required();
  command->add_flag("--json", *json, "A list of objects; infinities and NaN are text");
  command->callback([specs, json] {
    const auto functions = parse_for_show(*specs);
    print(*json ? as_json(functions) : as_text(functions));
  });
}

}  // namespace actfn::app
