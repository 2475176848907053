// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/batch_norm.h"
#include "nn/layers/text.h"

namespace actfn::nn {

template <>
ModulePointer LayerFile<BatchNorm1d>::make(const BatchNorm1d& l, const Shape& in) {
  if (in.count() != 1) require_dimensions("batch_norm1d", in, 2, "channels x length");
  return make_batch_norm({"batch_norm1d", l.num_features, l.eps, l.momentum, l.affine}, in);
}

template <>
std::string LayerFile<BatchNorm1d>::text(const BatchNorm1d& l) {
  return Text("batch_norm1d")
      .add("num_features", l.num_features)
      .add("eps", l.eps, 1e-5)
      .add("momentum", l.momentum, 0.1)
      .add("affine", l.affine, true)
      .text();
}

}  // namespace actfn::nn
