// SPDX-License-Identifier: Apache-2.0
// Words and numbers as the report writes them.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab::report {

// Safe as HTML text and inside a quoted attribute.
std::string escape(std::string_view text);

// The same, with places to break a long name: before its parameters and between them.
std::string breakable(std::string_view name);

// A text with the signs that print has: "1e-05" as "1 × 10⁻⁵", and minus signs before numbers.
std::string typeset(std::string_view text);

// Four decimals, or four significant digits where those would hide the value; "–" for no number.
std::string number(double x);

// A share of 1 as "87.80 %"; a difference of shares as "0.50 points".
std::string percent(double share);
std::string points(double difference);

// By how much a is above b, as "5.4 %".
std::string excess(double a, double b);

std::string seconds(double s);    // "107 µs", "12.5 ms", "2.05 s"
std::string wall_time(double s);  // "1 h 4 min"

std::string grouped(std::size_t n);  // "60,000"

// "1 seed", "5 seeds".
template <std::integral N>
std::string counted(N n, std::string_view noun) {
  return std::to_string(n).append(" ").append(noun).append(n == 1 ? "" : "s");
}

// "a", "a and b", "a, b and c"; past `limit`, "a, b and 5 others".
std::string listing(const std::vector<std::string>& names, std::size_t limit = 4);

// "leaky_relu(negative_slope=0.3)" as "leaky_relu(0.3)", cut where a label has no room for more.
std::string short_name(std::string_view name);

// A letter, digit or '_'.
bool part_of_name(char c);

// Of characters, not bytes, as far as labels go.
std::size_t width(std::string_view utf8);

}  // namespace actfn::lab::report
