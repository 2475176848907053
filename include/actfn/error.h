#pragma once

#include <stdexcept>

namespace actfn {

// Bad input. The message names what and where: "[elu] alpha must be finite, got nan".
// Thrown before any output is written.
class Error : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

}  // namespace actfn
