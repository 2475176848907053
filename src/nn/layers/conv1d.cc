// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/convolution.h"

namespace actfn::nn {

template <>
ModulePointer LayerFile<Conv1d>::make(const Conv1d& l, const Shape& in) {
  require_dimensions("conv1d", in, 2, "channels x length");
  const Kernel kernel = {{1, l.kernel_size}, {1, l.stride}, {0, l.padding}, {1, l.dilation}};
  const Shape shape = {0, 0, static_cast<std::size_t>(l.kernel_size)};
  return make_convolution({"conv1d", l.in_channels, l.out_channels, kernel, l.groups, l.bias}, in,
                          shape);
}

template <>
const LayerText* LayerFile<Conv1d>::text() {
  static const LayerText kText = convolution_text("conv1d", Conv1d{8, 16, 3});
  return &kText;
}

}  // namespace actfn::nn
