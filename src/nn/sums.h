// SPDX-License-Identifier: Apache-2.0
// Sums in double, in one order whatever the CPU.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>

namespace actfn::nn {

// Running sums, which compilers can keep in vectors: the i-th number is added to sum i % 8.
using RunningSums = std::array<double, 8>;
inline double total_of(const RunningSums& sums) {
  return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

// The sum of f(i), i < n.
template <class F>
double sum_over(std::size_t n, const F& f) {
  constexpr std::size_t kSums = 8;
  RunningSums sums{};
  std::size_t i = 0;
  for (; i + kSums <= n; i += kSums) {
    for (std::size_t k = 0; k < kSums; ++k) sums[k] += f(i + k);
  }
  for (std::size_t k = 0; i < n; ++i, ++k) sums[k] += f(i);
  return total_of(sums);
}

// What a normalization keeps, in double, in a workspace of float32.
struct Moments {
  double mean, scale;  // scale: 1 / sqrt(variance + eps)

  static constexpr std::size_t kNumbers = 2 * sizeof(double) / sizeof(float);
  static Moments load(const float* workspace, std::size_t i) {
    Moments m{};
    std::memcpy(&m, workspace + i * kNumbers, sizeof m);
    return m;
  }
  void store(float* workspace, std::size_t i) const {
    std::memcpy(workspace + i * kNumbers, this, sizeof *this);
  }
};

}  // namespace actfn::nn
