// SPDX-License-Identifier: Apache-2.0
#include "catalogue/error.h"
#include "catalogue/float_environment.h"
#include "catalogue/grammar.h"
#include "catalogue/lists.h"
#include "catalogue/names.h"
#include "catalogue/number.h"
#include "catalogue/quote.h"
#include "catalogue/suggest.h"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace actfn::functions {
namespace {

// Reads the values that a text gives to the parameters of one function.
class Reader {
 public:
  explicit Reader(const FunctionInfo& function) : function_(function), who_(function.name) {}

  // "alpha=1,beta=2"
  void read(std::string_view list, void* leaf) const {
    auto parts = split(list, ',');
    if (trimmed(parts.back()).empty()) {
      if (parts.size() > 1) fail(who_, {"nothing follows the last ',' in ", in_quotes(list)});
      parts.clear();
    }
    std::set<std::string_view> given;
    for (const auto part : parts) {
      const ParameterInfo& p = assign(trimmed(part), leaf);
      if (!given.insert(p.name).second) fail(who_, {p.name, " is given twice"});
    }
    for (const ParameterInfo& p : function_.parameters) {
      if (!p.required || given.contains(p.name)) continue;
      fail(who_, {p.name, " has no default: write for example ", to_string(function_.example)});
    }
  }

 private:
  const ParameterInfo& assign(std::string_view assignment, void* leaf) const {
    const auto equals = assignment.find('=');
    const bool named = equals < assignment.find('(');
    const ParameterInfo& p =
        named ? find(trimmed(assignment.substr(0, equals))) : unnamed(assignment);
    const auto value = named ? trimmed(assignment.substr(equals + 1)) : assignment;
    if (is_function(p)) {
      *p.function_of(leaf) = actfn::parse(value);
    } else {
      p.set_number(leaf, number(p, value));
    }
    return p;
  }

  // gated(mish): a function is written without the parameter's name.
  const ParameterInfo& unnamed(std::string_view assignment) const {
    const auto at = std::ranges::find_if(function_.parameters, is_function);
    if (at != function_.parameters.end()) return *at;
    fail(who_, {"expected parameter=value, got ", in_quotes(assignment)});
  }

  const ParameterInfo& find(std::string_view name) const {
    std::vector<std::string_view> names;
    std::string all = function_.parameters.empty() ? "it has none" : "it has ";
    for (const ParameterInfo& p : function_.parameters) {
      if (p.name == name || (!name.empty() && p.alias == name)) return p;
      all.append(names.empty() ? "" : ", ").append(p.name);
      names.push_back(p.name);
    }
    fail(who_, {"no parameter ", in_quotes(name), ": ", all, did_you_mean(name, names)});
  }

  double number(const ParameterInfo& p, std::string_view text) const {
    if (p.type == ParameterInfo::Type::choice) {
      return static_cast<double>(choose(who_, p.name, p.choices, unquoted(text)));
    }
    const auto value = read_number<double>(text);
    if (!value) fail(who_, {p.name, " must be a number, got ", in_quotes(text)});
    // Checked here: an int would lose the fraction.
    if (p.type == ParameterInfo::Type::whole && !holds(p, *value)) fail_condition(who_, p, *value);
    return *value;
  }

  // PyTorch prints approximate='tanh'.
  static std::string_view unquoted(std::string_view text) {
    const bool quoted = text.size() > 1 && text.front() == text.back() &&
                        (text.front() == '\'' || text.front() == '"');
    return quoted ? text.substr(1, text.size() - 2) : text;
  }

  const FunctionInfo& function_;
  std::string_view who_;
};

Function read(const Descriptor& function, std::string_view list) {
  Function f = function.info.example;
  void* const leaf = std::visit([&](auto& own) { return function.leaf(&own); }, f);
  Reader(function.info).read(list, leaf);
  demand(function, leaf);
  return f;
}

// The place of the '@' before an accuracy: behind all parentheses.
std::size_t accuracy_place(std::string_view spec) {
  const auto at = spec.rfind('@');
  return at < spec.size() && spec.find(')', at) < spec.size() ? std::string_view::npos : at;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";  // of files that editors saved
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(' || text[i] == '[') ++depth;
    if (text[i] == ')' || text[i] == ']') --depth;
    if (text[i] != separator || depth > 0) continue;
    parts.push_back(text.substr(begin, i - begin));
    begin = i + 1;
  }
  parts.push_back(text.substr(begin));
  return parts;
}

Parts parts_of(std::string_view text) {
  const auto open = std::min(text.find('('), text.size());
  return {text, trimmed(text.substr(0, open)), open};
}

std::string_view list_of(std::string_view who, const Parts& parts) {
  const auto& [text, name, open] = parts;
  if (open == text.size()) return {};
  std::size_t end = open;
  for (int depth = 1; depth > 0 && end < text.size();) {
    end = std::min(text.find_first_of("()", end + 1), text.size());
    depth += text.substr(end).starts_with('(') ? 1 : -1;
  }
  if (end == text.size()) {  // the parameters may say more of what is wrong
    if (text.back() != ')') fail(who, {"missing ')' in ", in_quotes(text)});
    --end;
  }
  const std::string_view rest = text.substr(end + 1);
  if (!rest.empty()) fail(who, {in_quotes(rest), " follows ", in_quotes(text.substr(0, end + 1))});
  return text.substr(open + 1, end - open - 1);
}

WithAccuracy with_accuracy(std::string_view spec) {
  const std::size_t at = accuracy_place(spec);
  if (at == std::string_view::npos) return {spec};
  const std::string_view function = spec.substr(0, at);
  std::array<std::string_view, kAccuracyCount> names;
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = accuracy_name(static_cast<Accuracy>(i));
  const std::string_view name = parts_of(trimmed(function)).name;
  const std::size_t which =
      choose(name.empty() ? "parse" : name, "accuracy", names, trimmed(spec.substr(at + 1)));
  return {function, static_cast<Accuracy>(which)};
}

void refuse_accuracy(std::string_view spec) {
  const std::size_t at = accuracy_place(spec);
  if (at == std::string_view::npos) return;
  fail("parse", {in_quotes(trimmed(spec)), " has an accuracy, which is not chosen here: write ",
                 trimmed(spec.substr(0, at))});
}

std::string write(const Descriptor& function, void* leaf) {
  std::string list;
  for (const ParameterInfo& p : function.info.parameters) {
    const bool nested = is_function(p);
    if (!nested && !p.required && p.number_of(leaf) == p.get(function.info.example)) continue;
    list.append(list.empty() ? "" : ",");
    if (!nested) list.append(p.name).append("=");
    list.append(value_text(function, p, leaf));
  }
  const std::string name(function.info.name);
  return list.empty() ? name : name + "(" + list + ")";
}

}  // namespace actfn::functions

namespace actfn {

Function parse_function(std::string_view spec) {
  using namespace functions;
  const FloatEnvironment environment;
  refuse_accuracy(spec);
  const Parts parts = parts_of(trimmed(spec));
  if (parts.name.empty()) fail("parse", {"the name of a function is missing"});
  const auto [function, alias] = find_name(parts.name);
  const std::string_view list = list_of(function->info.name, parts);
  // An alias that only renames passes the parameters on; one that sets them takes none.
  if (alias == nullptr || alias->function == function->info.name) {
    return read(*function, list);
  }
  if (!trimmed(list).empty()) {
    fail(alias->name, {"it is ", alias->function, " and takes no parameters"});
  }
  return read(*function, list_of(function->info.name, parts_of(alias->function)));
}

Spec parse_spec(std::string_view spec) {
  const functions::WithAccuracy parts = functions::with_accuracy(spec);
  return {parse_function(parts.function), parts.accuracy};
}

std::string to_string(const Spec& spec) {
  std::string text = to_string(spec.function);
  if (spec.accuracy != Accuracy::accurate) text.append("@").append(accuracy_name(spec.accuracy));
  return text;
}

}  // namespace actfn
