// SPDX-License-Identifier: Apache-2.0
// Derivatives as they are often written, computed in float32 throughout.
#pragma once

#include <cmath>
#include <numbers>

namespace actfn::lab::experiments::naive {

inline float sigmoid(float x) { return 1 / (1 + std::exp(-x)); }
// s', from s: s^2 e^-x.
inline float sigmoid_slope(float x) {
  const float s = sigmoid(x);
  return s * s * std::exp(-x);
}

inline float silu(float x) {
  const float s = sigmoid(x);
  return s + x * s * (1 - s);
}
inline float gelu(float x) {
  const float cdf = 0.5F * (1 + std::erf(x / std::numbers::sqrt2_v<float>));
  return cdf + x * std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi_v<float>);
}
inline float mish(float x) {
  const float e = std::exp(x);
  const float t = std::tanh(std::log1p(e));
  return t + x * (1 - t * t) * (e / (1 + e));
}
inline float telu(float x) {
  const float e = std::exp(x);
  const float t = std::tanh(e);
  return t + x * e * (1 - t * t);
}
inline float logish(float x) {
  const float s = sigmoid(x);
  return std::log(1 + s) + x * sigmoid_slope(x) / (1 + s);
}
inline float smish(float x) {
  const float s = sigmoid(x);
  const float t = std::tanh(std::log(1 + s));
  return t + x * (1 - t * t) * sigmoid_slope(x) / (1 + s);
}
inline float elu(float x) { return std::exp(x); }
inline float softplus(float x) {
  const float e = std::exp(x);
  return e / (1 + e);
}

}  // namespace actfn::lab::experiments::naive
