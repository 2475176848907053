// SPDX-License-Identifier: Apache-2.0
// Solves softplus(x) = 2 by Halley's method, which uses the value and the first and second
// derivative, and triples the number of correct digits with every step. The answer is log(e² - 1).
#include <actfn/actfn.h>

#include <cmath>
#include <cstdio>

int main() {
  const actfn::Activation f = actfn::Softplus{};
  const double wanted = std::log(std::exp(2.0) - 1);
  float x = 0;
  for (int step = 0; step < 4; ++step) {
    float y = 0, slope = 0, curvature = 0;
    actfn::forward_with_derivative(f, {&x, 1}, {&y, 1}, {&slope, 1});
    actfn::second_derivative(f, {&x, 1}, {&curvature, 1});
    const float excess = y - 2;
    x -= 2 * excess * slope / (2 * slope * slope - excess * curvature);
    std::printf("step %d: x = %.9g, off by %.1e\n", step + 1, x, x - wanted);
  }
  return std::fabs(x - wanted) < 3e-7 ? 0 : 1;
}
