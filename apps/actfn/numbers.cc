// SPDX-License-Identifier: Apache-2.0
#include "numbers.h"

#include <actfn/error.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <type_traits>

#include "catalogue/number.h"
#include "catalogue/quote.h"
#include "output.h"

namespace actfn::app {
namespace {

template <class T>
T to_number(std::string_view word, const std::string& where) {
  // What has 16 bits goes by way of float32, as it does in files and in other programs.
  using Read = std::conditional_t<std::is_same_v<T, double>, double, float>;
  if (const auto value = read_number<Read>(word)) return T(*value);
  throw Error(where + ": " + in_quotes(word) + " is not a number");
}

template <class T>
void read_line(std::string_view line, const std::string& where, std::vector<T>& x) {
  constexpr std::string_view kBetween = " \t\r\n\v\f,";
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";  // of files that editors saved
  if (line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  for (auto at = line.find_first_not_of(kBetween); at != std::string_view::npos;
       at = line.find_first_not_of(kBetween, at)) {
    const auto end = std::min(line.find_first_of(kBetween, at), line.size());
    x.push_back(to_number<T>(line.substr(at, end - at), where));
    at = end;
  }
}

template <class T>
NumberRows<T> one_row(std::vector<T> numbers) {
  NumberRows<T> rows{std::move(numbers), {}};
  if (!rows.numbers.empty()) rows.lengths.push_back(rows.numbers.size());
  return rows;
}

}  // namespace

template <Element T>
NumberRows<T> read_text(const std::string& text) {
  NumberRows<T> rows;
  std::size_t number = 1;
  for (std::size_t at = 0; at < text.size(); ++number) {
    const auto end = std::min(text.find('\n', at), text.size());
    const std::size_t before = rows.numbers.size();
    read_line(std::string_view(text).substr(at, end - at), "[eval] line " + std::to_string(number),
              rows.numbers);
    if (rows.numbers.size() > before) rows.lengths.push_back(rows.numbers.size() - before);
    at = end + 1;
  }
  return rows;
}

template <Element T>
NumberRows<T> read_words(std::span<const std::string> words) {
  std::vector<T> x;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string where = "[eval] number " + std::to_string(i + 1);
    const std::size_t before = x.size();
    read_line(words[i], where, x);
    if (x.size() == before) throw Error(where + ": " + in_quotes(words[i]) + " is not a number");
  }
  return one_row(std::move(x));
}

template <Element T>
NumberRows<T> read_bytes(const std::string& bytes) {
  static_assert(std::endian::native == std::endian::little);
  if (bytes.size() % sizeof(T) != 0) {
    throw Error("[eval] --raw: the number of bytes must be a multiple of " +
                std::to_string(sizeof(T)) + ", the size of a " + kTypeName<T> + ", got " +
                std::to_string(bytes.size()));
  }
  std::vector<T> x(bytes.size() / sizeof(T));
  if (!x.empty()) std::memcpy(x.data(), bytes.data(), bytes.size());
  return one_row(std::move(x));
}

std::vector<float> parse_row(const std::string& text) {
  std::vector<float> row;
  read_line(text, "[plot] row", row);
  if (row.empty()) throw Error("[plot] row must have a number, got none");
  return row;
}

template <Element T>
std::string text_of(T value) {
  if constexpr (std::is_same_v<T, double>) {
    return write_number(value);
  } else {
    return write_number(static_cast<float>(value));
  }
}

std::string read_standard_input() {
  if (isatty(STDIN_FILENO) != 0) {
    note("Type numbers, separated by spaces or lines; Ctrl-D ends them.\n");
  }
  std::string text;
  std::array<char, 1U << 16U> buffer;
  while (const auto got = std::fread(buffer.data(), 1, buffer.size(), stdin)) {
    text.append(buffer.data(), got);
  }
  if (std::ferror(stdin) != 0) {
    throw std::runtime_error(std::string("[eval] cannot read standard input: ") +
                             std::strerror(errno));
  }
  return text;
}

#define ACTFN_FOR_TYPE(T)                                             \
  template NumberRows<T> read_text<T>(const std::string&);            \
  template NumberRows<T> read_words<T>(std::span<const std::string>); \
  template NumberRows<T> read_bytes<T>(const std::string&);           \
  template std::string text_of<T>(T);
ACTFN_FOR_TYPE(float)
ACTFN_FOR_TYPE(double)
ACTFN_FOR_TYPE(bfloat16)
ACTFN_FOR_TYPE(float16)
#undef ACTFN_FOR_TYPE

}  // namespace actfn::app
