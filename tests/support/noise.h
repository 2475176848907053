// SPDX-License-Identifier: Apache-2.0
// Random activations, as tests call them.
#pragma once

#include <actfn/random.h>

#include <vector>

#include "instances.h"

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

}  // namespace actfn::testing
