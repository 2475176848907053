// SPDX-License-Identifier: Apache-2.0
// Formulas as a reader wants them.
#pragma once

#include <actfn/catalogue.h>

#include <string>
#include <string_view>

namespace actfn::lab::report {

// The formula of f with the values of its parameters put in: "x if x > 0; else 0.3 · x".
std::string formula_of(const Function& f);

// "x * sqrt(x^2 - 1)" as "x · √(x² − 1)"; "a ? b : c" as "b if a; else c".
std::string readable(std::string_view formula);

// A readable formula as HTML: letters of one sign slanted, what follows "_" as an index.
std::string formula_html(std::string_view readable);

}  // namespace actfn::lab::report
