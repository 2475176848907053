#include "api/spec.h"

#include "api/number.h"
#include "api/suggest.h"
#include "api/tensors.h"
#include "api/text.h"

#include <set>
#include <vector>

namespace actfn {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

const NamedNumber& find(std::string_view who, std::string_view name,
                        std::span<const NamedNumber> numbers) {
  std::vector<std::string_view> names;
  std::string list;
  for (const NamedNumber& number : numbers) {
    if (number.name == name) return number;
    names.push_back(number.name);
    list.append(list.empty() ? "it has " : ", ").append(number.name);
  }
  fail(who, "no parameter " + in_quotes(name) + ": " + (list.empty() ? "it has none" : list) +
                did_you_mean(name, names));
}

void assign(std::string_view who, std::string_view assignment, std::span<const NamedNumber> numbers,
            std::set<std::string_view>& given) {
  const auto equals = assignment.find('=');
  if (equals == std::string_view::npos) {
    fail(who, "expected parameter=value, got " + in_quotes(trimmed(assignment)));
  }
  const NamedNumber& number = find(who, trimmed(assignment.substr(0, equals)), numbers);
  if (!given.insert(number.name).second) fail(who, std::string(number.name) + " is given twice");
  const std::string_view text = trimmed(assignment.substr(equals + 1));
  const auto value = read_number<double>(text);
  if (!value) fail(who, std::string(number.name) + " must be a number, got " + in_quotes(text));
  *number.value = *value;
}

}  // namespace

std::size_t read_name(std::string_view spec, std::string_view kind,
                      std::span<const std::string_view> names) {
  const std::string_view text = trimmed(spec);
  if (text.empty()) fail("parse", "a " + std::string(kind) + "'s name is missing");
  const std::string_view name = trimmed(text.substr(0, text.find('(')));
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return i;
  }
  fail("parse", "unknown " + std::string(kind) + " " + in_quotes(name) + did_you_mean(name, names));
}

void read_numbers(std::string_view spec, std::string_view name,
                  std::span<const NamedNumber> numbers) {
  const std::string_view text = trimmed(spec);
  const auto open = text.find('(');
  if (open == std::string_view::npos) return;
  if (text.back() != ')') fail(name, "missing ')' in " + in_quotes(text));
  std::string_view rest = trimmed(text.substr(open + 1, text.size() - open - 2));
  std::set<std::string_view> given;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    assign(name, rest.substr(0, comma), numbers, given);
    if (comma == std::string_view::npos) break;
    rest = trimmed(rest.substr(comma + 1));
    if (rest.empty()) fail(name, "nothing behind the last ',' in " + in_quotes(text));
  }
}

std::string write_spec(std::string_view name, std::span<const NamedNumber> numbers,
                       std::span<const NamedNumber> defaults) {
  std::string list;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (*numbers[i].value == *defaults[i].value) continue;
    list.append(list.empty() ? "" : ",").append(numbers[i].name).append("=");
    list.append(write_number(*numbers[i].value));
  }
  return list.empty() ? std::string(name) : std::string(name) + "(" + list + ")";
}

}  // namespace actfn
