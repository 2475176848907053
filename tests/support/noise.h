// SPDX-License-Identifier: Apache-2.0
// Random activations, as tests call them.
#pragma once

#include <actfn/random.h>

#include <random>
#include <vector>

#include "elements.h"
#include "instances.h"
#include "operations.h"

namespace actfn::testing {

// And one whose bounds are the same, which no change of a single parameter gives.
inline std::vector<RandomActivation> random_activations() {
  auto all = instances<RandomActivation>();
  all.emplace_back(Rrelu{0.3, 0.3});
  return all;
}

template <class T>
std::vector<T> applied(const RandomActivation& f, const std::vector<T>& x, const Noise& noise) {
  std::vector<T> y(x.size());
  forward(f, x, noise, y);
  return y;
}

template <class T>
std::vector<T> gradient(const RandomActivation& f, const std::vector<T>& x,
                        const std::vector<T>& dy, const Noise& noise) {
  std::vector<T> dx(x.size());
  backward(f, x, dy, noise, dx);
  return dx;
}

// Finite numbers whose multiples are finite and normal.
template <class T>
std::vector<T> plain(std::size_t n) {
  std::mt19937 random(4);
  std::uniform_real_distribution<double> near(-9, 9);
  std::vector<T> all;
  for (std::size_t i = 0; i < n; ++i) all.push_back(as<T>(near(random)));
  return all;
}

template <class T>
auto bits_of(const std::vector<T>& x) {
  return canonical_bits(x.data(), x.size());
}

}  // namespace actfn::testing
