// SPDX-License-Identifier: Apache-2.0
// The header of an array: a dictionary as Python writes it, with three keys.
#include "catalogue/quote.h"
#include "data/failure.h"
#include "data/npy.h"

#include <charconv>

namespace actfn::data {
namespace {

class HeaderParser {
 public:
  HeaderParser(const std::filesystem::path& file, std::string_view text)
      : file_(file), text_(text), rest_(text) {}

  NpyHeader parse() {
    NpyHeader header;
    unsigned seen = 0;
    expect("{");
    while (!take("}")) {
      seen += entry(header);
      if (!take(",") && !is_next("}")) fail_here();
    }
    skip_blanks();
    if (!rest_.empty() || seen != 7) fail_here();
    return header;
  }

 private:
  // A different bit for each key.
  unsigned entry(NpyHeader& header) {
    const std::string key = text();
    expect(":");
    if (key == "descr") {
      if (is_next("[")) fail(file_, "is a structured array, of several types");
      header.type = text();
      return 1;
    }
    if (key == "fortran_order") {
      header.is_fortran = take("True");
      if (!header.is_fortran) expect("False");
      return 2;
    }
    if (key != "shape") fail_here();
    shape(header.shape);
    return 4;
  }

  void shape(std::vector<std::size_t>& sizes) {
    expect("(");
    while (!take(")")) {
      skip_blanks();
      std::size_t size = 0;
      const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), size);
      if (error != std::errc()) fail_here();
      rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
      take("L");  // of Python 2
      sizes.push_back(size);
      if (sizes.size() > 32) fail(file_, "has more than 32 dimensions");
      if (!take(",") && !is_next(")")) fail_here();
    }
  }

  std::string text() {
    skip_blanks();
    if (rest_.empty() || (rest_[0] != '\'' && rest_[0] != '"')) fail_here();
    const std::size_t end = rest_.find(rest_[0], 1);
    if (end == std::string_view::npos) fail_here();
    std::string found(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return found;
  }

  void skip_blanks() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n')) rest_.remove_prefix(1);
  }
  bool is_next(std::string_view word) {
    skip_blanks();
    return rest_.starts_with(word);
  }
  bool take(std::string_view word) {
    const bool found = is_next(word);
    if (found) rest_.remove_prefix(word.size());
    return found;
  }
  void expect(std::string_view word) {
    if (!take(word)) fail_here();
  }
  [[noreturn]] void fail_here() const {
    fail(file_, "its header is not one of npy: " + in_quotes(text_));
  }

  const std::filesystem::path& file_;
  std::string_view text_;
  std::string_view rest_;
};

}  // namespace

NpyHeader parse_npy_header(const std::filesystem::path& file, std::string_view text) {
  return HeaderParser(file, text).parse();
}

}  // namespace actfn::data
