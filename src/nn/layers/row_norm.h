// SPDX-License-Identifier: Apache-2.0
// What LayerNorm and RmsNorm share: a normalization over the last dimensions.
#pragma once

#include "nn/module.h"

#include <string_view>

namespace actfn::nn {

struct RowNorm {
  std::string_view who;
  Shape normalized_shape;
  double eps;
  bool centered;  // whether the mean is subtracted
  bool weight, bias;
};

ModulePointer make_row_norm(const RowNorm& norm, const Shape& in);

}  // namespace actfn::nn
