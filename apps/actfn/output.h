// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::app {

// To standard output; throws std::runtime_error where that fails (a full disk). Where its reader
// has left, SIGPIPE ends the program, as is usual.
void print(std::string_view text);

// To standard error. No result depends on it, so nothing happens where that fails.
void note(std::string_view text);

// From here on, a reader of standard error who leaves and a limit for files end no command; print()
// and what writes files notice.
void ignore_output_signals();

struct Terminal {
  bool is_terminal = false;
  bool colour = false;  // a terminal, NO_COLOR unset, TERM not dumb
  int columns = 80;
  int rows = 24;
};
Terminal terminal(int descriptor);
// Standard error; a terminal where lines may be drawn over.
Terminal drawing_terminal();

// Of wrapped text.
inline constexpr std::size_t kTextWidth = 80;

// The text without what goes beyond `most` characters, "…" in its place.
std::string cut(const std::string& utf8, std::size_t most);

// The text in lines of at most `most` characters (a longer word keeps a line of its own), all but
// the first indented; `head` begins the first. Each line is ended.
std::string wrapped(std::string_view utf8, std::size_t most, std::size_t indent = 0,
                    std::string head = {});

// Columns as wide as their widest cell, two spaces between them; numbers flush right.
class Table {
 public:
  explicit Table(std::vector<std::string> heading) { rows_.push_back(std::move(heading)); }
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  // `left`: how many columns, from the first, are flush left.
  std::string text(std::size_t left) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace actfn::app
