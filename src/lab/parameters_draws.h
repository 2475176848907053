// SPDX-License-Identifier: Apache-2.0
// Random parameters and inputs for search_parameters().
#pragma once

#include <actfn/catalogue.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "lab/accuracy_inputs.h"

namespace actfn::lab {

// Random numbers from a counter.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : at_(random_bits(seed)) {}
  std::uint64_t bits() { return random_bits(at_++); }
  std::uint64_t below(std::uint64_t n) { return bits() % n; }
  double unit() { return static_cast<double>(bits() >> 11U) * 0x1p-53; }
  double sign() { return (bits() & 1U) != 0 ? -1 : 1; }
  // Uniform in the exponent and in the significand.
  double magnitude(int least, int most) {
    const auto span = static_cast<std::uint64_t>(most - least);
    const int exponent = least + static_cast<int>(below(span));
    return std::ldexp(1 + unit(), exponent);
  }
  double signed_magnitude(int least, int most) {
    const double s = sign();
    return s * magnitude(least, most);
  }

 private:
  std::uint64_t at_;
};

// The i-th set of parameters that validate() accepts: magnitudes over the range of float32, equal
// and opposite ones, neighbours of the defaults and of each other, zeros, the smallest and largest.
// For Activation, RowActivation and Gate.
template <class List>
List drawn_parameters(const List& f, std::uint64_t i);

// x, or the largest finite number where it is beyond that.
template <class T>
T clipped(double x);

// An input near what the parameters make of x: where beta x, x / alpha and so on are ordinary.
template <class T>
T drawn_input(Draws& draws, const std::vector<double>& numbers);

// Those of the parameters and of their products and quotients that are finite and not 0.
std::vector<double> usable_numbers(const Function& f);

}  // namespace actfn::lab
