// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

namespace actfn::lab {

// The Euclidean norm of numbers of any type, computed in double.
template <class Numbers>
double norm(const Numbers& values) {
  double squares = 0;
  for (const auto v : values) squares += static_cast<double>(v) * static_cast<double>(v);
  return std::sqrt(squares);
}

}  // namespace actfn::lab
