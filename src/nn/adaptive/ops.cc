// SPDX-License-Identifier: Apache-2.0
#include "nn/adaptive/ops.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/adaptive/ops.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/memory.h"
#include "kernels/table.h"
#include "math/single.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {
using N = Lanes<float, 2>;

void SoftmaxGradient(float uniform, float scale, float* z, std::size_t n) {
  constexpr std::size_t kStep = N::Count();
  const N most(uniform);
  const N factor(scale);
  const auto gradient = [&](const float* from) HWY_ATTR {
    const N at = LoadLanes<N>(from);
    return KeepNan(at, NegFma(factor, ExpDown(Max(at, N(-kSingleReach))), most));
  };
  std::size_t i = 0;
  for (; i + kStep <= n; i += kStep) StoreLanes(gradient(z + i), z + i);
  if (i == n) return;
  Tail<float, kStep> rest(z + i, n - i);
  StoreLanes(gradient(rest.data), rest.data);
  rest.CopyTo(z + i);
}

constexpr nn::AdaptiveOps kAdaptiveOps = {SoftmaxGradient};

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace actfn::nn {
namespace {

const AdaptiveOps& ops() {
  static constexpr kernels::PerTarget<AdaptiveOps> kAll = ACTFN_PER_TARGET_WITH_FMA(kAdaptiveOps);
  return kAll.of(kernels::active_target());
}

}  // namespace

void softmax_gradient(float uniform, float scale, float* z, std::size_t n) {
  ops().softmax_gradient(uniform, scale, z, n);
}

}  // namespace actfn::nn
#endif
