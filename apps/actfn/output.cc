// SPDX-License-Identifier: Apache-2.0
#include "output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace actfn::app {

namespace {

void (*g_broken_pipe)(int) = SIG_DFL;  // as whoever started us wants it

}  // namespace

void ignore_output_signals() {
  g_broken_pipe = std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

void print(std::string_view text) {
  const bool whole =
      text.empty() || std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (whole && std::fflush(stdout) == 0) return;
  if (errno == EPIPE) {
    std::signal(SIGPIPE, g_broken_pipe);
    std::raise(SIGPIPE);
    errno = EPIPE;
  }
  throw std::runtime_error(std::string("cannot write to standard output: ") + std::strerror(errno));
}

void note(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

Terminal terminal(int descriptor) {
  Terminal t;
  t.is_terminal = isatty(descriptor) != 0;
  if (!t.is_terminal) return t;
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  t.colour = (no_color == nullptr || *no_color == '\0') && term != nullptr &&
             std::strcmp(term, "dumb") != 0;
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    t.columns = size.ws_col;
    t.rows = size.ws_row;
  }
  return t;
}

Terminal drawing_terminal() {
  Terminal t = terminal(STDERR_FILENO);
  const char* term = std::getenv("TERM");
  if (term == nullptr || std::strcmp(term, "dumb") == 0) t.is_terminal = false;
  return t;
}

namespace {

// Of characters, not bytes.
bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

std::size_t width(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), begins_character));
}

}  // namespace

std::string cut(const std::string& utf8, std::size_t most) {
  if (width(utf8) <= most) return utf8;
  std::size_t seen = 0;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    if (begins_character(utf8[i]) && ++seen == most) return utf8.substr(0, i) + "…";
  }
  return utf8;
}

std::string wrapped(std::string_view utf8, std::size_t most, std::size_t indent, std::string head) {
  std::string all;
  std::string line = std::move(head);
  bool has_word = false;
  while (!utf8.empty()) {
    const std::string_view word = utf8.substr(0, utf8.find(' '));
    utf8.remove_prefix(std::min(utf8.size(), word.size() + 1));
    if (has_word && width(line) + 1 + width(word) > most) {
      all += line + "\n";
      line.assign(indent, ' ');
      has_word = false;
    }
    line.append(has_word ? " " : "").append(word);
    has_word = true;
  }
  return all + line + "\n";
}

std::string Table::text(std::size_t left) const {
  std::vector<std::size_t> widths(rows_.front().size());
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string all;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string space(widths[i] - width(row[i]), ' ');
      line += i == 0 ? "" : "  ";
      line += i < left ? row[i] + space : space + row[i];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    all += line + "\n";
  }
  return all;
}

}  // namespace actfn::app
