// Activations to test with: every one of the list, with its defaults and with others. Follows from
// the catalogue, so that a new activation is tested without an edit.
#pragma once

#include <actfn/catalogue.h>
#include <actfn/error.h>

#include <cctype>
#include <string>
#include <vector>

namespace actfn::testing {

inline std::string with_parameter(const ActivationInfo& info, const ParameterInfo& changed,
                                  std::string_view value) {
  std::string spec = std::string(info.name) + "(" + std::string(changed.name) + "=";
  spec.append(value);
  for (const auto& other : info.parameters) {
    if (!other.required || other.name == changed.name) continue;
    spec.append(",").append(other.name).append("=").append(std::to_string(other.get(info.example)));
  }
  return spec + ")";
}

// One of each, with its defaults.
inline std::vector<Activation> examples() {
  std::vector<Activation> all;
  for (const auto& info : catalogue()) all.push_back(info.example);
  return all;
}

// `extreme`: also with parameters far from what anybody uses.
inline std::vector<Activation> instances(bool extreme = false) {
  std::vector<Activation> all;
  for (const auto& info : catalogue()) {
    all.push_back(info.example);
    for (const auto& parameter : info.parameters) {
      std::vector<std::string_view> values(parameter.choices.begin(), parameter.choices.end());
      if (values.empty()) {
        values = {"0", "-0.7", "0.3", "2", "1e-5", "1000"};
        if (extreme) values.insert(values.end(), {"1e-20", "1e20"});
      }
      for (const auto value : values) {
        try {
          const Activation a = parse(with_parameter(info, parameter, value));
          if (a != info.example) all.push_back(a);
        } catch (const Error&) {
          // Out of this parameter's range: nothing to test.
        }
      }
    }
  }
  return all;
}

// For GoogleTest, which allows letters, digits and '_' in names.
inline std::string test_name(const Activation& a) {
  std::string name;
  for (const char c : to_string(a)) {
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
