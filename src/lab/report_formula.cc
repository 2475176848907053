// SPDX-License-Identifier: Apache-2.0
#include "lab/report_formula.h"

#include "lab/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>
#include <vector>

namespace actfn::lab::report {
namespace {

constexpr std::string_view kQuestion = " ? ";
constexpr std::string_view kColon = " : ";
constexpr std::string_view kAnd = ", and ";

bool is_number(char c) { return (c >= '0' && c <= '9') || c == '.'; }

// Whether text[at, at + size) is a word of its own.
bool stands_alone(std::string_view text, std::size_t at, std::size_t size) {
  const bool begins = at == 0 || !part_of_name(text[at - 1]);
  return begins && (at + size >= text.size() || !part_of_name(text[at + size]));
}

// A negative number needs brackets unless nothing comes before it.
bool needs_brackets(std::string_view before) {
  while (before.ends_with(' ')) before.remove_suffix(1);
  return !before.empty() &&
         std::string_view("(,=<>?:").find(before.back()) == std::string_view::npos;
}

std::string value_text(double v) {
  if (std::isinf(v)) return v < 0 ? "-inf" : "inf";
  return fmt::format("{:.6g}", v);
}

// All parameters at once: the value of one must not be taken for the name of another.
std::string with_values(std::string_view formula, const FunctionInfo& about, const Function& f) {
  std::string out;
  for (std::size_t i = 0; i < formula.size();) {
    const ParameterInfo* found = nullptr;
    for (const ParameterInfo& p : about.parameters) {
      const bool fits = formula.substr(i).starts_with(p.name);
      if (fits && p.type != ParameterInfo::Type::choice && stands_alone(formula, i, p.name.size()))
        found = &p;
    }
    if (found == nullptr) {
      out += formula[i++];
      continue;
    }
    const std::string value = value_text(found->get(f));
    const bool brackets = value.starts_with('-') && needs_brackets(out);
    out += brackets ? "(" + value + ")" : value;
    i += found->name.size();
  }
  return out;
}

std::vector<std::string_view> parts_of(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  for (std::size_t at = text.find(separator); at != std::string_view::npos;
       at = text.find(separator)) {
    parts.push_back(text.substr(0, at));
    text.remove_prefix(at + separator.size());
  }
  parts.push_back(text);
  return parts;
}

// Of "approximate=none: …; tanh: …" the part of the word that was chosen.
std::string_view chosen_part(std::string_view formula, const FunctionInfo& about,
                             const Function& f) {
  for (const ParameterInfo& p : about.parameters) {
    if (p.type != ParameterInfo::Type::choice) continue;
    const std::string_view word = p.choices[static_cast<std::size_t>(p.get(f))];
    for (std::string_view part : parts_of(formula, "; ")) {
      if (part.starts_with(p.name)) part.remove_prefix(p.name.size() + 1);
      if (part.starts_with(word) && part.substr(word.size()).starts_with(": "))
        return part.substr(word.size() + 2);
    }
  }
  return formula;
}

// Where `sign` stands outside of brackets; npos: nowhere.
std::size_t outside(std::string_view text, std::string_view sign) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')') --depth;
    if (depth == 0 && text.substr(i).starts_with(sign)) return i;
  }
  return std::string_view::npos;
}

std::string in_words(std::string_view text) {
  if (const std::size_t at = outside(text, kAnd); at != std::string_view::npos) {
    return in_words(text.substr(0, at)).append(kAnd) + in_words(text.substr(at + kAnd.size()));
  }
  const std::size_t question = outside(text, kQuestion);
  if (question == std::string_view::npos) return std::string(text);
  const std::string_view rest = text.substr(question + kQuestion.size());
  const std::size_t colon = outside(rest, kColon);
  if (colon == std::string_view::npos) return std::string(text);
  const std::string_view otherwise = rest.substr(colon + kColon.size());
  const bool more = outside(otherwise, kQuestion) != std::string_view::npos;
  return fmt::format("{} if {}; {}{}", rest.substr(0, colon), text.substr(0, question),
                     more ? "" : "else ", in_words(otherwise));
}

// Choices inside of brackets first: "(x > 0 ? 1 : 2) * x".
std::string choices_in_words(std::string_view text) {
  std::string flat;
  for (std::size_t i = 0; i < text.size(); ++i) {
    flat += text[i];
    if (text[i] != '(') continue;
    int depth = 1;
    std::size_t end = i + 1;
    for (; end < text.size(); ++end) {
      depth += text[end] == '(' ? 1 : text[end] == ')' ? -1 : 0;
      if (depth == 0) break;
    }
    flat += choices_in_words(text.substr(i + 1, end - i - 1));
    i = end - 1;
  }
  return in_words(flat);
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string_view::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// "2^3": a power of one digit that ends there.
void raise(std::string& text) {
  constexpr std::pair<const char*, const char*> kPowers[] = {
      {"^2", "²"}, {"^3", "³"}, {"^4", "⁴"}, {"^5", "⁵"}};
  for (const auto& [from, to] : kPowers) {
    for (std::size_t at = text.find(from); at != std::string_view::npos;
         at = text.find(from, at + 2)) {
      const bool ends =
          at + 2 >= text.size() || (!part_of_name(text[at + 2]) && text[at + 2] != '.');
      if (ends) text.replace(at, 2, to);
    }
  }
}

void replace_words(std::string& text) {
  constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"pi", "π"},    {"Phi", "Φ"},  {"phi", "φ"},   {"inf", "∞"}, {"sqrt", "√"}, {"log", "ln"},
      {"alpha", "α"}, {"beta", "β"}, {"sigma", "σ"}, {"mu", "μ"},  {"tau", "τ"}};
  for (const auto& [from, to] : kWords) {
    for (std::size_t at = text.find(from); at != std::string_view::npos;
         at = text.find(from, at + 1)) {
      if (stands_alone(text, at, from.size())) text.replace(at, from.size(), to);
    }
  }
}

// "√(2)" as "√2": a root of one sign.
void open_roots(std::string& text) {
  constexpr std::string_view kRoot = "√(";
  for (std::size_t at = text.find(kRoot); at != std::string::npos; at = text.find(kRoot, at + 1)) {
    const std::size_t first = at + kRoot.size();
    if (first + 1 >= text.size() || !part_of_name(text[first]) || text[first + 1] != ')') continue;
    text.erase(first + 1, 1);
    text.erase(first - 1, 1);
  }
}

// Factors and divisors of 1, which values leave behind.
void drop_ones(std::string& text) {
  for (std::size_t at = text.find("1 * "); at != std::string_view::npos;
       at = text.find("1 * ", at)) {
    const bool alone =
        at == 0 || text[at - 1] == '(' || (text[at - 1] == ' ' && (at < 2 || text[at - 2] != '/'));
    if (alone) {
      text.erase(at, 4);
    } else {
      ++at;
    }
  }
  for (std::size_t at = text.find(" / 1"); at != std::string_view::npos;
       at = text.find(" / 1", at + 1)) {
    const char next = at + 4 < text.size() ? text[at + 4] : ' ';
    if (!is_number(next) && next != '^') text.erase(at, 4);
  }
}

// "x_i" as x with the index i, "sum_j" as a sum over j.
std::string word_html(std::string_view word) {
  const std::size_t bar = word.find('_');
  const std::string_view name = word.substr(0, bar);
  const bool letter = name.size() == 1 && !is_number(name[0]);
  const bool index = bar != std::string_view::npos && bar + 2 == word.size();
  constexpr std::string_view kNames[] = {"sum", "max", "mean", "dx", "dy"};
  if (!index || (!letter && std::ranges::find(kNames, name) == std::end(kNames))) {
    return letter && bar == std::string_view::npos ? fmt::format("<i>{}</i>", word)
                                                   : std::string(word);
  }
  const std::string shown =
      letter ? fmt::format("<i>{}</i>", name) : std::string(name == "sum" ? "Σ" : name);
  return fmt::format("{}<sub>{}</sub>", shown, word.substr(bar + 1));
}

}  // namespace

std::string formula_html(std::string_view readable) {
  std::string out;
  while (!readable.empty()) {
    std::size_t size = 0;
    while (size < readable.size() && (part_of_name(readable[size]) || readable[size] == '.'))
      ++size;
    if (size > 0) {
      out += word_html(readable.substr(0, size));
    } else {
      while (size < readable.size() && !part_of_name(readable[size])) ++size;
      out += escape(readable.substr(0, size));
    }
    readable.remove_prefix(size);
  }
  return out;
}

std::string readable(std::string_view formula) {
  std::string text = typeset(choices_in_words(formula));
  drop_ones(text);
  raise(text);
  replace_words(text);
  open_roots(text);
  constexpr std::pair<std::string_view, std::string_view> kSigns[] = {
      {" * ", " · "}, {">=", "≥"}, {"<=", "≤"}, {"!=", "≠"}, {"==", "="}, {"-", "−"}};
  for (const auto& [from, to] : kSigns) replace_all(text, from, to);
  return text;
}

std::string formula_of(const Function& f) {
  const FunctionInfo& about = info(f);
  return readable(with_values(chosen_part(about.formula, about, f), about, f));
}

}  // namespace actfn::lab::report
