#include <actfn/activation.h>
#include <actfn/error.h>

#include "api/number.h"
#include "api/suggest.h"
#include "api/text.h"
#include "kernels/entry.h"

#include <cmath>
#include <set>
#include <string>
#include <vector>

namespace actfn {
namespace {

using kernels::Condition;
using kernels::Entry;
using kernels::Field;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

[[noreturn]] void fail(std::string_view where, const std::string& what) {
  throw Error("[" + std::string(where) + "] " + what);
}

// Of the number as float32: what overflows there counts as infinite, what vanishes as 0.
bool holds(const Field& field, double number) {
  const auto value = static_cast<float>(number);
  switch (field.condition) {
    case Condition::number:
      return !std::isnan(value);
    case Condition::finite:
      return std::isfinite(value);
    case Condition::nonnegative:
      return std::isfinite(value) && value >= 0;
    case Condition::nonpositive:
      return std::isfinite(value) && value <= 0;
    case Condition::positive:
      return std::isfinite(value) && value > 0;
    case Condition::choice:
      return value >= 0 && value < static_cast<float>(field.info.choices.size());
  }
  return false;
}

const Entry& find_entry(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto* entry : kernels::entries()) {
    if (entry->info.name == name) return *entry;
    names.push_back(entry->info.name);
  }
  fail("parse", "unknown activation " + in_quotes(name) + did_you_mean(name, names));
}

std::string parameter_list(const Entry& entry) {
  if (entry.fields.empty()) return "it has none";
  std::string all = "it has ";
  for (const auto& field : entry.fields) {
    all.append(&field == entry.fields.data() ? "" : ", ").append(field.info.name);
  }
  return all;
}

const Field& find_field(const Entry& entry, std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& field : entry.fields) {
    if (field.info.name == name) return field;
    names.push_back(field.info.name);
  }
  fail(entry.info.name, "no parameter " + in_quotes(name) + ": " + parameter_list(entry) +
                            did_you_mean(name, names));
}

double read_choice(const Entry& entry, const Field& field, std::string_view text) {
  std::string words;
  for (std::size_t i = 0; i < field.info.choices.size(); ++i) {
    if (field.info.choices[i] == text) return static_cast<double>(i);
    words.append(i == 0 ? "" : " or ").append(field.info.choices[i]);
  }
  fail(entry.info.name,
       std::string(field.info.name) + " must be " + words + ", got " + in_quotes(text));
}

double read_value(const Entry& entry, const Field& field, std::string_view text) {
  if (field.condition == Condition::choice) return read_choice(entry, field, text);
  const auto value = read_number<double>(text);
  if (!value) {
    fail(entry.info.name,
         std::string(field.info.name) + " must be a number, got " + in_quotes(text));
  }
  return *value;
}

void assign(const Entry& entry, std::string_view assignment, Activation& activation,
            std::set<std::string_view>& given) {
  const auto equals = assignment.find('=');
  if (equals == std::string_view::npos) {
    fail(entry.info.name, "expected parameter=value, got " + in_quotes(trimmed(assignment)));
  }
  const Field& field = find_field(entry, trimmed(assignment.substr(0, equals)));
  if (!given.insert(field.info.name).second) {
    fail(entry.info.name, std::string(field.info.name) + " is given twice");
  }
  field.set(activation, read_value(entry, field, trimmed(assignment.substr(equals + 1))));
}

void require_all(const Entry& entry, const std::set<std::string_view>& given) {
  for (const auto& field : entry.fields) {
    if (!field.info.required || given.contains(field.info.name)) continue;
    fail(entry.info.name, std::string(field.info.name) + " has no default: write for example " +
                              to_string(entry.info.example));
  }
}

std::string value_text(const Field& field, const Activation& activation) {
  const double value = field.info.get(activation);
  if (field.info.choices.empty() || !holds(field, value)) return write_number(value);
  return std::string(field.info.choices[static_cast<std::size_t>(value)]);
}

}  // namespace

Activation parse(std::string_view spec) {
  const std::string_view text = trimmed(spec);
  if (text.empty()) fail("parse", "an activation's name is missing");
  const auto open = text.find('(');
  const Entry& entry = find_entry(trimmed(text.substr(0, open)));
  Activation activation = entry.info.example;
  std::set<std::string_view> given;
  if (open != std::string_view::npos) {
    if (text.back() != ')') fail(entry.info.name, "missing ')' in " + in_quotes(text));
    std::string_view rest = trimmed(text.substr(open + 1, text.size() - open - 2));
    while (!rest.empty()) {
      const auto comma = rest.find(',');
      assign(entry, rest.substr(0, comma), activation, given);
      if (comma == std::string_view::npos) break;
      rest = trimmed(rest.substr(comma + 1));
      if (rest.empty()) fail(entry.info.name, "nothing behind the last ',' in " + in_quotes(text));
    }
  }
  require_all(entry, given);
  validate(activation);
  return activation;
}

std::string to_string(const Activation& activation) {
  const Entry& entry = kernels::entry(activation);
  std::string list;
  for (const auto& field : entry.fields) {
    const bool is_default = field.info.get(activation) == field.info.get(entry.info.example);
    if (is_default && !field.info.required) continue;
    list.append(list.empty() ? "" : ",").append(field.info.name).append("=");
    list.append(value_text(field, activation));
  }
  const std::string name(entry.info.name);
  return list.empty() ? name : name + "(" + list + ")";
}

void validate(const Activation& activation) {
  const Entry& entry = kernels::entry(activation);
  for (const auto& field : entry.fields) {
    const double value = field.info.get(activation);
    if (holds(field, value)) continue;
    fail(entry.info.name, std::string(field.info.name) + " must be " +
                              std::string(field.info.condition) + ", got " + write_number(value));
  }
  const std::string_view conflict = entry.conflict(activation);
  if (conflict.empty()) return;
  std::string values;
  for (const auto& field : entry.fields) {
    values.append(values.empty() ? "" : ", ").append(field.info.name).append("=");
    values.append(value_text(field, activation));
  }
  fail(entry.info.name, std::string(conflict) + ", got " + values);
}

}  // namespace actfn
