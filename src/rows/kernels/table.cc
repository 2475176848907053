// SPDX-License-Identifier: Apache-2.0
// Every function of src/rows for every instruction set. They are in one file so that shared code is
// compiled once.
#include "rows/kernels/table.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rows/kernels/table.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/built.h"
#include "rows/kernels/row_math.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

#include "rows/functions.inc"

// Kernels cast parameters back to their type. Reductions have none.
template <class F, class T>
void Forward(const void* f, const T* x, T* y, std::size_t n, Stores stores) {
  RowMath<F>::Forward(*static_cast<const F*>(f), x, y, n, stores);
}
template <class F, class T>
void Backward(const void* f, const T* y, const T* dy, T* dx, std::size_t n, Stores stores) {
  RowMath<F>::Backward(*static_cast<const F*>(f), y, dy, dx, n, stores);
}
template <class F>
void Twice(const void* f, const rows::DoubleBackward& arrays, std::size_t n) {
  RowMath<F>::DoubleBackward(*static_cast<const F*>(f), arrays, n);
}

// Nothing for types that the build leaves out.
template <class F, class T>
constexpr rows::Forward<T> ForwardOf() {
  if constexpr (kernels::kHasType<T>) return {Forward<F, T>};
  return {};
}
template <class F, class T>
constexpr rows::Backward<T> BackwardOf() {
  if constexpr (kernels::kHasType<T>) return {Backward<F, T>};
  return {};
}
template <class F, class T>
constexpr rows::Reduce<T> ReduceOf() {
  if constexpr (kernels::kHasType<T>) return {RowMath<F>::template Forward<T>};
  return {};
}

template <class F>
constexpr kernels::PerType<rows::Forward, float, double> kForward = {ForwardOf<F, float>(),
                                                                     ForwardOf<F, double>()};
template <class F>
constexpr rows::Gradients kGradients = {{BackwardOf<F, float>(), BackwardOf<F, double>()},
                                        Twice<F>};

template <class F>
constexpr kernels::PerType<rows::Reduce, float, double> kReduce = {ReduceOf<F, float>(),
                                                                   ReduceOf<F, double>()};

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "catalogue/describe.h"

#include <algorithm>

namespace actfn::functions {
#include "rows/describe.inc"
}  // namespace actfn::functions

namespace actfn::rows {

SinkGradient& softmax1_by_sink(kernels::Target target) {
  static constexpr kernels::PerTarget<SinkGradient> kAll =
      ACTFN_PER_TARGET_WITH_FMA(RowMath<Softmax1>::SinkGradient);
  return kAll.of(target);
}

}  // namespace actfn::rows

namespace actfn::kernels {
namespace {

template <class F>
constexpr bool kReduces = std::is_same_v<functions::ListFor<F>, RowReduction>;

template <class F>
constexpr double excluded() {
  if constexpr (requires { HWY_NAMESPACE::RowMath<F>::kExcluded; }) {
    return HWY_NAMESPACE::RowMath<F>::kExcluded;
  } else {
    return -std::numeric_limits<double>::infinity();
  }
}

template <class F>
double nanoseconds([[maybe_unused]] const void* f) {
  if constexpr (requires(const F& p) { HWY_NAMESPACE::RowMath<F>::Nanoseconds(p); }) {
    return HWY_NAMESPACE::RowMath<F>::Nanoseconds(*static_cast<const F*>(f));
  } else {
    return rows::kNanoseconds;
  }
}

template <class F>
constexpr EntryOf<functions::ListFor<F>> make_entry() {
  if constexpr (kReduces<F>) {
    return {functions::descriptor_of<F>, ACTFN_PER_TARGET_WITH_FMA(kReduce<F>)};
  } else {
    return {functions::descriptor_of<F>, excluded<F>(), nanoseconds<F>,
            ACTFN_PER_TARGET_WITH_FMA(kForward<F>)};
  }
}

template <class F>
constexpr GradientsOf<functions::ListFor<F>> make_gradients() {
  if constexpr (kReduces<F>) {
    return {ACTFN_PER_TARGET_WITH_FMA(RowMath<F>::Backward)};
  } else {
    return {ACTFN_PER_TARGET_WITH_FMA(kGradients<F>)};
  }
}

}  // namespace
}  // namespace actfn::kernels

namespace actfn {
#include "rows/entries.inc"
#undef ACTFN_ENTRY
#define ACTFN_ENTRY ACTFN_GRADIENTS
#include "rows/entries.inc"
}  // namespace actfn
#endif
