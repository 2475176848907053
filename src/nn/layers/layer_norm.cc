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
const LayerText* LayerFile<LayerNorm>::text() {
  static const LayerText kText = {
      "layer_norm",
      LayerNorm{{64}},
      {required<&LayerNorm::normalized_shape>("normalized_shape"), optional<&LayerNorm::eps>("eps"),
       optional<&LayerNorm::elementwise_affine>("elementwise_affine"),
       optional<&LayerNorm::bias>("bias")}};
  return &kText;
}

}  // namespace actfn::nn
