// SPDX-License-Identifier: Apache-2.0
// float32 inputs worth testing.
#pragma once

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "sanitizers.h"
#include "uniform.h"

namespace actfn::testing {

inline const std::vector<float>& landmarks() {
  static const std::vector<float> all = [] {
    std::vector<float> xs;
    for (const float a :
         {0.0F,    0x1p-149F, 0x1p-140F, 0x1p-127F, 0x1p-126F,
          1e-30F,  1e-20F,    1e-10F,    1e-5F,     0.01F,
          0.125F,  0.1F,      0.3F,      0.5F,      0.693F,
          0.7518F, 1.0F,      1.1924F,   1.2784F,   2.0F,
          3.0F,    6.0F,      10.0F,     13.0F,     14.0F,
          14.5F,   17.0F,     20.0F,     52.0F,     87.0F,
          88.7F,   91.8F,     103.0F,    103.97F,   104.0F,
          108.6F,  160.0F,    500.0F,    1e4F,      1e10F,
          1e20F,   1e30F,     0x1p126F,  3.4e38F,   std::numeric_limits<float>::max()}) {
      for (const float s : {a, -a}) {
        xs.push_back(s);
        xs.push_back(std::nextafter(s, INFINITY));
        xs.push_back(std::nextafter(s, -INFINITY));
      }
    }
    std::erase_if(xs, [](float x) { return !std::isfinite(x); });
    return xs;
  }();
  return all;
}

// What sanitizers look for does not depend on numbers: with them, samples are smaller.
inline constexpr int kSampleDivisor = ACTFN_ASAN || ACTFN_TSAN ? 10 : 1;

// Landmarks, and n numbers of either sign: half log-uniform over all magnitudes, half uniform
// where activations bend.
inline std::vector<float> sample(int n, unsigned seed) {
  std::vector<float> xs = landmarks();
  n /= kSampleDivisor;
  std::mt19937 random(seed);
  const Uniform exponent(-30, 8);
  const Uniform near(-20, 20);
  for (int i = 0; i < n; ++i) {
    const double sign = (random() & 1U) != 0 ? 1 : -1;
    const double x = i % 2 == 0 ? sign * std::exp2(exponent(random)) : near(random);
    xs.push_back(static_cast<float>(x));
  }
  return xs;
}

}  // namespace actfn::testing
