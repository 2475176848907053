// SPDX-License-Identifier: Apache-2.0
// Checks parameters. Nothing here refers to the list of all functions.
#include <actfn/target.h>

#include "catalogue/error.h"
#include "catalogue/lists.h"
#include "catalogue/number.h"
#include "catalogue/suggest.h"

namespace actfn::functions {

bool is_function(const ParameterInfo& p) { return p.type == ParameterInfo::Type::function; }

bool holds(const ParameterInfo& p, double value) {
  const auto choices = static_cast<double>(p.choices.size());
  return p.holds(value) && (p.type != ParameterInfo::Type::choice || value < choices);
}

[[noreturn]] void fail_condition(std::string_view who, const ParameterInfo& p, double value) {
  const bool choice = !p.choices.empty();
  fail(who, {p.name, " must be ", choice ? listed(p.choices) : std::string(p.condition), ", got ",
             write_both(value)});
}

std::string value_text(const Descriptor& function, const ParameterInfo& p, void* leaf) {
  if (is_function(p)) return function.nested->text(*p.function_of(leaf));
  const double value = p.number_of(leaf);
  if (p.choices.empty() || !holds(p, value)) return write_number(value);
  return std::string(p.choices[static_cast<std::size_t>(value)]);
}

void demand(const Descriptor& function, const void* parameters) {
#ifdef ACTFN_MAY_LACK_TARGET
  target();  // throws where this CPU cannot run the code of function.conflict()
#endif
  void* const leaf = const_cast<void*>(parameters);  // which nothing here writes
  const FunctionInfo& known = function.info;
  for (const ParameterInfo& p : known.parameters) {
    if (is_function(p)) {
      function.nested->demand(*p.function_of(leaf));
    } else if (const double value = p.number_of(leaf); !holds(p, value)) {
      fail_condition(known.name, p, value);
    }
  }
  const std::string_view conflict = function.conflict(leaf);
  if (conflict.empty()) return;
  std::string values;
  for (const ParameterInfo& p : known.parameters) {
    values.append(values.empty() ? "" : ", ").append(p.name).append("=");
    values.append(value_text(function, p, leaf));
  }
  fail(known.name, {conflict, ", got ", values});
}

}  // namespace actfn::functions
