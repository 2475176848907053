// SPDX-License-Identifier: Apache-2.0
#include "catalogue/number.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

namespace actfn {
namespace {

bool is_hex(std::string_view digits) {
  return digits.size() > 2 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
}

// from_chars reports both ends of the range alike: the place of the first digit that is not 0,
// and the exponent, tell which it was.
template <class T>
T out_of_range(std::string_view text, std::chars_format format) {
  const bool hex = format == std::chars_format::hex;
  const auto mark = std::min(text.find_first_of(hex ? "pP" : "eE"), text.size());
  const std::string_view digits = text.substr(0, mark);
  const auto point = std::min(digits.find('.'), digits.size());
  const auto first = digits.find_first_not_of("0.");
  const double place = static_cast<double>(point) - static_cast<double>(first);
  double exponent = 0;
  std::string_view tail = text.substr(std::min(mark + 1, text.size()));
  if (tail.starts_with('+')) tail.remove_prefix(1);
  if (std::from_chars(tail.data(), tail.data() + tail.size(), exponent).ec ==
      std::errc::result_out_of_range) {
    exponent = tail.starts_with('-') ? -1e300 : 1e300;
  }
  const bool small = (hex ? 4 * place : place) + exponent < 0;
  return small ? T(0) : std::numeric_limits<T>::infinity();
}

// "nan(7)", "0xinf" and "0x1p+-1" are what from_chars takes and people do not mean.
bool is_plain(std::string_view text, bool hex) {
  const auto is_sign = [](char c) { return c == '+' || c == '-'; };
  const auto two_signs = [&](char a, char b) { return is_sign(a) && is_sign(b); };
  if (text.find('(') != std::string_view::npos) return false;
  if (std::ranges::adjacent_find(text, two_signs) != text.end()) return false;
  return !hex || text.front() == '.' ||
         std::isxdigit(static_cast<unsigned char>(text.front())) != 0;
}

template <class T>
std::string shortest(T value) {
  if (std::isnan(value)) return "nan";
  char buffer[32];
  const auto result = std::to_chars(std::begin(buffer), std::end(buffer), value);
  return {std::begin(buffer), result.ptr};
}

}  // namespace

template <class T>
std::optional<T> read_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.front() == '-' || text.front() == '+') return std::nullopt;
  auto format = std::chars_format::general;
  if (is_hex(text)) {
    text.remove_prefix(2);
    format = std::chars_format::hex;
  }
  if (!is_plain(text, format == std::chars_format::hex)) return std::nullopt;
  T value = 0;
  const auto* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value, format);
  if (at != end || error == std::errc::invalid_argument) return std::nullopt;
  if (error == std::errc::result_out_of_range) value = out_of_range<T>(text, format);
  return negative ? -value : value;
}

template std::optional<float> read_number<float>(std::string_view text);
template std::optional<double> read_number<double>(std::string_view text);

std::string write_number(float value) { return shortest(value); }
std::string write_number(double value) { return shortest(value); }

std::string write_both(double value) {
  const auto single = static_cast<float>(value);
  const std::string text = write_number(value);
  // std::rint(nan) is not nan.
  if (single == value || single != std::rint(single)) return text;
  return text + " (" + write_number(single) + " as float32)";
}

}  // namespace actfn
