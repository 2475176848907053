// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/row_norm.h"
#include "nn/layers/text.h"

#include <limits>

namespace actfn::nn {

template <>
ModulePointer LayerFile<RmsNorm>::make(const RmsNorm& l, const Shape& in) {
  constexpr double kEps = std::numeric_limits<float>::epsilon();
  return make_row_norm({.who = "rms_norm",
                        .normalized_shape = l.normalized_shape,
                        .eps = l.eps.value_or(kEps),
                        .centered = false,
                        .weight = l.elementwise_affine,
                        .bias = false},
                       in);
}

template <>
const LayerText* LayerFile<RmsNorm>::text() {
  static const LayerText kText = {
      "rms_norm",
      RmsNorm{{64}},
      {required<&RmsNorm::normalized_shape>("normalized_shape"), optional<&RmsNorm::eps>("eps"),
       optional<&RmsNorm::elementwise_affine>("elementwise_affine")}};
  return &kText;
}

}  // namespace actfn::nn
