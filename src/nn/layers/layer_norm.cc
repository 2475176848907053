// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/row_norm.h"
#include "nn/layers/text.h"

namespace actfn::nn {

template <>
ModulePointer LayerFile<LayerNorm>::make(const LayerNorm& l, const Shape& in) {
  return make_row_norm({.who = "layer_norm",
                        .normalized_shape = l.normalized_shape,
                        .eps = l.eps,
                        .centered = true,
                        .weight = l.elementwise_affine,
                        .bias = l.elementwise_affine && l.bias},
                       in);
}

template <>
std::string LayerFile<LayerNorm>::text(const LayerNorm& l) {
  return Text("layer_norm")
      .add("normalized_shape", l.normalized_shape)
      .add("eps", l.eps, 1e-5)
      .add("elementwise_affine", l.elementwise_affine, true)
      .add("bias", l.bias, true)
      .text();
}

}  // namespace actfn::nn
