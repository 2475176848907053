// SPDX-License-Identifier: Apache-2.0
// The values of a function at a few points, as show gives them.
#pragma once

#include <actfn/catalogue.h>

#include <nlohmann/json.hpp>
#include <string>

namespace actfn::app {

// A table of f and its derivatives; for gates, over a grid of both operands; for functions of a row
// and grouped ones, a row and its result.
std::string values_text(const Function& f);
nlohmann::ordered_json values_json(const Function& f);

}  // namespace actfn::app
