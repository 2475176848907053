// SPDX-License-Identifier: Apache-2.0
#include "nn/scalar_ops.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/scalar_ops.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/memory.h"
#include "kernels/table.h"
#include "math/log.h"
#include "math/log1p.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {
using V = Lanes<double, 1>;
using N = Pair<1>;

double Softplus(double x) {
  const V v(x);
  const V y = Max(v, V(0)) + Round(Log1pOfDecay(N(Abs(v))));
  return hn::GetLane(KeepNan(v, y).v[0]);
}

double InverseSoftplus(double y) {
  const V v(y);
  return hn::GetLane((v + LogOf(-Round(Expm1Down(N(-v))))).v[0]);
}

double LogisticOf(double x) {
  const V v(x);
  return hn::GetLane(KeepNan(v, Round(Logistic(N(v)))).v[0]);
}

constexpr nn::ScalarOps kScalarOps = {Softplus, InverseSoftplus, LogisticOf};

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace actfn::nn {
namespace {

const ScalarOps& ops() {
  static constexpr kernels::PerTarget<ScalarOps> kAll = ACTFN_PER_TARGET_WITH_FMA(kScalarOps);
  return kAll.of(kernels::active_target());
}

}  // namespace

double softplus(double x) { return ops().softplus(x); }
double inverse_softplus(double y) { return ops().inverse_softplus(y); }
double logistic(double x) { return ops().logistic(x); }

}  // namespace actfn::nn
#endif
