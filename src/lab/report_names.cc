// SPDX-License-Identifier: Apache-2.0
#include "lab/report_names.h"

#include "lab/report_text.h"

#include <algorithm>

namespace actfn::lab::report {
namespace {

// The longest of the names that stands at `at` as a word of its own.
std::size_t name_at(std::string_view text, std::size_t at, const Overview& overview) {
  if (at > 0 && part_of_name(text[at - 1])) return 0;
  std::size_t longest = 0;
  for (const Series& s : overview.series) {
    const std::size_t end = at + s.name.size();
    const bool ends = end >= text.size() || (!part_of_name(text[end]) && text[end] != '(');
    if (ends && text.substr(at).starts_with(s.name)) longest = std::max(longest, s.name.size());
  }
  return longest;
}

}  // namespace

std::string with_names_set(std::string_view text, const Overview& overview) {
  std::string out;
  std::size_t plain = 0;  // start of what is not yet written
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = name_at(text, i, overview);
    if (length == 0) {
      ++i;
      continue;
    }
    out += escape(typeset(text.substr(plain, i - plain))) + "<code>";
    out += breakable(text.substr(i, length)) + "</code>";
    plain = i += length;
  }
  return out + escape(typeset(text.substr(plain)));
}

std::string shell_quoted(std::string_view word) {
  const auto safe = [](char c) {
    return part_of_name(c) || std::string_view("-+./:,=@%").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), safe)) return std::string(word);
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? R"('\'')" : std::string(1, c);
  return out + "'";
}

}  // namespace actfn::lab::report
