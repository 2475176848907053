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
#include "kernels/type.h"

#include <algorithm>

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

// The first of the largest; NaN if one of them is.
template <class T>
T LargestOfFew(const T* x, std::size_t n) {
  T largest = x[0];
  for (std::size_t i = 1; i < n; ++i) {
    largest = x[i] > largest || x[i] != x[i] ? x[i] : largest;
  }
  return kernels::canonical(largest);
}

// The same for n of at least a vector. The last vector may overlap the one before.
template <class T>
T LargestOfMany(const T* x, std::size_t n) {
  using V = One<T>;
  V largest = LoadLanes<V>(x);
  auto numbers = largest == largest;
  const auto take = [&](std::size_t i) HWY_ATTR {
    const V here = LoadLanes<V>(x + i);
    largest = Max(largest, here);
    numbers = And(numbers, here == here);
  };
  for (std::size_t i = V::Count(); i + V::Count() <= n; i += V::Count()) take(i);
  take(n - V::Count());
  T lanes[V::Count()];
  StoreLanes(largest, lanes);
  const T most = *std::max_element(lanes, lanes + V::Count());
  // A maximum says nothing of NaN, and not which zero came first.
  return AllOf(numbers) && most != 0 ? most : LargestOfFew(x, n);
}

// Groups that are shorter than a vector: one member of several groups at a time.
template <class T>
void MaxoutOfFew(const T* x, std::size_t group, T* y, std::size_t n) {
  using V = One<T>;
  const Tag<T> d;
  const Tag<typename V::Whole> di;
  const auto starts = hn::Mul(hn::Iota(di, 0), hn::Set(di, static_cast<typename V::Whole>(group)));
  std::size_t i = 0;
  for (; i + V::Count() <= n; i += V::Count()) {
    const T* const from = x + i * group;
    V largest, index = 0;
    largest.v[0] = hn::GatherIndex(d, from, starts);
    for (std::size_t k = 1; k < group; ++k) {
      V here;
      here.v[0] = hn::GatherIndex(d, from + k, starts);
      GroupedMath<Maxout>::Compare(here, V(0), largest, index);
    }
    StoreLanes(ResultOf(largest), y + i);
  }
  for (; i < n; ++i) y[i] = LargestOfFew(x + i * group, group);
}

template <class T>
void MaxoutRows(const T* x, std::size_t group, T* y, std::size_t n) {
  if (group < One<T>::Count()) return MaxoutOfFew(x, group, y, n);
  for (std::size_t i = 0; i < n; ++i) y[i] = LargestOfMany(x + i * group, group);
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
    return {CreluForward<T>, CreluBackward<T>, MaxoutForward<T>, MaxoutBackward<T>, MaxoutRows<T>};
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
