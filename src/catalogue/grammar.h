// SPDX-License-Identifier: Apache-2.0
// Parts of the grammar of functions, for other texts that are written alike.
#pragma once

#include <actfn/accuracy.h>
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
// "name(list)@accuracy": the function's text, and the accuracy; accurate where there is none.
// Throws Error("[gelu] accuracy must be accurate, fast or nearest, got 'quick'").
struct WithAccuracy {
  std::string_view function;
  Accuracy accuracy = Accuracy::accurate;
};
WithAccuracy with_accuracy(std::string_view spec);
// Throws Error where a text that has no place for an accuracy has one.
void refuse_accuracy(std::string_view spec);

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
