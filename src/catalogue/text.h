// The one grammar of functions as text, `name(parameter=value,…)`, and the checks of parameters.
// Leaves: see catalogue/descriptor.h.
#pragma once

#include "catalogue/descriptor.h"

#include <string>
#include <string_view>
#include <vector>

namespace actfn::functions {

// Without the white space around it.
std::string_view trimmed(std::string_view text);

// The parts between separators that are outside of parentheses; at least one.
std::vector<std::string_view> split(std::string_view text, char separator);

// The name and the parameters that differ from their defaults.
std::string write(const Descriptor& function, void* leaf);

// Throws Error where a parameter is out of range.
void demand(const Descriptor& function, void* leaf);

}  // namespace actfn::functions
