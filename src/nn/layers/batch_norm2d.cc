// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/batch_norm.h"
#include "nn/layers/text.h"

namespace actfn::nn {

template <>
ModulePointer LayerFile<BatchNorm2d>::make(const BatchNorm2d& l, const Shape& in) {
  require_dimensions("batch_norm2d", in, 3, "channels x height x width");
  return make_batch_norm({"batch_norm2d", l.num_features, l.eps, l.momentum, l.affine}, in);
}

template <>
std::string LayerFile<BatchNorm2d>::text(const BatchNorm2d& l) {
  return Text("batch_norm2d")
      .add("num_features", l.num_features)
      .add("eps", l.eps, 1e-5)
      .add("momentum", l.momentum, 0.1)
      .add("affine", l.affine, true)
      .text();
}

}  // namespace actfn::nn
