// SPDX-License-Identifier: Apache-2.0
#include "nn/attention/row_function.h"

#include <algorithm>
#include <limits>

namespace actfn::nn::attention {

RowFunction::RowFunction(const Problem& p)
    : f_(p.activation),
      parameters_(f_, Type::float32),
      excluded_(static_cast<float>(f_.entry().excluded)),
      forward_(f_.entry().kernels.of(kernels::active_target()).of<float>()),
      backward_(f_.gradients().kernels.of(kernels::active_target()).of<float>()) {}

void RowFunction::apply(float* s, std::size_t n) const {
  if (n == 0) return;
  constexpr float kMasked = -std::numeric_limits<float>::infinity();
  if (excluded_ != kMasked) std::replace(s, s + n, kMasked, excluded_);
  forward_.forward(parameters_.address(), s, s, n, rows::Stores::cached);
}

void RowFunction::backward(const float* y, const float* dy, float* dx, std::size_t n) const {
  if (n == 0) return;
  backward_.backward(parameters_.address(), y, dy, dx, n, rows::Stores::cached);
}

}  // namespace actfn::nn::attention
