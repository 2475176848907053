// SPDX-License-Identifier: Apache-2.0
// Where the first values of weights come from.
#pragma once

#include <actfn/nn/init.h>

#include <cstdint>
#include <span>

namespace actfn::nn {

// Number i of the n-th array that is drawn is a function of (seed, n, i).
class WeightSource {
 public:
  WeightSource(Init init, std::uint64_t seed) : init_(init), seed_(seed) {}

  // As Init says.
  void draw(double fan_in, double fan_out, std::span<float> weight) {
    draw(init_, fan_in, fan_out, weight);
  }
  void draw(Init init, double fan_in, double fan_out, std::span<float> weight);
  // From the uniform distribution between -bound and bound.
  void draw_uniform(double bound, std::span<float> weight);
  // From the normal distribution of mean 0.
  void draw_normal(double deviation, std::span<float> weight);

  // Those of Linears have numbers from 0 on, those of modules follow far behind.
  void begin_modules() { next_ = 1U << 24U; }

 private:
  Init init_;
  std::uint64_t seed_;
  std::uint32_t next_ = 0;
};

}  // namespace actfn::nn
