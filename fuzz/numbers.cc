// SPDX-License-Identifier: Apache-2.0
// The numbers that eval reads: lines of text, words, bytes.
#include "numbers.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>

#include "kernels/type.h"
#include "support/require.h"
#include "support/stream.h"

namespace actfn::fuzz {
namespace {

template <Element T>
void require_rows(const app::NumberRows<T>& rows) {
  require(std::accumulate(rows.lengths.begin(), rows.lengths.end(), std::size_t{0}) ==
              rows.numbers.size(),
          "rows do not have all numbers");
  require(std::ranges::none_of(rows.lengths, [](std::size_t n) { return n == 0; }), "an empty row");
}

template <Element T>
void require_same(const app::NumberRows<T>& a, const app::NumberRows<T>& b) {
  require(a.lengths == b.lengths, "rows read back with other lengths");
  for (std::size_t i = 0; i < a.numbers.size(); ++i) {
    const auto v = static_cast<double>(a.numbers[i]);
    const auto w = static_cast<double>(b.numbers[i]);
    require((std::isnan(v) && std::isnan(w)) || v == w, "a number reads back as another");
  }
}

template <Element T>
std::string text_of(const app::NumberRows<T>& rows) {
  std::string text;
  std::size_t at = 0;
  for (const std::size_t length : rows.lengths) {
    for (std::size_t i = 0; i < length; ++i) text += app::text_of(rows.numbers[at++]) + " ";
    text += "\n";
  }
  return text;
}

template <Element T>
void check_text(const std::string& text) {
  app::NumberRows<T> rows;
  const bool is_read = error_of([&] { rows = app::read_text<T>(text); }).empty();
  require_rows(rows);
  require_same(rows, app::read_text<T>(text_of(rows)));
  // Every line may begin with a byte order mark, as concatenated files have them, a word once.
  if (text.find("\n\xEF\xBB\xBF") != std::string::npos) return;
  app::NumberRows<T> words;
  const std::array<std::string, 1> one = {text};
  const bool are_words = error_of([&] { words = app::read_words<T>(one); }).empty();
  // A line without numbers is skipped, such a word refused.
  require((is_read && !rows.numbers.empty()) == are_words &&
              words.numbers.size() == (are_words ? rows.numbers.size() : 0),
          "lines and words disagree");
}

template <Element T>
void check_bytes(const std::string& bytes) {
  app::NumberRows<T> rows;
  const bool is_read = error_of([&] { rows = app::read_bytes<T>(bytes); }).empty();
  require(is_read == (bytes.size() % sizeof(T) == 0), "bytes are refused or taken wrongly");
  require_rows(rows);
  if (is_read) require(app::bytes_of<T>(rows.numbers) == bytes, "bytes have changed");
}

void check(Stream in) {
  const auto type = static_cast<Type>(in.below(4));
  const std::string text(in.rest());
  kernels::for_type(type, [&]<class T>() {
    check_text<T>(text);
    check_bytes<T>(text);
  });
  error_of([&] { app::parse_row(text); });
}

}  // namespace
}  // namespace actfn::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  actfn::fuzz::check({data, size});
  return 0;
}
