// SPDX-License-Identifier: Apache-2.0
#include "describe.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "catalogue/lists.h"
#include "catalogue/number.h"
#include "catalogue/suggest.h"
#include "lab/function_facts.h"

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
    out["default"] = json_of(value);
  } else {
    out["default"] = p.choices[static_cast<std::size_t>(value)];
    out["choices"] = std::vector<std::string>(p.choices.begin(), p.choices.end());
  }
  out["condition"] = p.condition;
  if (!p.alias.empty()) out["alias"] = p.alias;
  return out;
}

template <class T>
nlohmann::ordered_json number_json(T value) {
  const std::string text = write_number(value);
  return std::isfinite(value) ? nlohmann::ordered_json::parse(text) : nlohmann::ordered_json(text);
}

}  // namespace

std::string signature(const FunctionInfo& info) {
  std::string all;
  for (const auto& p : info.parameters) {
    all += all.empty() ? "" : ",";
    all += p.name;
    if (!p.required) all += "=" + lab::parameter_text(p, info.example);
  }
  return std::string(info.name) + (all.empty() ? "" : "(" + all + ")");
}

std::string_view summary(Kind kind) {
  switch (kind) {
    case Kind::elementwise:
      return "each number of x by itself";
    case Kind::row:
      return "all numbers of x along one axis";
    case Kind::gate:
      return "two halves of x: f(a) * b";
    case Kind::random:
      return "random numbers in training, none in evaluation";
    case Kind::learned:
      return "weights that training changes";
    case Kind::grouped:
      return "more or fewer channels than x has";
  }
  return "";
}

Kind parse_kind(std::string_view name) {
  return static_cast<Kind>(choose("list", "kind", functions::kKindNames, name));
}

nlohmann::ordered_json json_of(const FunctionInfo& info) {
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
  one["example"] = to_string(info.example);
  one["parameters"] = nlohmann::json::array();
  for (const auto& p : info.parameters) one["parameters"].push_back(parameter_json(info, p));
  one["aliases"] = nlohmann::json::array();
  for (const Alias& alias : lab::aliases_of(info)) one["aliases"].push_back(alias.name);
  return one;
}

nlohmann::ordered_json json_of(const Alias& alias) {
  nlohmann::ordered_json one;
  one["name"] = alias.name;
  one["function"] =
      alias.function.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(alias.function);
  one["formula"] = alias.formula;
  one["layout"] = alias.layout;
  one["users"] = alias.users;
  return one;
}

nlohmann::ordered_json json_of(double value) { return number_json(value); }
nlohmann::ordered_json json_of(float value) { return number_json(value); }

}  // namespace actfn::app
