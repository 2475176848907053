// SPDX-License-Identifier: Apache-2.0
// Backpropagation by hand through silu and a weighted sum, checked by central differences.
#include <actfn/actfn.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>

using Units = std::array<float, 4>;
constexpr Units kOut = {0.7F, -1.2F, 0.4F, 0.9F};  // weights of the sum
constexpr float kX = 1.5F, kBias = 0.1F, kTarget = 0.25F, kStep = 0.01F;

// Returns the loss for the weights w, and writes its gradient to dw.
static float loss(const Units& w, Units& dw) {
  Units z{}, h{}, dz{};
  for (std::size_t i = 0; i < w.size(); ++i) z[i] = w[i] * kX + kBias;
  actfn::forward(actfn::Silu{}, z, h);
  float error = -kTarget;
  for (std::size_t i = 0; i < w.size(); ++i) error += kOut[i] * h[i];
  for (std::size_t i = 0; i < w.size(); ++i) dz[i] = error * kOut[i];  // dloss/dh
  actfn::backward(actfn::Silu{}, z, dz, dz);                           // dloss/dz, in place
  for (std::size_t i = 0; i < w.size(); ++i) dw[i] = dz[i] * kX;
  return error * error / 2;
}

int main() {
  const Units w = {-1.5F, -0.3F, 0.2F, 1.1F};
  Units gradient{}, unused{};
  loss(w, gradient);
  int wrong = 0;
  for (std::size_t i = 0; i < w.size(); ++i) {
    Units above = w, below = w;
    above[i] += kStep;
    below[i] -= kStep;
    const float expected = (loss(above, unused) - loss(below, unused)) / (2 * kStep);
    std::printf("dloss/dw%zu = %9.6f, by differences %9.6f\n", i, gradient[i], expected);
    if (!(std::fabs(gradient[i] - expected) < 1e-3F)) ++wrong;
  }
  return wrong == 0 ? 0 : 1;
}
