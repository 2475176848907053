// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

namespace actfn {

/// The exception that all functions throw for bad input, before they write any output. The message
/// names the function, what is wrong, and often the value: "[elu] alpha must be finite, got nan".
///
///     try {
///       actfn::forward(actfn::parse("elu(alpha=nan)"), x, y);
///     } catch (const actfn::Error& error) {
///       std::cerr << error.what() << '\n';
///     }
class Error : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

}  // namespace actfn
