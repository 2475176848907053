// SPDX-License-Identifier: Apache-2.0
// All functions of all lists, and the one grammar of functions as text.
#pragma once

#include "catalogue/descriptor.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::functions {

// In the order of catalogue().
std::span<const Descriptor* const> all_functions();
const Descriptor& descriptor_of_any(const Function& f);

Lengths lengths_of(const Function& f);

template <class List>
List rounded_to_float32(List f) {
  round_to_float32(descriptor(f), leaf_of(f));
  return f;
}

// In the order of Kind.
inline constexpr std::string_view kKindNames[] = {"elementwise", "row",     "gate",
                                                  "random",      "learned", "grouped"};

// What f is, by its list: "a row function".
std::string_view described(const Function& f);

// Without the white space around it.
std::string_view trimmed(std::string_view text);
// The parts between separators that are outside of parentheses and brackets; at least one.
std::vector<std::string_view> split(std::string_view text, char separator);

bool is_function(const ParameterInfo& p);
bool holds(const ParameterInfo& p, double value);
// Throws Error: the value is out of range.
[[noreturn]] void fail_condition(std::string_view who, const ParameterInfo& p, double value);
// What the leaf has for p, as the grammar writes it.
std::string value_text(const Descriptor& function, const ParameterInfo& p, void* leaf);
// name(parameter=value,…), with the parameters that differ from their defaults.
std::string write(const Descriptor& function, void* leaf);

}  // namespace actfn::functions
