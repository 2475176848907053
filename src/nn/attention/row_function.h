// SPDX-License-Identifier: Apache-2.0
// Functions of RowActivation as attention uses them: on whole rows of scores, in place.
#pragma once

#include "kernels/entry.h"
#include "nn/attention/problem.h"
#include "rows/kernels/table.h"

#include <cstddef>

namespace actfn::nn::attention {

class RowFunction {
 public:
  explicit RowFunction(const Problem& p);

  // Makes weights of a row's scores, of which -inf takes no part.
  void apply(float* s, std::size_t n) const;
  // dx = J^T dy, from the weights y; dx may be dy.
  void backward(const float* y, const float* dy, float* dx, std::size_t n) const;

 private:
  GradientRef<RowActivation> f_;
  kernels::Parameters parameters_;
  float excluded_;
  rows::Forward<float> forward_;
  rows::Backward<float> backward_;
};

}  // namespace actfn::nn::attention
