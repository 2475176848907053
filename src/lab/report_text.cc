// SPDX-License-Identifier: Apache-2.0
#include "lab/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace actfn::lab::report {
namespace {

constexpr std::size_t kLongestLabel = 20;
constexpr double kMinute = 60;
constexpr double kHour = 3600;

constexpr const char* kNoBreakSpace = "\u00a0";

// What stands for a character that HTML gives a meaning to; empty for any other.
std::string_view entity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return "";
  }
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A sign and digits, as far as they go: "-05" as "⁻⁵".
std::string raised(std::string_view exponent) {
  constexpr const char* kDigits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string out = exponent[0] == '-' ? "⁻" : "";
  std::size_t i = 1;
  while (i + 1 < exponent.size() && exponent[i] == '0' && is_digit(exponent[i + 1])) ++i;
  for (; i < exponent.size() && is_digit(exponent[i]); ++i) out += kDigits[exponent[i] - '0'];
  return out;
}

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

std::string cut(std::string text) {
  if (width(text) <= kLongestLabel) return text;
  std::size_t bytes = 0;
  for (std::size_t n = 0; bytes < text.size(); ++bytes) {
    if (!continues_character(text[bytes]) && n++ == kLongestLabel - 1) break;
  }
  return text.substr(0, bytes) + "…";
}

}  // namespace

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    // A number stays with its per cent sign.
    if (c == '%' && out.ends_with(' ')) out.replace(out.size() - 1, 1, kNoBreakSpace);
    out += entity(c);
    // Control characters are not allowed in HTML, however they are written.
    if (entity(c).empty()) out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return out;
}

std::string breakable(std::string_view name) {
  std::string out;
  std::size_t start = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '(' && name[i] != ',') continue;
    out += escape(name.substr(start, i + 1 - start)) + "<wbr>";
    start = i + 1;
  }
  return out + escape(name.substr(start));
}

std::string typeset(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool after_digit = i > 0 && is_digit(text[i - 1]);
    const bool exponent = after_digit && text[i] == 'e' && i + 2 < text.size() &&
                          (text[i + 1] == '-' || text[i + 1] == '+') && is_digit(text[i + 2]);
    if (exponent) {
      out += " × 10" + raised(text.substr(i + 1));
      while (i + 1 < text.size() && (is_digit(text[i + 1]) || !is_digit(text[i]))) ++i;
      continue;
    }
    const bool starts =
        i == 0 || std::string_view(" (,[").find(text[i - 1]) != std::string_view::npos;
    const bool minus = text[i] == '-' && starts && i + 1 < text.size() && is_digit(text[i + 1]);
    out += minus ? "−" : std::string(1, text[i]);
  }
  return out;
}

std::string number(double x) {
  if (!std::isfinite(x)) return "–";
  const double size = std::fabs(x);
  const bool plain = size == 0 || (size >= 0.01 && size < 100);
  return plain ? fmt::format("{:.4f}", x) : fmt::format("{:.4g}", x);
}

std::string percent(double share) {
  return std::isfinite(share) ? fmt::format("{:.2f} %", 100 * share) : "–";
}

std::string points(double difference) {
  if (!std::isfinite(difference)) return "–";
  if (difference > 0 && difference < 0.5e-4) return "less than 0.01 points";
  return fmt::format("{:.2f} points", 100 * difference);
}

std::string excess(double a, double b) {
  const double share = 100 * (a - b) / b;
  if (!std::isfinite(share)) return "–";
  if (share < 0.1) return "less than 0.1 %";
  return share < 10 ? fmt::format("{:.1f} %", share) : fmt::format("{:.0f} %", share);
}

std::string seconds(double s) {
  if (!std::isfinite(s)) return "–";
  if (s < 0.9995e-3) return fmt::format("{:.3g} µs", 1e6 * s);
  return s < 0.9995 ? fmt::format("{:.3g} ms", 1e3 * s) : fmt::format("{:.2f} s", s);
}

std::string wall_time(double s) {
  if (!std::isfinite(s) || s < 0) return "–";
  if (s < kMinute) return fmt::format("{:.1f} s", s);
  const auto whole = static_cast<long long>(std::llround(std::min(s, 1e12)));
  if (s < kHour) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

std::string grouped(std::size_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t i = digits.size(); i > 3;) digits.insert(i -= 3, ",");
  return digits;
}

std::string listing(const std::vector<std::string>& names, std::size_t limit) {
  if (names.empty()) return "";
  // One name more is shorter than "and 1 other".
  const std::size_t shown = names.size() > limit + 1 ? limit : names.size();
  std::string out = names[0];
  for (std::size_t i = 1; i < shown; ++i) {
    out += (i + 1 == names.size() ? " and " : ", ") + names[i];
  }
  if (shown < names.size()) out += fmt::format(" and {} others", names.size() - shown);
  return out;
}

std::string short_name(std::string_view name) {
  std::string out;
  std::size_t start = 0;  // of the parameter that is being read, in out
  for (const char c : name) {
    if (c == '=' && start > 0) {
      out.resize(start);
      continue;
    }
    out += c;
    if (c == '(' || c == ',') start = out.size();
  }
  return cut(std::move(out));
}

bool part_of_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::size_t width(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return !continues_character(c); }));
}

}  // namespace actfn::lab::report
