// SPDX-License-Identifier: Apache-2.0
// Numbers as text: the same value as strtod() reads, and back.
#include "catalogue/number.h"

#include <bit>
#include <cmath>
#include <cstdlib>
#include <string>

#include "support/require.h"
#include "support/stream.h"

namespace actfn::fuzz {
namespace {

template <class T>
bool same(T a, T b) {
  return (std::isnan(a) && std::isnan(b)) || (a == b && std::signbit(a) == std::signbit(b));
}

float by_c(const char* text, char** end, float /*type*/) { return std::strtof(text, end); }
double by_c(const char* text, char** end, double /*type*/) { return std::strtod(text, end); }

// What C takes, and the library does not mean: white space in front, "nan(7)".
bool is_for_c_alone(const std::string& text) {
  return text.empty() || std::isspace(static_cast<unsigned char>(text.front())) != 0 ||
         text.find('(') != std::string::npos;
}

template <class T>
void check_read(const std::string& text) {
  const auto got = read_number<T>(text);
  if (text.find('\0') != std::string::npos) return require(!got, "a 0 within a number");
  char* end = nullptr;
  const T wanted = by_c(text.c_str(), &end, T{});
  const bool whole = end == text.c_str() + text.size();
  if (got.has_value() != (whole && !is_for_c_alone(text))) fail("strtod disagrees: " + text);
  if (got && !same(*got, wanted)) fail("strtod has another value: " + text);
}

template <class T>
void check_write(T value) {
  const std::string text = write_number(value);
  const auto again = read_number<T>(text);
  if (!again || !same(*again, value)) fail(text + " reads back as another number");
  require(text.size() <= 24, "a long number");
}

void check(std::string_view text) {
  check_read<float>(std::string(text));
  check_read<double>(std::string(text));
  Stream bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  check_write(Stream(bytes).take<float>());
  check_write(bytes.take<double>());
}

}  // namespace
}  // namespace actfn::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  actfn::fuzz::check(actfn::fuzz::Stream(data, size).rest());
  return 0;
}
