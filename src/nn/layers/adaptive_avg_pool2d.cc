// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/arguments.h"
#include "nn/layers/pooling.h"
#include "nn/layers/text.h"

namespace actfn::nn {
namespace {

std::vector<PoolWindow> windows_of(std::size_t length, int count) {
  const auto in = static_cast<Index>(length);
  std::vector<PoolWindow> all;
  for (Index i = 0; i < count; ++i) {
    const Index begin = i * in / count;
    const Index end = ((i + 1) * in + count - 1) / count;
    all.push_back({begin, end, end - begin});
  }
  return all;
}

}  // namespace

template <>
ModulePointer LayerFile<AdaptiveAvgPool2d>::make(const AdaptiveAvgPool2d& l, const Shape& in) {
  require_at_least("adaptive_avg_pool2d", "output_size", 1, l.output_size);
  require_dimensions("adaptive_avg_pool2d", in, 3, "channels x height x width");
  // Before there is memory for the windows.
  check_sample(l, {in[0], static_cast<std::size_t>(l.output_size.height),
                   static_cast<std::size_t>(l.output_size.width)});
  return std::make_shared<MeanModule>(in, windows_of(in[1], l.output_size.height),
                                      windows_of(in[2], l.output_size.width), 0);
}

template <>
const LayerText* LayerFile<AdaptiveAvgPool2d>::text() {
  static const LayerText kText = {"adaptive_avg_pool2d",
                                  AdaptiveAvgPool2d{1},
                                  {required<&AdaptiveAvgPool2d::output_size>("output_size")}};
  return &kText;
}

}  // namespace actfn::nn
