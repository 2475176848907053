// SPDX-License-Identifier: Apache-2.0
// Functions to test with: every one of a list, with its defaults and with other parameters. Follows
// from the catalogue, so that a new function is tested without an edit.
#pragma once

#include <actfn/catalogue.h>
#include <actfn/error.h>
#include <gtest/gtest.h>

#include <cctype>
#include <ostream>
#include <string>
#include <vector>

// GoogleTest's own printer of variants prints the bytes of parameters, those between them too, and
// takes seconds to compile: it has code for every alternative.
namespace testing::internal {

struct FunctionPrinter {
  static void Print(const actfn::Function& f, std::ostream* out) { *out << actfn::to_string(f); }
};
template <>
class UniversalPrinter<actfn::Function> : public FunctionPrinter {};
template <>
class UniversalPrinter<actfn::Activation> : public FunctionPrinter {};
template <>
class UniversalPrinter<actfn::RowActivation> : public FunctionPrinter {};
template <>
class UniversalPrinter<actfn::RowReduction> : public FunctionPrinter {};
template <>
class UniversalPrinter<actfn::Gate> : public FunctionPrinter {};

}  // namespace testing::internal

namespace actfn::testing {

inline std::string with_parameter(const FunctionInfo& info, const ParameterInfo& changed,
                                  std::string_view value) {
  std::string spec = std::string(info.name) + "(" + std::string(changed.name) + "=";
  spec.append(value);
  for (const auto& other : info.parameters) {
    if (!other.required || other.name == changed.name) continue;
    spec.append(",").append(other.name).append("=").append(std::to_string(other.get(info.example)));
  }
  return spec + ")";
}

// Values to try for a parameter, as text.
inline std::vector<std::string_view> values_for(const ParameterInfo& parameter, bool extreme) {
  if (parameter.type == ParameterInfo::Type::choice) {
    return {parameter.choices.begin(), parameter.choices.end()};
  }
  if (parameter.type == ParameterInfo::Type::function) return {"mish", "elu(alpha=0.5)", "relu"};
  if (parameter.condition == "from 0 to 1") return {"0", "0.1", "1e-5", "0.9", "1"};
  std::vector<std::string_view> values = {"0", "-0.7", "0.3", "2", "1e-5", "1000"};
  if (extreme) values.insert(values.end(), {"1e-20", "1e20"});
  return values;
}

// One of each function of a list, with its defaults.
template <class List = Activation>
std::vector<List> examples() {
  std::vector<List> all;
  for (const auto& info : catalogue()) {
    if (const auto* const f = std::get_if<List>(&info.example)) all.push_back(*f);
  }
  return all;
}

// Every function of a list with its defaults, and with each of values_of(parameter), texts, that a
// parameter takes.
template <class List, class ValuesOf>
std::vector<List> instances_by(const ValuesOf& values_of) {
  std::vector<List> all;
  for (const auto& info : catalogue()) {
    const auto* const example = std::get_if<List>(&info.example);
    if (example == nullptr) continue;
    all.push_back(*example);
    for (const auto& parameter : info.parameters) {
      for (const std::string_view value : values_of(parameter)) {
        try {
          const Function f = parse_function(with_parameter(info, parameter, value));
          if (f != info.example) all.push_back(std::get<List>(f));
        } catch (const Error&) {
          // Out of this parameter's range: nothing to test.
        }
      }
    }
  }
  return all;
}

// `extreme`: also with parameters far from what anybody uses.
template <class List = Activation>
std::vector<List> instances(bool extreme = false) {
  return instances_by<List>([&](const auto& p) { return values_for(p, extreme); });
}

// For GoogleTest, which allows letters, digits and '_' in names.
template <class List>
std::string test_name(const List& f) {
  std::string name;
  for (const char c : to_string(f)) {
    if (c == ')') continue;
    if (c == '-') {
      name.append("minus");
    } else {
      name.push_back(std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_');
    }
  }
  return name;
}

}  // namespace actfn::testing
