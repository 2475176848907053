// SPDX-License-Identifier: Apache-2.0
// Functions of one number. The C library has them too, but there the last bit depends on the CPU.
#pragma once

#include <cstdint>

namespace actfn::nn {

// log(1 + e^x)
double softplus(double x);

// log(e^y - 1), for finite y > 0.
double inverse_softplus(double y);

// 1 / (1 + e^-x)
double logistic(double x);

// One instruction set's.
struct ScalarOps {
  double (*softplus)(double x);
  double (*inverse_softplus)(double y);
  double (*logistic)(double x);
};

// base^n, n >= 0. Each factor rounds: the error is about n ulp at most.
constexpr double power(double base, std::int64_t n) {
  double result = 1;
  for (; n > 0; n /= 2, base *= base) {
    if (n % 2 == 1) result *= base;
  }
  return result;
}

}  // namespace actfn::nn
