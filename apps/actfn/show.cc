// SPDX-License-Identifier: Apache-2.0
#include <actfn/actfn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "catalogue/lists.h"
#include "commands.h"
#include "describe.h"
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
  return fmt::format("  {} = {}  ({}{}{})\n", p.name, value_text(p, f),
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
  for (const Alias& alias : aliases_of(known)) {
    all.append(all.empty() ? "" : ", ").append(alias.name);
    if (alias.function != known.name) all.append(" = ").append(alias.function);
  }
  return fact("also", all);
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
  return values.empty() ? out : out + "\n" + values;
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

std::string as_json(const std::vector<Function>& functions) {
  nlohmann::ordered_json all = nlohmann::json::array();
  for (const Function& f : functions) {
    nlohmann::ordered_json one = {{"spec", to_string(f)}};
    one.update(json_of(info(f)));
    for (auto& p : one["parameters"]) {
      const auto& parameters = info(f).parameters;
      const auto known = std::find_if(parameters.begin(), parameters.end(),
                                      [&](const auto& q) { return p["name"] == q.name; });
      p["value"] = value_text(*known, f);
    }
    one["values"] = values_json(f);
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
      "What a function is for, its formula, parameters, source and values\n\n"
      "It shows the values of random functions in evaluation, of learned functions before\n"
      "training, of gates for pairs of a and b, and of functions of a row for an example.\n\n"
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
