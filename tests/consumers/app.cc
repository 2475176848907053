// SPDX-License-Identifier: Apache-2.0
// Prints GELU of a few numbers, and fails where one is not the known value.
#include <actfn/actfn.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>

int main() {
  const std::array x = {-12.0F, -3.0F, -1.0F, 0.0F, 1.0F, 3.0F};
  const std::array known = {-2.13177855e-32F, -0.00404969417F, -0.158655256F, 0.0F,
                            0.841344774F,     2.99595022F};
  std::array<float, x.size()> y{};
  actfn::forward(actfn::Gelu{}, x, y);
  int wrong = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    std::printf("gelu(%g) = %.9g\n", x[i], y[i]);
    if (!(std::fabs(y[i] - known[i]) <= 3e-7F * std::fabs(known[i]))) ++wrong;
  }
  return wrong == 0 ? 0 : 1;
}
