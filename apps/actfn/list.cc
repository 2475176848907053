#include <actfn/catalogue.h>
#include <actfn/target.h>
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "catalogue/number.h"
#include "commands.h"
#include "describe.h"
#include "output.h"

namespace actfn::app {
namespace {

nlohmann::ordered_json parameter_json(const FunctionInfo& info, const ParameterInfo& p) {
  nlohmann::ordered_json out;
  constexpr const char* kTypes[] = {"number", "whole", "choice", "function"};
  out["name"] = p.name;
  out["type"] = kTypes[static_cast<std::size_t>(p.type)];
  if (p.required) {
    out["default"] = nullptr;
  } else if (const double value = p.get(info.example); p.choices.empty()) {
    // 0.01, not 0.00999999978; JSON has no infinities.
    out["default"] = std::isfinite(value) ? nlohmann::ordered_json::parse(write_number(value))
                                          : nlohmann::ordered_json(write_number(value));
  } else {
    out["default"] = p.choices[static_cast<std::size_t>(value)];
    out["choices"] = std::vector<std::string>(p.choices.begin(), p.choices.end());
  }
  out["condition"] = p.condition;
  return out;
}

std::string as_json() {
  nlohmann::ordered_json all = nlohmann::json::array();
  for (const auto& info : catalogue()) {
    nlohmann::ordered_json one;
    one["name"] = info.name;
    one["kind"] = name_of(info.kind);
    one["title"] = info.title;
    one["formula"] = info.formula;
    one["derivative"] = info.derivative;
    one["source"] = info.source;
    one["use"] = info.use;
    one["note"] = info.note;
    one["from_output"] = info.from_output;
    one["shapes"] = info.shapes;
    one["parameters"] = nlohmann::json::array();
    for (const auto& p : info.parameters) one["parameters"].push_back(parameter_json(info, p));
    all.push_back(one);
  }
  return all.dump(2) + "\n";
}

std::string as_table() {
  Table table({"ACTIVATION", "FORMULA"});
  for (const auto& info : catalogue()) {
    table.add({signature(info), std::string(info.formula)});
  }
  return table.text(2);
}

std::string targets_text(bool json) {
  if (json) return nlohmann::json(targets()).dump() + "\n";
  std::string text;
  for (const auto name : targets()) {
    text.append(name).append(name == target() ? "  in use\n" : "\n");
  }
  return text;
}

}  // namespace

std::string signature(const FunctionInfo& info) {
  std::string all;
  for (const auto& p : info.parameters) {
    all += all.empty() ? "" : ",";
    all += std::string(p.name) + "=" + value_text(p, info.example);
  }
  return std::string(info.name) + (all.empty() ? "" : "(" + all + ")");
}

std::string value_text(const ParameterInfo& p, const Function& f) {
  if (p.type == ParameterInfo::Type::function) return to_string(p.get_function(f));
  const double value = p.get(f);
  if (p.choices.empty()) return write_number(value);
  return std::string(p.choices[static_cast<std::size_t>(value)]);
}

void add_list(CLI::App& program) {
  auto* command = program.add_subcommand("list",
                                         "All activations with their parameters\n\n"
                                         "Examples:\n"
                                         "  actfn list\n"
                                         "  actfn list --json\n"
                                         "  actfn list --targets\n");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "Everything that is known of them, as JSON");
  auto instruction_sets = std::make_shared<bool>(false);
  command->add_flag("--targets", *instruction_sets,
                    "The instruction sets that run here, best first; ACTFN_TARGET forces one");
  command->callback([json, instruction_sets] {
    print(*instruction_sets ? targets_text(*json) : *json ? as_json() : as_table());
  });
}

}  // namespace actfn::app
