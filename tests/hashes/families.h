// SPDX-License-Identifier: Apache-2.0
// Hashes of output bits of what is not elementwise: rows, gates, learned and random activations.
#pragma once

#include "bits.h"

#include <functional>
#include <string>
#include <vector>

namespace actfn::hashes {

// Its three hashes: of the values, the gradients, and the gradients of those; of random ones of
// values, gradients, and values from another position; of parameters the derivative by each.
struct Family {
  std::string name;
  std::function<std::uint64_t(Type type, int order, const InputSet& set, Threads threads)> hash;
};
std::vector<Family> families();

}  // namespace actfn::hashes
