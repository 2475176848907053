// SPDX-License-Identifier: Apache-2.0
#include "catalogue/grammar.h"
#include "catalogue/lists.h"
#include "catalogue/number.h"

#include <cmath>
#include <vector>

namespace actfn {
namespace {

std::optional<std::size_t> read_length(std::string_view text) {
  const auto number = read_number<double>(functions::trimmed(text));
  const bool good = number && *number >= 0 && *number <= 0x1p53 && *number == std::floor(*number);
  return good ? std::optional(static_cast<std::size_t>(*number)) : std::nullopt;
}

bool is_inside(std::string_view text, char begin, char end) {
  return text.size() > 1 && text.front() == begin && text.back() == end;
}

}  // namespace

std::optional<Shape> read_shape(std::string_view text) {
  const bool in_python = is_inside(text, '(', ')') || is_inside(text, '[', ']');
  if (in_python) text = text.substr(1, text.size() - 2);
  auto parts = functions::split(text, in_python ? ',' : 'x');
  if (in_python && functions::trimmed(parts.back()).empty()) parts.pop_back();
  if (parts.size() > kMaxDimensions) return std::nullopt;
  std::vector<std::size_t> lengths;
  for (const std::string_view part : parts) {
    const auto length = read_length(part);
    if (!length) return std::nullopt;
    lengths.push_back(*length);
  }
  return Shape(lengths);
}

}  // namespace actfn
