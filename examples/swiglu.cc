// SPDX-License-Identifier: Apache-2.0
// The gated unit of a transformer. A matrix product gives rows a0 a1 a2 b0 b1 b2; swiglu computes
// silu(a) b from each. Forward and backward, checked by central differences.
#include <actfn/actfn.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>

constexpr std::size_t kTokens = 2, kUnits = 3;
using Inputs = std::array<double, kTokens * 2 * kUnits>;
using Outputs = std::array<double, kTokens * kUnits>;
constexpr double kStep = 1e-4;

static void gate(const Inputs& x, Outputs& y) {
  // For the order a0 b0 a1 b1 …, add the argument {.packing = actfn::Packing::interleaved}.
  actfn::forward(actfn::Swiglu{}, {x, {kTokens, 2 * kUnits}}, -1, {y, {kTokens, kUnits}});
}

// The function to be differentiated: the sum of the outputs times the coefficients c.
static double total(const Inputs& x, const Outputs& c) {
  Outputs y{};
  gate(x, y);
  double sum = 0;
  for (std::size_t i = 0; i < y.size(); ++i) sum += c[i] * y[i];
  return sum;
}

int main() {
  const Inputs x = {0.5, -1.5, 2, 1, -0.4, 3, -3, 0.1, 1.2, 0.6, 2.5, -2};
  const Outputs c = {1, -2, 0.5, 1.5, -1, 0.2};
  Inputs dx = x;  // in place: backward() reads x and writes dx; it needs nothing from forward()
  actfn::backward(actfn::Swiglu{}, {dx, {kTokens, 2 * kUnits}}, {c, {kTokens, kUnits}}, -1,
                  {dx, {kTokens, 2 * kUnits}});
  int wrong = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    Inputs above = x, below = x;
    above[i] += kStep;
    below[i] -= kStep;
    const double expected = (total(above, c) - total(below, c)) / (2 * kStep);
    std::printf("gradient by x%-2zu %9.6f, by differences %9.6f\n", i, dx[i], expected);
    if (!(std::fabs(dx[i] - expected) < 1e-7)) ++wrong;
  }
  return wrong == 0 ? 0 : 1;
}
