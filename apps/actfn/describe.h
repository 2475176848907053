// SPDX-License-Identifier: Apache-2.0
// Functions in words and in JSON, for list and show.
#pragma once

#include <actfn/catalogue.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace actfn::app {

// "softplus(beta=1,threshold=20)", "softcap(cap)": all parameters with their defaults, or only by
// name where there is none.
std::string signature(const FunctionInfo& info);

// What functions of this kind read to compute one element.
std::string_view summary(Kind kind);

// "row": throws Error("[list] unknown kind …") for anything else.
Kind parse_kind(std::string_view name);

// All that the catalogue says.
nlohmann::ordered_json json_of(const FunctionInfo& info);
nlohmann::ordered_json json_of(const Alias& alias);
// 0.01, not 0.00999999978; "inf" and the like as text, which JSON has no numbers for.
nlohmann::ordered_json json_of(double value);
nlohmann::ordered_json json_of(float value);

}  // namespace actfn::app
