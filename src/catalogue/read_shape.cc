// SPDX-License-Identifier: Apache-2.0
#include "catalogue/grammar.h"
#include "catalogue/lists.h"
#include "catalogue/number.h"

#include <cmath>
#include <vector>

namespace actfn {
namespace {

constexpr auto kMostLength = std::int64_t{1} << 53;

bool is_inside(std::string_view text, char begin, char end) {
  return text.size() > 1 && text.front() == begin && text.back() == end;
}

}  // namespace

std::optional<std::int64_t> read_whole(std::string_view text, std::int64_t most) {
  const auto number = read_number<double>(text);
  const bool fits =
      number && std::abs(*number) <= static_cast<double>(most) && *number == std::floor(*number);
  return fits ? std::optional(static_cast<std::int64_t>(*number)) : std::nullopt;
}

std::optional<Shape> read_shape(std::string_view text) {
  const bool in_python = is_inside(text, '(', ')') || is_inside(text, '[', ']');
  if (in_python) text = text.substr(1, text.size() - 2);
  auto parts = functions::split(text, in_python ? ',' : 'x');
  if (in_python && functions::trimmed(parts.back()).empty()) parts.pop_back();
  if (parts.size() > kMaxDimensions) return std::nullopt;
  std::vector<std::size_t> lengths;
  for (const std::string_view part : parts) {
    const auto length = read_whole(functions::trimmed(part), kMostLength);
    if (!length || *length < 0) return std::nullopt;
    lengths.push_back(static_cast<std::size_t>(*length));
  }
  return Shape(lengths);
}

}  // namespace actfn
