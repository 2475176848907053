// SPDX-License-Identifier: Apache-2.0
// The loops of every file of src/grouped/, and their descriptors.
#include "grouped/kernels/loops.h"

#include "catalogue/describe.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "grouped/kernels/loops.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "grouped/kernels/grouped_file.h"
#include "kernels/built.h"
#include "kernels/transform.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

#include "grouped/functions.inc"

template <class T>
void CreluForward(const T* x, T* first, T* second, std::size_t n) {
  Transform<One<T>>({x}, {first, second}, n, [](const auto& in, auto& out) ACTFN_BODY {
    out[0] = GroupedMath<Crelu>::First(in[0]);
    out[1] = GroupedMath<Crelu>::Second(in[0]);
  });
}

template <class T>
void CreluBackward(const T* x, const T* dfirst, const T* dsecond, T* dx, std::size_t n) {
  Transform<One<T>>({x, dfirst, dsecond}, {dx}, n, [](const auto& in, auto& out) ACTFN_BODY {
    out[0] = GroupedMath<Crelu>::Backward(in[0], in[1], in[2]);
  });
}

template <class T>
void MaxoutForward(const T* x, T k, T* largest, T* index, std::size_t n) {
  Transform<One<T>, true>({x, largest, index}, {largest, index}, n,
                          [k](const auto& in, auto& out) ACTFN_BODY {
                            out[0] = in[1];
                            out[1] = in[2];
                            GroupedMath<Maxout>::Compare(in[0], One<T>(k), out[0], out[1]);
                          });
}

template <class T>
void MaxoutBackward(const T* largest, const T* index, T k, const T* dy, T* dx, std::size_t n) {
  Transform<One<T>, true>({largest, index, dy}, {dx}, n, [k](const auto& in, auto& out) ACTFN_BODY {
    out[0] = GroupedMath<Maxout>::Backward(in[0], in[1], One<T>(k), in[2]);
  });
}

// Nothing for types that the build leaves out.
template <class T>
constexpr grouped::Arithmetic<T> ArithmeticOf() {
  if constexpr (kernels::kHasType<T>) {
    return {CreluForward<T>, CreluBackward<T>, MaxoutForward<T>, MaxoutBackward<T>};
  } else {
    return {};
  }
}

constexpr grouped::Loops kLoops = {ArithmeticOf<float>(), ArithmeticOf<double>()};

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace actfn::functions {
#include "grouped/describe.inc"
}  // namespace actfn::functions

namespace actfn::grouped {

const Loops& loops(kernels::Target target) {
  static constexpr kernels::PerTarget<Loops> kAll = ACTFN_PER_TARGET_WITH_FMA(kLoops);
  return kAll.of(target);
}

}  // namespace actfn::grouped
#endif
