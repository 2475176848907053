// Gates as text, and what their parameters may be.
#include "api/gate_text.h"

#include "api/number.h"
#include "api/refuse.h"
#include "api/suggest.h"
#include "api/text.h"

#include <array>
#include <cmath>
#include <span>
#include <string>
#include <type_traits>

namespace actfn {
namespace {

constexpr std::array<std::string_view, 2> kApproximations = {"none", "tanh"};

struct Field {
  std::string_view name;
  std::string_view condition;
  std::span<const std::string_view> choices;  // for an enum: its words, in order
  bool (*holds)(float);                       // of the number as float32 arrays read it
  double (*get)(const Gate&);
  void (*set)(Gate&, double);
};

template <class Member>
struct Of;
template <class G, class T>
struct Of<T G::*> {
  using Struct = G;
  using Type = T;
};

template <auto member>
constexpr Field field(std::string_view name, std::string_view condition, bool (*holds)(float),
                      std::span<const std::string_view> choices = {}) {
  using G = typename Of<decltype(member)>::Struct;
  using T = typename Of<decltype(member)>::Type;
  return {name,
          condition,
          choices,
          holds,
          [](const Gate& g) { return static_cast<double>(std::get<G>(g).*member); },
          [](Gate& g, double v) { std::get<G>(g).*member = static_cast<T>(v); }};
}

bool is_finite(float v) { return std::isfinite(v); }
bool is_positive(float v) { return v > 0; }
bool is_approximation(float v) { return v == 0 || v == 1; }

constexpr std::array kGegluFields = {
    field<&Geglu::approximate>("approximate", "none or tanh", is_approximation, kApproximations)};
constexpr std::array kSwigluFields = {field<&Swiglu::beta>("beta", "finite", is_finite)};
constexpr std::array kClampedFields = {
    field<&ClampedSwiglu::alpha>("alpha", "finite", is_finite),
    field<&ClampedSwiglu::limit>("limit", "positive", is_positive)};

struct Entry {
  std::string_view name;
  std::span<const Field> fields;
  Gate (*make)();
};

template <class G>
Gate made() {
  return G{};
}

// In the order of the list.
constexpr std::array kEntries = {Entry{"glu", {}, made<Glu>},
                                 Entry{"bilinear", {}, made<Bilinear>},
                                 Entry{"reglu", {}, made<Reglu>},
                                 Entry{"geglu", kGegluFields, made<Geglu>},
                                 Entry{"swiglu", kSwigluFields, made<Swiglu>},
                                 Entry{"clamped_swiglu", kClampedFields, made<ClampedSwiglu>},
                                 Entry{"gated", {}, made<Gated>}};
constexpr std::size_t kMostFields = 2;
static_assert(kEntries.size() == std::variant_size_v<Gate>);

const Entry& entry(const Gate& gate) { return kEntries[gate.index()]; }

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

const Entry& find_entry(std::string_view name) {
  std::array<std::string_view, kEntries.size()> names;
  for (std::size_t i = 0; i < kEntries.size(); ++i) {
    if (kEntries[i].name == name) return kEntries[i];
    names[i] = kEntries[i].name;
  }
  refuse("parse_gate", {"unknown gate ", in_quotes(name), did_you_mean(name, names)});
}

// Which of the fields.
std::size_t find_field(const Entry& entry, std::string_view name) {
  std::array<std::string_view, kMostFields> names;
  std::string all = entry.fields.empty() ? "it has none" : "it has ";
  for (std::size_t i = 0; i < entry.fields.size(); ++i) {
    if (entry.fields[i].name == name) return i;
    all.append(i == 0 ? "" : ", ").append(entry.fields[i].name);
    names[i] = entry.fields[i].name;
  }
  refuse(entry.name, {"no parameter ", in_quotes(name), ": ", all,
                      did_you_mean(name, std::span(names).first(entry.fields.size()))});
}

double read_value(const Entry& entry, const Field& field, std::string_view text) {
  for (std::size_t i = 0; i < field.choices.size(); ++i) {
    if (field.choices[i] == text) return static_cast<double>(i);
  }
  const auto number = field.choices.empty() ? read_number<double>(text) : std::nullopt;
  if (number) return *number;
  const std::string_view wanted = field.choices.empty() ? "a number" : field.condition;
  refuse(entry.name, {field.name, " must be ", wanted, ", got ", in_quotes(text)});
}

// One parameter=value; `given` tells which there were so far.
void assign(const Entry& entry, std::string_view assignment, Gate& gate,
            std::array<bool, kMostFields>& given) {
  const auto equals = assignment.find('=');
  if (equals == std::string_view::npos) {
    refuse(entry.name, {"expected parameter=value, got ", in_quotes(assignment)});
  }
  const std::size_t which = find_field(entry, trimmed(assignment.substr(0, equals)));
  const Field& field = entry.fields[which];
  if (given[which]) refuse(entry.name, {field.name, " is given twice"});
  given[which] = true;
  field.set(gate, read_value(entry, field, trimmed(assignment.substr(equals + 1))));
}

// What stands between the parentheses.
Gate read_list(const Entry& entry, std::string_view list) {
  Gate gate = entry.make();
  std::array<bool, kMostFields> given{};
  std::string_view rest = list;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    assign(entry, trimmed(rest.substr(0, comma)), gate, given);
    if (comma == std::string_view::npos) break;
    rest = trimmed(rest.substr(comma + 1));
    if (rest.empty()) refuse(entry.name, {"nothing behind the last ',' in ", in_quotes(list)});
  }
  return gate;
}

std::string value_text(const Field& field, const Gate& gate) {
  const double value = field.get(gate);
  const bool is_word = !field.choices.empty() && field.holds(static_cast<float>(value));
  return is_word ? std::string(field.choices[static_cast<std::size_t>(value)])
                 : write_number(value);
}

}  // namespace

std::string_view name_of(const Gate& gate) { return entry(gate).name; }

Gate parse_gate(std::string_view spec) {
  const std::string_view text = trimmed(spec);
  if (text.empty()) refuse("parse_gate", {"a gate's name is missing"});
  const auto open = text.find('(');
  const Entry& entry = find_entry(trimmed(text.substr(0, open)));
  std::string_view list;
  if (open != std::string_view::npos) {
    if (text.back() != ')') refuse(entry.name, {"missing ')' in ", in_quotes(text)});
    list = trimmed(text.substr(open + 1, text.size() - open - 2));
  }
  if (entry.name == "gated") {
    if (list.empty())
      refuse(entry.name, {"an activation is missing: write for example gated(mish)"});
    return Gated{parse(list)};
  }
  const Gate gate = read_list(entry, list);
  validate(gate);
  return gate;
}

std::string to_string(const Gate& gate) {
  const Entry& own = entry(gate);
  std::string list;
  if (const auto* gated = std::get_if<Gated>(&gate)) list = to_string(gated->gate);
  const Gate plain = own.make();
  for (const Field& field : own.fields) {
    if (field.get(gate) == field.get(plain)) continue;
    list.append(list.empty() ? "" : ",").append(field.name).append("=");
    list.append(value_text(field, gate));
  }
  const std::string name(own.name);
  return list.empty() ? name : name + "(" + list + ")";
}

void validate(const Gate& gate) {
  if (const auto* gated = std::get_if<Gated>(&gate)) validate(gated->gate);
  for (const Field& field : entry(gate).fields) {
    if (field.holds(static_cast<float>(field.get(gate)))) continue;
    refuse(name_of(gate),
           {field.name, " must be ", field.condition, ", got ", value_text(field, gate)});
  }
}

}  // namespace actfn
