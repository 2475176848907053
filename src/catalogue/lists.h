// All functions of all lists.
#pragma once

#include "catalogue/descriptor.h"

#include <span>
#include <string_view>

namespace actfn::functions {

// In the order of catalogue().
std::span<const Descriptor* const> all_functions();
const Descriptor& descriptor_of_any(const Function& f);

Lengths lengths_of(const Function& f);

// "a row function"
std::string_view with_article(Kind kind);

}  // namespace actfn::functions
