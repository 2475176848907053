// SPDX-License-Identifier: Apache-2.0
// The numbers that eval reads and writes: text, or the bytes of one type.
#pragma once

#include <actfn/types.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::app {

template <Element T>
struct NumberRows {
  std::vector<T> numbers;
  std::vector<std::size_t> lengths;  // of the rows, none of them 0
};

// Each throws Error for what is not a number. Text has numbers between white space or commas,
// decimal or C99 hex; a line of it is a row.
template <Element T>
NumberRows<T> read_text(const std::string& text);
template <Element T>
NumberRows<T> read_words(std::span<const std::string> words);  // one row
template <Element T>
NumberRows<T> read_bytes(const std::string& bytes);  // one row, little-endian

// "1,2,3"
std::vector<float> parse_row(const std::string& text);

// The shortest decimal that reads back the same.
template <Element T>
std::string text_of(T value);

template <Element T>
std::string_view bytes_of(std::span<const T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

// Throws std::runtime_error where standard input cannot be read.
std::string read_standard_input();

}  // namespace actfn::app
