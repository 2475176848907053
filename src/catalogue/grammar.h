// SPDX-License-Identifier: Apache-2.0
// Parts of the grammar of functions, for other texts that are written alike.
#pragma once

#include <actfn/tensor.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace actfn {
namespace functions {

// "name(list)": the name, and the place of the first parenthesis, or the end.
struct Parts {
  std::string_view text, name;
  std::size_t open;
};
Parts parts_of(std::string_view text);
// What stands between the parentheses. Throws Error, which names `who`, where one is missing or
// something follows.
std::string_view list_of(std::string_view who, const Parts& parts);

}  // namespace functions

// A whole number as read_number() reads one, "1e3" or "0x10", from -most to most. Nothing where it
// is anything else. most <= 2^53.
std::optional<std::int64_t> read_whole(std::string_view text, std::int64_t most);

// "3x4" as text() writes a shape, or as in Python: "(3, 4)", "[3, 4]", "(3,)". Nothing where it is
// anything else.
std::optional<Shape> read_shape(std::string_view text);

}  // namespace actfn
