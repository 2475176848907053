#include "learnable/sums.h"

namespace actfn::learnable {

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

}  // namespace actfn::learnable
