// SPDX-License-Identifier: Apache-2.0
// What a reader of files may say.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "support/require.h"

namespace actfn::fuzz {

// Whether `read` goes through. What it throws names the file: "[data] FILE: what".
template <class F>
bool is_read(std::string_view file, F&& read) {
  try {
    read();
    return true;
  } catch (const std::runtime_error& error) {
    require_message(error.what());
    const std::string_view text = error.what();
    if (text.starts_with("[data] " + std::string(file))) return false;
    fail(std::string("a message that does not name the file: ") + error.what());
  }
}

}  // namespace actfn::fuzz
