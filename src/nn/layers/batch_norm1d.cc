// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/batch_norm.h"

namespace actfn::nn {

template <>
ModulePointer LayerFile<BatchNorm1d>::make(const BatchNorm1d& l, const Shape& in) {
  if (in.count() != 1) require_dimensions("batch_norm1d", in, 2, "channels x length");
  return make_batch_norm({"batch_norm1d", l.num_features, l.eps, l.momentum, l.affine}, in);
}

template <>
const LayerText* LayerFile<BatchNorm1d>::text() {
  static const LayerText kText = batch_norm_text("batch_norm1d", BatchNorm1d{64});
  return &kText;
}

}  // namespace actfn::nn
