// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/convolution.h"

namespace actfn::nn {

template <>
ModulePointer LayerFile<Conv2d>::make(const Conv2d& l, const Shape& in) {
  require_dimensions("conv2d", in, 3, "channels x height x width");
  const Kernel kernel = {l.kernel_size, l.stride, l.padding, l.dilation};
  const Shape shape = {0, 0, static_cast<std::size_t>(l.kernel_size.height),
                       static_cast<std::size_t>(l.kernel_size.width)};
  return make_convolution({"conv2d", l.in_channels, l.out_channels, kernel, l.groups, l.bias}, in,
                          shape);
}

template <>
const LayerText* LayerFile<Conv2d>::text() {
  static const LayerText kText = convolution_text("conv2d", Conv2d{1, 6, 5});
  return &kText;
}

}  // namespace actfn::nn
