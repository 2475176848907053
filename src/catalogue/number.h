// SPDX-License-Identifier: Apache-2.0
// Numbers as text, the same in parse(), to_string() and the command line.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace actfn {

// The number of type T (float or double) nearest to a decimal or C99 hex number, "inf" or "nan",
// signs included; nothing where the text is anything else. Locale plays no part. Beyond the range:
// ±inf or ±0.
template <class T>
std::optional<T> read_number(std::string_view text);

// The shortest decimal that reads back the same.
std::string write_number(float value);
std::string write_number(double value);

// For messages: the number, and behind it what arrays of float32 read where that is a whole number
// or infinite and the number is not: "1e-46 (0 as float32)".
std::string write_both(double value);

}  // namespace actfn
