#include "api/number.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

namespace actfn {
namespace {

bool is_hex(std::string_view digits) {
  return digits.size() > 2 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
}

// from_chars reports both ends of the range alike: the exponent tells which it was.
float out_of_range(std::string_view digits, std::chars_format format) {
  double wide = 0;
  const auto* const end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, wide, format);
  if (error == std::errc()) return static_cast<float>(wide);
  const auto mark = digits.find_first_of(format == std::chars_format::hex ? "pP" : "eE");
  const bool small = mark == std::string_view::npos ? digits.front() == '0' || digits.front() == '.'
                                                    : digits.substr(mark + 1).starts_with('-');
  return small ? 0.0F : std::numeric_limits<float>::infinity();
}

}  // namespace

std::optional<float> read_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.front() == '-' || text.front() == '+') return std::nullopt;
  auto format = std::chars_format::general;
  if (is_hex(text)) {
    text.remove_prefix(2);
    format = std::chars_format::hex;
    if (text.front() == '-') return std::nullopt;
  }
  float value = 0;
  const auto* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value, format);
  if (at != end || error == std::errc::invalid_argument) return std::nullopt;
  if (error == std::errc::result_out_of_range) value = out_of_range(text, format);
  return negative ? -value : value;
}

std::string write_number(float value) {
  if (std::isnan(value)) return "nan";
  char buffer[32];
  const auto result = std::to_chars(std::begin(buffer), std::end(buffer), value);
  return {std::begin(buffer), result.ptr};
}

}  // namespace actfn
