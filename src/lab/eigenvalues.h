// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace actfn::lab {

// Of a symmetric matrix [n, n] of finite numbers, in no order; the smallest are exact to about
// n 2^-52 of the largest. Sums have a fixed order and there are only + - * / and square roots: the
// bits are the same on every machine.
std::vector<double> eigenvalues(std::vector<double> matrix, std::size_t n);

}  // namespace actfn::lab
