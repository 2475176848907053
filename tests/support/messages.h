// SPDX-License-Identifier: Apache-2.0
// What an error says.
#pragma once

#include <actfn/error.h>

#include <string>

namespace actfn::testing {

// Of the exception that f throws; other types than E go through.
template <class E = Error, class F>
std::string message(F&& f) {
  try {
    f();
  } catch (const E& e) {
    return e.what();
  }
  return "no error";
}

}  // namespace actfn::testing
