// SPDX-License-Identifier: Apache-2.0
// The loops over memory of elementwise functions.
#if defined(ACTFN_KERNELS_LOOPS_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_KERNELS_LOOPS_H_
#undef ACTFN_KERNELS_LOOPS_H_
#else
#define ACTFN_KERNELS_LOOPS_H_
#endif

#include "catalogue/describe.h"
#include "kernels/built.h"
#include "kernels/by_backward.h"
#include "kernels/half_loops.h"
#include "kernels/selecting.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// Where x is NaN, the result is NaN: formulas need not care.
template <Order order, class A, class T>
HWY_INLINE void MapExactly(const void* activation, const void* x, void* y, std::size_t n) {
  using N = Work<order, A, T>;
  const auto p = Prepared<order>(*static_cast<const A*>(activation));
  Transform<LaneOf<N>, true>({static_cast<const T*>(x)}, {static_cast<T*>(y)}, n,
                             [&](const auto& in, auto& out) ACTFN_BODY {
                               out[0] = ResultOf(in[0], Evaluate<order, A>(p, N(in[0])));
                             });
}

// Below, `few` is MapExactly() of the same order, not inlined: for parameters that float32
// arithmetic does not serve, and for lanes that are not near if there is no Math<A>::Far.

// out, with the lanes of x that are not near from Math<A>::Far<order>(p, x); NaN where x is NaN.
template <Order order, kernels::Map few, class A, class P>
HWY_INLINE SingleLanes WithFar(const P& p, const Mask<float, kAtOnce>& near, const SingleLanes& x,
                               const SingleLanes& out) {
  if constexpr (!kHasNear<order, A, P>) {
    return ResultOf(x, out);
  } else if constexpr (requires { Math<A>::template Far<order>(p, x); }) {
    return ResultOf(x, Select(near, out, Math<A>::template Far<order>(p, x)));
  } else {
    static_assert(std::is_same_v<P, A>);
    return Select(near, out, FromLoop<few>(&p, x));
  }
}

// N: SingleLanes, or those marked fast (kernels/accuracies.h). p: PreparedForSingle<order, A>().
template <Order order, kernels::Map few, class N, class A, class P>
HWY_INLINE SingleLanes Single(const P& p, const SingleLanes& x) {
  const auto near = NearOf<order, A>(p, x);
  const SingleLanes out = Plain(Evaluate<order, A>(p, N(x)));
  if (HWY_LIKELY(AllOf(near))) return out;
  return WithFar<order, few, A>(p, near, x, out);
}

template <Order order, kernels::Map few, class N, class A>
HWY_INLINE void MapSingle(const void* activation, const void* x, void* y, std::size_t n) {
  const A& all = *static_cast<const A*>(activation);
  if (!SingleFits(all)) return few(activation, x, y, n);
  const auto p = PreparedForSingle<order>(all);
  Transform<SingleLanes, true>({static_cast<const float*>(x)}, {static_cast<float*>(y)}, n,
                               [&](const auto& in, auto& out)
                                   ACTFN_BODY { out[0] = Single<order, few, N, A>(p, in[0]); });
}

template <Order order, kernels::Map few, class A, class T>
HWY_INLINE void Map(const void* activation, const void* x, void* y, std::size_t n) {
  if constexpr (kSelectsFrom<order, A, T>) {
    MapSelecting<order, A, T>(activation, x, y, n);
  } else if constexpr (kMayBeSingle<order, A, T>) {
    MapSingle<order, few, SingleLanes, A>(activation, x, y, n);
  } else {
    MapExactly<order, A, T>(activation, x, y, n);
  }
}

template <Order order, kernels::Map few, class N, class A>
HWY_INLINE void BackwardSingle(const void* activation, const void* x, const void* dy, void* dx,
                               std::size_t n) {
  const float* const from[] = {static_cast<const float*>(x), static_cast<const float*>(dy)};
  float* const to[] = {static_cast<float*>(dx)};
  const A& all = *static_cast<const A*>(activation);
  const bool fits = SingleFits(all);
  const auto p = PreparedForSingle<order>(all);
  Transform<SingleLanes>(from, to, n, [&](const auto& in, auto& out) ACTFN_BODY {
    out[0] = in[1] * (fits ? Single<order, few, N, A>(p, in[0]) : FromLoop<few>(&all, in[0]));
  });
}

template <Order order, kernels::Map few, class A, class T>
HWY_INLINE void Backward(const void* activation, const void* x, const void* dy, void* dx,
                         std::size_t n) {
  if constexpr (kMayBeSingle<order, A, T>) {
    BackwardSingle<order, few, SingleLanes, A>(activation, x, dy, dx, n);
  } else {
    const T* const from[] = {static_cast<const T*>(x), static_cast<const T*>(dy)};
    T* const to[] = {static_cast<T*>(dx)};
    using N = Work<order, A, T>;
    const auto p = Prepared<order>(*static_cast<const A*>(activation));
    Transform<LaneOf<N>, true>(from, to, n, [&](const auto& in, auto& out) ACTFN_BODY {
      out[0] = ResultOf(in[0], in[1] * Evaluate<order, A>(p, N(in[0])));
    });
  }
}

// Math<A>::ValueAndDerivative(p, x) has the bits of Value() and Derivative(), from arithmetic that
// both share, for all parameters.
template <class A>
inline constexpr bool kSharesParts =
    requires(const A& p, const SingleLanes& x) { Math<A>::ValueAndDerivative(p, x); };

template <class A>
HWY_INLINE void MapBoth(const void* activation, const void* x, void* y, void* dydx, std::size_t n) {
  static_assert(!requires(const A& p) { Math<A>::SingleFits(p); });
  const A p = *static_cast<const A*>(activation);
  Transform<SingleLanes, true>(
      {static_cast<const float*>(x)}, {static_cast<float*>(y), static_cast<float*>(dydx)}, n,
      [&](const auto& in, auto& out) ACTFN_BODY {
        const auto near = NearOf<Order::value, A>(p, in[0]);
        const auto near_slope = NearOf<Order::derivative, A>(p, in[0]);
        const auto both = Math<A>::ValueAndDerivative(p, in[0]);
        out = {both.value, both.slope};
        if (HWY_LIKELY(AllOf(And(near, near_slope)))) return;
        out[0] = WithFar<Order::value, nullptr, A>(p, near, in[0], out[0]);
        out[1] = WithFar<Order::derivative, nullptr, A>(p, near_slope, in[0], out[1]);
      });
}

template <class A>
inline constexpr bool kHasOutputForm = !Math<A>::kFacts.from_output.empty();

// Whether the loop of an order takes arrays of T. Other 16-bit arrays are converted to float32 and
// back (kernels/evaluator.h).
template <Order order, class A, class T>
inline constexpr bool kDirect =
    kernels::kHasType<T> &&
    (sizeof(T) >= 4 || (HWY_NATIVE_FMA && kNative<A>) || kHasHalfLoop<order, A, T>);

template <class A>
inline constexpr std::size_t kLearnableCount = [] {
  if constexpr (requires { Math<A>::kLearnable; }) {
    return std::size(Math<A>::kLearnable);
  } else {
    return std::size_t{0};
  }
}();

template <std::size_t k, class A, class T>
static void ParameterLoop(const void* activation, const void* x, void* y, std::size_t n) {
  MapExactly<kernels::order_of_parameter(k), A, T>(activation, x, y, n);
}
template <class A, class T, std::size_t... k>
constexpr auto ParameterMapsOf(std::index_sequence<k...> /*all*/) {
  return std::array<kernels::Map, sizeof...(k)>{ParameterLoop<k, A, T>...};
}
template <class A, class T>
inline constexpr auto kParameterMaps =
    ParameterMapsOf<A, T>(std::make_index_sequence<kLearnableCount<A>>());
template <class A, class T>
constexpr const kernels::Map* ParametersOf() {
  if constexpr (sizeof(T) >= 4 && kLearnableCount<A> != 0) return kParameterMaps<A, T>.data();
  return nullptr;
}

template <class A>
HWY_NOINLINE static void FewValues(const void* activation, const void* x, void* y, std::size_t n) {
  MapExactly<Order::value, A, float>(activation, x, y, n);
}
template <class A, class T>
static void ValueLoop(const void* activation, const void* x, void* y, std::size_t n) {
  if constexpr (kHasHalfLoop<Order::value, A, T>) {
    MapHalf<Order::value, ValueLoop<A, float>, A, T>(activation, x, y, n);
  } else {
    Map<Order::value, FewValues<A>, A, T>(activation, x, y, n);
  }
}
template <class A, class T>
constexpr kernels::Map ValueOf() {
  if constexpr (kDirect<Order::value, A, T>) return ValueLoop<A, T>;
  return nullptr;
}

// In the order of Type.
template <class A>
inline constexpr kernels::ForTypes<kernels::Map> kValues = {
    ValueOf<A, float>(), ValueOf<A, double>(), ValueOf<A, bfloat16>(), ValueOf<A, float16>()};

// What an element costs, for the choice of the number of threads: measured for some functions of
// each kind of arithmetic.
template <class A>
constexpr kernels::ForTypes<float> Nanoseconds() {
  if (kNative<A>) return {0.06F, 0.12F, 0.06F, 0.1F};
  const float of_float = kMayBeSingle<Order::value, A, float> ? 0.5F : 1.5F;
  return {of_float, 6, of_float, of_float};
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace actfn::kernels {
namespace {

template <class A>
constexpr EntryOf<Activation> make_entry() {
  constexpr ForTypes<float> kNanoseconds = HWY_NAMESPACE::Nanoseconds<A>();
  if constexpr (HWY_NAMESPACE::kNative<A>) {
    return {functions::descriptor_of<A>, kNanoseconds, ACTFN_PER_TARGET(kValues<A>)};
  } else {
    return {functions::descriptor_of<A>, kNanoseconds, ACTFN_PER_TARGET_WITH_FMA(kValues<A>)};
  }
}

// The tables of kernels/derivative_loops.h; the file of A defines it.
template <class A>
constexpr PerTarget<ForTypes<Derivatives>> derivatives();

// Of the struct in src/activations/NAME.h.
template <class A>
constexpr GradientsOf<Activation> make_gradients() {
  using Math = HWY_NAMESPACE::Math<A>;
  GradientsOf<Activation> made = {};
  made.output_conflict = []([[maybe_unused]] const void* a) -> std::string_view {
    if (Math::kFacts.from_output.empty()) return "the derivative can't be had from the output";
    if constexpr (requires(const A& p) { Math::OutputConflict(p); }) {
      return Math::OutputConflict(*static_cast<const A*>(a));
    }
    return {};
  };
  made.slopes = []([[maybe_unused]] const void* a) -> Slopes {
    if constexpr (requires(const A& p) { Math::TwoSlopes(p); }) {
      return Math::TwoSlopes(*static_cast<const A*>(a));
    }
    return {};
  };
  if constexpr (requires { Math::kLearnable; }) made.learnable = Math::kLearnable;
  if constexpr (requires { Math::kLearnedAs; }) {
    static_assert(std::size(Math::kLearnedAs) == HWY_NAMESPACE::kLearnableCount<A>);
    made.learned_as = Math::kLearnedAs;
  }
  static_assert(HWY_NAMESPACE::kLearnableCount<A> <= kMaxLearnable);
  made.kernels = derivatives<A>();
  return made;
}

}  // namespace
}  // namespace actfn::kernels
#endif

#endif
