// SPDX-License-Identifier: Apache-2.0
// Sums whose bits depend on the terms and their places only.
#pragma once

#include <cstddef>

namespace actfn::learned {

// The number of running sums: term i is added to sum i % kSums.
inline constexpr std::size_t kSums = 16;

// terms[i] = a[i] b[i]
void multiply(const float* a, const float* b, std::size_t n, double* terms);
void multiply(const double* a, const double* b, std::size_t n, double* terms);

// sums[i % kSums] += terms[i]
void add_in_turn(const double* terms, std::size_t n, double* sums);

// sums[i] += terms[i]
void add_each(const double* terms, std::size_t n, double* sums);

// The sum of kSums running sums, by halves: 8 pairs, 4 pairs, …
double total(const double* sums);

}  // namespace actfn::learned
