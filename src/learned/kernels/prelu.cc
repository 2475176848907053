// SPDX-License-Identifier: Apache-2.0
// The loops of PReLU, and a descriptor of every file of src/learned/.
#include "learned/kernels/prelu.h"

#include "catalogue/describe.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "learned/kernels/prelu.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/transform.h"
#include "learned/kernels/learned_file.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

#include "learned/functions.inc"

using Math = LearnedMath<Prelu>;

template <class T>
using Block = Lanes<T, HWY_NATIVE_FMA ? 2 : 1>;

template <class T>
void Fill(T w, T* to, std::size_t n) {
  const Tag<T> d;
  const auto all = hn::Set(d, w);
  for (std::size_t i = 0; i < n; i += hn::MaxLanes(d)) hn::StoreU(all, d, to + i);
}

template <class T>
void Value(const T* x, const T* w, T* y, std::size_t n) {
  Transform<Block<T>, true>({x, w}, {y}, n, [](const auto& in, auto& out) ACTFN_BODY {
    out[0] = Math::Value(in[0], in[1]);
  });
}

template <class T>
void Backward(const T* x, const T* w, const T* dy, T* dx, std::size_t n) {
  Transform<Block<T>, true>({x, w, dy}, {dx}, n, [](const auto& in, auto& out) ACTFN_BODY {
    out[0] = Math::Backward(in[0], in[1], in[2]);
  });
}

// Computes in double, where products of float32 numbers are exact.
template <class T>
void ForDy(const T* x, const T* w, const T* v, const T* v_weight, T* for_dy, std::size_t n) {
  Transform<Block<double>, true>({x, w, v, v_weight}, {for_dy}, n,
                                 [](const auto& in, auto& out) ACTFN_BODY {
                                   out[0] = Math::ForDy(in[0], in[1], in[2], in[3]);
                                 });
}

// W: the type to compute in.
template <class W, class T, class Out>
void Below(const T* x, const T* a, const T* b, Out* y, std::size_t n) {
  Transform<Block<W>, true>({x, a, b}, {y}, n, [](const auto& in, auto& out) ACTFN_BODY {
    out[0] = Math::ProductBelow(in[0], in[1], in[2]);
  });
}

template <class T>
constexpr learned::PreluLoops<T> kLoops = {Fill<T>,  Value<T>,    Backward<T>,
                                           ForDy<T>, Below<T, T>, Below<double, T>};

constexpr learned::PreluTable kTable = {kLoops<float>, kLoops<double>};

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace actfn::functions {
#include "learned/describe.inc"
}  // namespace actfn::functions

namespace actfn::learned {

const PreluTable& prelu_loops(kernels::Target target) {
  static constexpr kernels::PerTarget<PreluTable> kAll = ACTFN_PER_TARGET(kTable);
  return kAll.of(target);
}

}  // namespace actfn::learned
#endif
