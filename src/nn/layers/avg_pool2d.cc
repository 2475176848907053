// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/arguments.h"
#include "nn/layers/pooling.h"
#include "nn/layers/text.h"

#include <algorithm>

namespace actfn::nn {
namespace {

std::vector<PoolWindow> windows_of(const Axis& a, bool count_include_pad) {
  std::vector<PoolWindow> all;
  for (Index i = 0; i < a.out; ++i) {
    const Index begin = a.at(i, 0);
    const Index end = std::min(begin + a.kernel, a.in + a.padding);
    PoolWindow w = {std::max<Index>(begin, 0), std::min(end, a.in), end - begin};
    if (!count_include_pad) w.counted = w.end - w.begin;
    all.push_back(w);
  }
  return all;
}

}  // namespace

template <>
ModulePointer LayerFile<AvgPool2d>::make(const AvgPool2d& l, const Shape& in) {
  const Kernel kernel = {l.kernel_size, l.stride.value_or(l.kernel_size), l.padding, 1};
  const Axes axes = pooled_axes({"avg_pool2d", kernel, l.ceil_mode}, in);
  if (l.divisor_override) {
    require_at_least("avg_pool2d", "divisor_override", 1, *l.divisor_override);
  }
  return std::make_shared<MeanModule>(in, windows_of(axes.height, l.count_include_pad),
                                      windows_of(axes.width, l.count_include_pad),
                                      l.divisor_override.value_or(0));
}

template <>
const LayerText* LayerFile<AvgPool2d>::text() {
  static const LayerText kText = {
      "avg_pool2d",
      AvgPool2d{2},
      {required<&AvgPool2d::kernel_size>("kernel_size"), optional<&AvgPool2d::stride>("stride"),
       optional<&AvgPool2d::padding>("padding"), optional<&AvgPool2d::ceil_mode>("ceil_mode"),
       optional<&AvgPool2d::count_include_pad>("count_include_pad"),
       optional<&AvgPool2d::divisor_override>("divisor_override")}};
  return &kText;
}

}  // namespace actfn::nn
