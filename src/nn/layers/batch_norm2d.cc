// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/batch_norm.h"

namespace actfn::nn {

template <>
ModulePointer LayerFile<BatchNorm2d>::make(const BatchNorm2d& l, const Shape& in) {
  require_dimensions("batch_norm2d", in, 3, "channels x height x width");
  return make_batch_norm({"batch_norm2d", l.num_features, l.eps, l.momentum, l.affine}, in);
}

template <>
const LayerText* LayerFile<BatchNorm2d>::text() {
  static const LayerText kText = batch_norm_text("batch_norm2d", BatchNorm2d{64});
  return &kText;
}

}  // namespace actfn::nn
