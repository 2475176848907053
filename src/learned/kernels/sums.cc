// SPDX-License-Identifier: Apache-2.0
#include "learned/kernels/sums.h"

namespace actfn::learned {

void multiply(const float* a, const float* b, std::size_t n, double* terms) {
  for (std::size_t i = 0; i < n; ++i) terms[i] = static_cast<double>(a[i]) * double{b[i]};
}

void multiply(const double* a, const double* b, std::size_t n, double* terms) {
  for (std::size_t i = 0; i < n; ++i) terms[i] = a[i] * b[i];
}

void add_in_turn(const double* terms, std::size_t n, double* sums) {
  double running[kSums];  // in registers: `terms` can't overlap it
  for (std::size_t k = 0; k < kSums; ++k) running[k] = sums[k];
  std::size_t i = 0;
  for (; i + kSums <= n; i += kSums) {
    for (std::size_t k = 0; k < kSums; ++k) running[k] += terms[i + k];
  }
  for (std::size_t k = 0; i + k < n; ++k) running[k] += terms[i + k];
  for (std::size_t k = 0; k < kSums; ++k) sums[k] = running[k];
}

void add_each(const double* terms, std::size_t n, double* sums) {
  for (std::size_t i = 0; i < n; ++i) sums[i] += terms[i];
}

double total(const double* sums) {
  double half[kSums / 2];
  for (std::size_t k = 0; k < kSums / 2; ++k) half[k] = sums[k] + sums[k + kSums / 2];
  for (std::size_t n = kSums / 4; n > 0; n /= 2) {
    for (std::size_t k = 0; k < n; ++k) half[k] += half[k + n];
  }
  return half[0];
}

}  // namespace actfn::learned
