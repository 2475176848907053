// SPDX-License-Identifier: Apache-2.0
// Errors made of texts and numbers. The function is not inline: a throw takes little room that way.
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

namespace actfn {

class Piece {
 public:
  Piece(std::string_view text) : text_(text) {}    // NOLINT(google-explicit-constructor)
  Piece(const std::string& text) : text_(text) {}  // NOLINT(google-explicit-constructor)
  Piece(const char* text) : text_(text) {}         // NOLINT(google-explicit-constructor)
  template <std::integral T>
  Piece(T number)  // NOLINT(google-explicit-constructor)
      : text_(number < 0 ? "-" : ""),
        magnitude_(number < 0 ? 0 - static_cast<unsigned long long>(number)
                              : static_cast<unsigned long long>(number)),
        is_number_(true) {}

  // Of a number: its sign, which its magnitude follows.
  std::string_view text() const { return text_; }
  unsigned long long magnitude() const { return magnitude_; }
  bool is_number() const { return is_number_; }

 private:
  std::string_view text_;
  unsigned long long magnitude_ = 0;
  bool is_number_ = false;
};

// Throws Error("[who] " and the pieces). `who` is the name of a function.
[[noreturn]] void fail(std::string_view who, std::initializer_list<Piece> pieces);

}  // namespace actfn
