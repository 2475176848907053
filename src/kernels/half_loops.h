// SPDX-License-Identifier: Apache-2.0
// The loops of elementwise functions over 16-bit arrays, for functions with float32 arithmetic.
//
// Bit `order` of Math<A>::kHalfOrders says that the formulas of that order take Half (math/half.h).
// Without it arrays are converted to float32 and back, but for functions that are computed in the
// type itself or only select (selecting.h).
#if defined(ACTFN_KERNELS_HALF_LOOPS_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_KERNELS_HALF_LOOPS_H_
#undef ACTFN_KERNELS_HALF_LOOPS_H_
#else
#define ACTFN_KERNELS_HALF_LOOPS_H_
#endif

#include "kernels/evaluate.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

template <Order order, class A>
inline constexpr bool kTakesHalf = [] {
  if constexpr (requires { Math<A>::kHalfOrders; }) {
    return (Math<A>::kHalfOrders >> static_cast<int>(order) & 1) != 0;
  } else {
    return false;
  }
}();

// Whether there is a loop of this file.
template <Order order, class A, class T>
inline constexpr bool kHasHalfLoop = sizeof(T) == 2 && kernels::kHasType<T> && kTakesHalf<order, A>;

// The lanes that the formulas serve: Math<A>::NearHalf, if there is one, or Math<A>::Near.
template <Order order, class A>
HWY_INLINE Mask<float, kAtOnce> NearHalf(const A& p, const SingleLanes& x) {
  if constexpr (requires { Math<A>::template NearHalf<order>(p, x); }) {
    return Math<A>::template NearHalf<order>(p, x);
  } else {
    return NearOf<order, A>(p, x);
  }
}

// f(x), by the formulas where they serve, and by the loop of float32 elsewhere. NaN: NaN.
template <Order order, kernels::Map of_floats, class A>
HWY_INLINE SingleLanes FromHalf(const A& p, bool fits, const SingleLanes& x) {
  const SingleLanes y = Plain(Evaluate<order, A>(p, Half<kAtOnce>(x)));
  const auto near = NearHalf<order>(p, x);
  if (HWY_LIKELY(fits && AllOf(near))) return y;
  const SingleLanes other = FromLoop<of_floats>(&p, x);
  return fits ? Select(near, y, other) : other;
}

template <Order order, kernels::Map of_floats, class A, class T>
HWY_INLINE void MapHalf(const void* activation, const void* x, void* y, std::size_t n) {
  const A p = *static_cast<const A*>(activation);
  const bool fits = SingleFits(p);
  Transform<SingleLanes, true>({static_cast<const T*>(x)}, {static_cast<T*>(y)}, n,
                               [&](const auto& in, auto& out) ACTFN_BODY {
                                 out[0] = FromHalf<order, of_floats>(p, fits, in[0]);
                               });
}

template <Order order, kernels::Map of_floats, class A, class T>
HWY_INLINE void BackwardHalf(const void* activation, const void* x, const void* dy, void* dx,
                             std::size_t n) {
  const T* const from[] = {static_cast<const T*>(x), static_cast<const T*>(dy)};
  T* const to[] = {static_cast<T*>(dx)};
  const A p = *static_cast<const A*>(activation);
  const bool fits = SingleFits(p);
  Transform<SingleLanes, true>(from, to, n, [&](const auto& in, auto& out) ACTFN_BODY {
    out[0] = ResultOf(in[1] * FromHalf<order, of_floats>(p, fits, in[0]));
  });
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
