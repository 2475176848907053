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
std::string LayerFile<RmsNorm>::text(const RmsNorm& l) {
  return Text("rms_norm")
      .add("normalized_shape", l.normalized_shape)
      .add("eps", l.eps, std::nullopt)
      .add("elementwise_affine", l.elementwise_affine, true)
      .text();
}

}  // namespace actfn::nn
