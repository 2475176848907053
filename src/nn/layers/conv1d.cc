// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/convolution.h"
#include "nn/layers/text.h"

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
std::string LayerFile<Conv1d>::text(const Conv1d& l) {
  return Text("conv1d")
      .add("in_channels", l.in_channels)
      .add("out_channels", l.out_channels)
      .add("kernel_size", l.kernel_size)
      .add("stride", l.stride, 1)
      .add("padding", l.padding, 0)
      .add("dilation", l.dilation, 1)
      .add("groups", l.groups, 1)
      .add("bias", l.bias, true)
      .text();
}

}  // namespace actfn::nn
