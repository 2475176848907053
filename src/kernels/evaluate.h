// SPDX-License-Identifier: Apache-2.0
// The formulas of an elementwise function on lanes: what the loops over memory have in common.
#if defined(ACTFN_KERNELS_EVALUATE_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_KERNELS_EVALUATE_H_
#undef ACTFN_KERNELS_EVALUATE_H_
#else
#define ACTFN_KERNELS_EVALUATE_H_
#endif

#include "kernels/entry.h"
#include "kernels/transform.h"
#include "math/marked.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// Whether the formulas are exact, or round once, in lanes of the type of the data.
template <class A>
inline constexpr bool kNative = requires { Math<A>::kNative; };

// Whether results of T and this order may come from float32 arithmetic: see kSingleOrders below.
template <Order order, class A, class T>
inline constexpr bool kMayBeSingle = [] {
  if constexpr (std::is_same_v<T, float> && requires { Math<A>::kSingleOrders; }) {
    return (Math<A>::kSingleOrders >> static_cast<int>(order) & 1) != 0;
  } else {
    return false;
  }
}();

// How many vectors a loop takes at once: fewer for loops that seldom run, to keep the code small.
template <Order order, class A, class T>
constexpr std::size_t AtOnce() {
  constexpr bool kOften = order == Order::value || order == Order::derivative;
  if (sizeof(T) == 8 || order >= Order::first_parameter) return 1;
  if (kNative<A> || kMayBeSingle<order, A, T>) return kAtOnce < 2 ? kAtOnce : 2;
  return kOften || kAtOnce < 2 ? kAtOnce : kAtOnce / 2;
}

// The N of the formulas (math/pair.h) for elements of type T.
template <Order order, class A, class T>
struct WorkOf {
  static constexpr std::size_t K = AtOnce<order, A, T>();
  using Wide = std::conditional_t<sizeof(T) == 8, Pair<K>, Lanes<double, K>>;
  using Plain = Lanes<std::conditional_t<sizeof(T) == 8, double, float>, K>;
  using Type = std::conditional_t<kNative<A>, Plain, Wide>;
};
template <Order order, class A, class T>
using Work = typename WorkOf<order, A, T>::Type;

// The parameters that the formulas of an order take: Math<A>::Prepare<order>(p), computed once for
// all elements, or p itself.
template <Order order, class A>
HWY_INLINE auto Prepared(const A& p) {
  if constexpr (requires { Math<A>::template Prepare<order>(p); }) {
    return Math<A>::template Prepare<order>(p);
  } else {
    return p;
  }
}

template <Order order, class A, class P, class N>
HWY_INLINE auto Evaluate(const P& p, const N& x) {
  if constexpr (order == Order::value) {
    return Round(Math<A>::Value(p, x));
  } else if constexpr (order == Order::derivative) {
    return Round(Math<A>::Derivative(p, x));
  } else if constexpr (order == Order::second_derivative) {
    return Round(Math<A>::SecondDerivative(p, x));
  } else if constexpr (order == Order::derivative_from_output) {
    return Round(Math<A>::DerivativeFromOutput(p, x));
  } else {
    constexpr std::size_t k = kernels::parameter_of_order(order);
    return Round(Math<A>::ParameterDerivative(p, x, std::integral_constant<std::size_t, k>()));
  }
}

// Bit `order` of Math<A>::kSingleOrders says that the formulas of that order take Lanes<float> too:
// then float32 results come from float32 arithmetic. If Math<A> has SingleFits(p), only for
// parameters for which it is true. The formulas serve the lanes of Math<A>::Near<order>(p, x), none
// of which is NaN; Math<A>::Far<order>(p, x), or arithmetic in doubles, serves the others. Without
// Near they serve all but NaN.
template <class A>
HWY_INLINE bool SingleFits([[maybe_unused]] const A& p) {
  if constexpr (requires { Math<A>::SingleFits(p); }) {
    return Math<A>::SingleFits(p);
  } else {
    return true;
  }
}

// What the formulas in Lanes<float> take in place of p: Math<A>::ForSingle<order>(p), computed once
// for all elements, or p itself.
template <Order order, class A>
HWY_INLINE auto PreparedForSingle(const A& p) {
  if constexpr (requires { Math<A>::template ForSingle<order>(p); }) {
    return Math<A>::template ForSingle<order>(p);
  } else {
    return p;
  }
}

using SingleLanes = Lanes<float, kAtOnce>;

template <Order order, class A, class P>
inline constexpr bool kHasNear =
    requires(const P& p, const SingleLanes& x) { Math<A>::template Near<order>(p, x); };

// The lanes that the formulas serve: Math<A>::Near<order>(p, x), or all but NaN.
template <Order order, class A, class P>
HWY_INLINE Mask<float, kAtOnce> NearOf(const P& p, const SingleLanes& x) {
  if constexpr (kHasNear<order, A, P>) {
    return Math<A>::template Near<order>(p, x);
  } else {
    return x == x;
  }
}

// All lanes from another loop over float32.
template <kernels::Map other>
HWY_INLINE SingleLanes FromLoop(const void* activation, const SingleLanes& x) {
  float all[SingleLanes::Count()];
  StoreLanes(x, all);
  other(activation, all, all, SingleLanes::Count());
  return LoadLanes<SingleLanes>(all);
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
