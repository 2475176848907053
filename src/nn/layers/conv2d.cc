// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/convolution.h"
#include "nn/layers/text.h"

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
std::string LayerFile<Conv2d>::text(const Conv2d& l) {
  return Text("conv2d")
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
