// SPDX-License-Identifier: Apache-2.0
#include "catalogue/quote.h"

#include <algorithm>

namespace actfn {
namespace {

constexpr std::size_t kMost = 60;

void append_escaped(std::string& out, unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out.append("\\x");
  out.push_back(kDigits[byte >> 4U]);
  out.push_back(kDigits[byte & 15U]);
}

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

std::string in_quotes(std::string_view text) {
  std::size_t length = std::min(text.size(), kMost);
  while (length < text.size() && length > 0 && continues_character(text[length])) --length;
  std::string out = "'";
  for (const char c : text.substr(0, length)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      append_escaped(out, byte);
    } else {
      out.push_back(c);
    }
  }
  return out + (length < text.size() ? "…'" : "'");
}

}  // namespace actfn
