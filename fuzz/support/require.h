// SPDX-License-Identifier: Apache-2.0
// How a target fails: the process ends, and libFuzzer keeps the input.
#pragma once

#include <actfn/error.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace actfn::fuzz {

[[noreturn]] inline void fail(std::string_view what) {
  std::fprintf(stderr, "\nBroken: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

inline void require(bool holds, std::string_view what) {
  if (!holds) fail(what);
}

// "[elu] alpha must be finite, got nan": one line, not endless.
inline void require_message(std::string_view text) {
  const bool plain = std::ranges::none_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
  const bool named = text.starts_with('[') && text.find("] ") < text.size() - 2;
  if (!plain || !named || text.size() > 2000) fail("an error message: " + std::string(text));
}

// The message of the Error that `run` throws; empty where it throws none. Nothing else is allowed.
template <class F>
std::string error_of(F&& run) {
  try {
    run();
    return {};
  } catch (const Error& error) {
    require_message(error.what());
    return error.what();
  }
}

}  // namespace actfn::fuzz
