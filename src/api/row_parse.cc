#include "api/row_parse.h"

#include <actfn/error.h>

#include "api/number.h"
#include "api/suggest.h"
#include "api/tensors.h"
#include "api/text.h"

#include <cmath>
#include <string>
#include <vector>

namespace actfn {
namespace {

// Parameters are numbers; `at` finds one in a value of the type at hand.
struct Parameter {
  std::string_view name;
  double* value;
};

template <class F>
constexpr std::string_view kName = "";
template <>
constexpr std::string_view kName<Softmax> = "softmax";
template <>
constexpr std::string_view kName<Softmin> = "softmin";
template <>
constexpr std::string_view kName<LogSoftmax> = "log_softmax";
template <>
constexpr std::string_view kName<Sparsemax> = "sparsemax";
template <>
constexpr std::string_view kName<Entmax> = "entmax";
template <>
constexpr std::string_view kName<Hardmax> = "hardmax";

// None of them has more than one parameter.
Parameter parameter_of(RowActivation& f) {
  return std::visit(
      [](auto& p) -> Parameter {
        if constexpr (requires { p.temperature; }) {
          return {"temperature", &p.temperature};
        } else if constexpr (requires { p.alpha; }) {
          return {"alpha", &p.alpha};
        } else {
          return {"", nullptr};
        }
      },
      f);
}

// One of each, with its defaults.
template <class... F>
std::vector<RowActivation> examples(const std::variant<F...>* /*list*/) {
  return {F{}...};
}
const std::vector<RowActivation>& examples() {
  static const auto all = examples(static_cast<const RowActivation*>(nullptr));
  return all;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

RowActivation find(std::string_view name) {
  std::vector<std::string_view> names;
  for (const RowActivation& f : examples()) {
    if (row_name(f) == name) return f;
    names.push_back(row_name(f));
  }
  fail("parse", "unknown row activation " + in_quotes(name) + did_you_mean(name, names));
}

void assign(RowActivation& f, std::string_view assignment) {
  const std::string_view who = row_name(f);
  const auto equals = assignment.find('=');
  if (equals == std::string_view::npos) {
    fail(who, "expected parameter=value, got " + in_quotes(trimmed(assignment)));
  }
  const Parameter parameter = parameter_of(f);
  const std::string_view name = trimmed(assignment.substr(0, equals));
  if (name != parameter.name || parameter.value == nullptr) {
    const bool none = parameter.value == nullptr;
    fail(who, "no parameter " + in_quotes(name) + ": it has " +
                  (none ? "none" : std::string(parameter.name)) +
                  did_you_mean(name, std::span(&parameter.name, none ? 0 : 1)));
  }
  const std::string_view text = trimmed(assignment.substr(equals + 1));
  const auto value = read_number<double>(text);
  if (!value) fail(who, std::string(name) + " must be a number, got " + in_quotes(text));
  *parameter.value = *value;
}

[[noreturn]] void refuse(std::string_view who, std::string_view what, double got) {
  fail(who, std::string(what) + ", got " + write_number(got));
}

}  // namespace

std::string_view row_name(const RowActivation& f) {
  return std::visit([]<class F>(const F& /*f*/) { return kName<F>; }, f);
}

RowActivation parse_row_activation(std::string_view spec) {
  const std::string_view text = trimmed(spec);
  if (text.empty()) fail("parse", "a row activation's name is missing");
  const auto open = text.find('(');
  RowActivation f = find(trimmed(text.substr(0, open)));
  if (open != std::string_view::npos) {
    if (text.back() != ')') fail(row_name(f), "missing ')' in " + in_quotes(text));
    const std::string_view inside = trimmed(text.substr(open + 1, text.size() - open - 2));
    if (inside.find(',') != std::string_view::npos) {
      fail(row_name(f), "at most one parameter, got " + in_quotes(inside));
    }
    if (!inside.empty()) assign(f, inside);
  }
  validate(f);
  return f;
}

std::string to_string(const RowActivation& f) {
  RowActivation own = f;
  RowActivation example = examples()[f.index()];
  const std::string name(row_name(f));
  const Parameter parameter = parameter_of(own);
  if (parameter.value == nullptr || *parameter.value == *parameter_of(example).value) return name;
  return name + "(" + std::string(parameter.name) + "=" + write_number(*parameter.value) + ")";
}

void validate(const RowActivation& f) {
  std::visit(
      [&](const auto& p) {
        if constexpr (requires { p.temperature; }) {
          const auto single = static_cast<float>(p.temperature);  // what float32 rows read
          if (!(std::isfinite(single) && single > 0)) {
            refuse(row_name(f), "temperature must be positive and finite", p.temperature);
          }
        } else if constexpr (requires { p.alpha; }) {
          const auto single = static_cast<float>(p.alpha);
          if (!(std::isfinite(single) && single >= 1)) {
            refuse(row_name(f), "alpha must be at least 1 and finite", p.alpha);
          }
        }
      },
      f);
}

}  // namespace actfn
