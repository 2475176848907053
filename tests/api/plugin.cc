// SPDX-License-Identifier: Apache-2.0
// A plug-in that contains the library.
#include <actfn/actfn.h>

#include <vector>

// Calls of every kind with threads, and with rows that are copied.
extern "C" [[gnu::visibility("default")]] int compute() {
  using namespace actfn;
  const std::size_t n = std::size_t{1} << 18;
  std::vector<float> x(n, 0.5F), y(n);
  const Shape shape = {512, n / 512};
  forward(Gelu{}, x, y, {.count = 4});
  softmax({x, shape}, 0, {y, shape}, {.threads = {4}});
  forward(Swiglu{}, {x, shape}, -1, {y.data(), {512, n / 1024}}, {.threads = {4}});
  return y[0] > 0.15F && y[0] < 0.16F ? 1 : 0;  // 0.5 silu(0.5)
}
