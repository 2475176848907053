// The loops over memory of elementwise functions.
#if defined(ACTFN_KERNELS_LOOPS_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_KERNELS_LOOPS_H_
#undef ACTFN_KERNELS_LOOPS_H_
#else
#define ACTFN_KERNELS_LOOPS_H_
#endif

#include "kernels/built.h"
#include "kernels/entry.h"
#include "kernels/transform.h"

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

// Where x is NaN, the result is NaN: formulas need not care.
template <Order order, class A, class T>
static void MapLoop(const void* activation, const void* x, void* y, std::size_t n) {
  using N = Work<order, A, T>;
  const auto p = Prepared<order>(*static_cast<const A*>(activation));
  Transform<LaneOf<N>>({static_cast<const T*>(x)}, {static_cast<T*>(y)}, n, [&](const auto& in, auto& out) ACTFN_BODY {
    out[0] = KeepNan(in[0], Evaluate<order, A>(p, N(in[0])));
  });
}

// Bit `order` of Math<A>::kSingleOrders says that the formulas of that order take Lanes<float> too:
// then float32 results come from float32 arithmetic. If Math<A> has SingleFits(p), only for
// parameters for which it is true.
template <class A>
HWY_INLINE bool SingleFits([[maybe_unused]] const A& p) {
  if constexpr (requires { Math<A>::SingleFits(p); }) {
    return Math<A>::SingleFits(p);
  } else {
    return true;
  }
}

// float32 arithmetic is accurate enough for |x| < kReach.
template <class A>
inline constexpr double kReach = [] {
  if constexpr (requires { Math<A>::kSingleReach; }) {
    return Math<A>::kSingleReach;
  } else {
    return kSingleReach;
  }
}();

using SingleLanes = Lanes<float, kAtOnce>;

template <Order order, class A>
HWY_INLINE SingleLanes FromDoubles(const A& p, const SingleLanes& x) {
  float all[SingleLanes::Count()];
  StoreLanes(x, all);
  MapLoop<order, A, float>(&p, all, all, SingleLanes::Count());
  return LoadLanes<SingleLanes>(all);
}

// Each lane from float32 arithmetic if |x| < kReach, else (NaN too) from double arithmetic.
template <Order order, class A>
HWY_INLINE SingleLanes Single(const A& p, const SingleLanes& x) {
  const auto near = Abs(x) < SingleLanes(kReach<A>);
  const SingleLanes out = Evaluate<order, A>(p, x);
  if (HWY_LIKELY(AllOf(near))) return out;
  return Select(near, out, FromDoubles<order>(p, x));
}

template <Order order, class A>
static void SingleLoop(const void* activation, const void* x, void* y, std::size_t n) {
  const A p = *static_cast<const A*>(activation);
  if (!SingleFits(p)) return MapLoop<order, A, float>(activation, x, y, n);
  Transform<SingleLanes>(
      {static_cast<const float*>(x)}, {static_cast<float*>(y)}, n, [&](const auto& in, auto& out) ACTFN_BODY { out[0] = Single<order>(p, in[0]); });
}

template <Order order, class A, class T>
constexpr kernels::Map MapOf() {
  if constexpr (kMayBeSingle<order, A, T>) {
    return SingleLoop<order, A>;
  } else {
    return MapLoop<order, A, T>;
  }
}

template <Order order, class A, class T>
static void BackwardLoop(const void* activation, const void* x, const void* dy, void* dx,
                         std::size_t n) {
  using N = Work<order, A, T>;
  const auto p = Prepared<order>(*static_cast<const A*>(activation));
  const T* const from[] = {static_cast<const T*>(x), static_cast<const T*>(dy)};
  Transform<LaneOf<N>>(from, {static_cast<T*>(dx)}, n, [&](const auto& in, auto& out) ACTFN_BODY {
    out[0] = in[1] * KeepNan(in[0], Evaluate<order, A>(p, N(in[0])));
  });
}

template <Order order, class A>
static void SingleBackwardLoop(const void* activation, const void* x, const void* dy, void* dx,
                               std::size_t n) {
  const A p = *static_cast<const A*>(activation);
  const bool fits = SingleFits(p);
  const float* const from[] = {static_cast<const float*>(x), static_cast<const float*>(dy)};
  Transform<SingleLanes>(from, {static_cast<float*>(dx)}, n, [&](const auto& in, auto& out) ACTFN_BODY {
    out[0] = in[1] * (fits ? Single<order>(p, in[0]) : FromDoubles<order>(p, in[0]));
  });
}

// Only functions with little arithmetic, or with float32 arithmetic, have their own loop: for
// others, a second pass over the data costs little.
template <Order order, class A, class T>
constexpr kernels::Derivatives::Backward BackwardOf() {
  if constexpr (kMayBeSingle<order, A, T>) {
    return SingleBackwardLoop<order, A>;
  } else if constexpr (kNative<A> && order == Order::derivative) {
    return BackwardLoop<order, A, T>;
  } else {
    return nullptr;
  }
}

template <class A>
inline constexpr bool kHasOutputForm = !Math<A>::kFacts.from_output.empty();

// 16-bit arrays are converted to float32 and back (kernels/evaluator.h), except for functions with
// so little arithmetic that this would take most of the time.
template <class A, class T>
inline constexpr bool kDirect =
    kernels::kHasType<T> &&
    (sizeof(T) >= 4 || (HWY_NATIVE_FMA && kNative<A> && std::is_same_v<T, bfloat16>));

template <class A>
inline constexpr std::size_t kLearnableCount = [] {
  if constexpr (requires { Math<A>::kLearnable; }) {
    return std::size(Math<A>::kLearnable);
  } else {
    return std::size_t{0};
  }
}();

template <class A, class T, std::size_t... k>
constexpr auto ParameterMapsOf(std::index_sequence<k...> /*all*/) {
  return std::array<kernels::Map, sizeof...(k)>{MapLoop<kernels::order_of_parameter(k), A, T>...};
}
template <class A, class T>
inline constexpr auto kParameterMaps =
    ParameterMapsOf<A, T>(std::make_index_sequence<kLearnableCount<A>>());

template <class A, class T>
constexpr kernels::Map ValueOf() {
  if constexpr (kDirect<A, T>) return MapOf<Order::value, A, T>();
  return nullptr;
}

template <class A, class T>
constexpr kernels::Derivatives DerivativesOf() {
  kernels::Derivatives maps;
  if constexpr (kDirect<A, T>) {
    maps.derivative = MapOf<Order::derivative, A, T>();
    if constexpr (sizeof(T) >= 4) {
      maps.second_derivative = MapOf<Order::second_derivative, A, T>();
      if constexpr (kHasOutputForm<A>) {
        maps.derivative_from_output = MapOf<Order::derivative_from_output, A, T>();
      }
      if constexpr (kLearnableCount<A> != 0) maps.parameters = kParameterMaps<A, T>.data();
    }
    maps.backward = BackwardOf<Order::derivative, A, T>();
    maps.backward_from_output = BackwardOf<Order::derivative_from_output, A, T>();
  }
  return maps;
}

// In the order of Type.
template <class A>
inline constexpr kernels::ForTypes<kernels::Map> kValues = {
    ValueOf<A, float>(), ValueOf<A, double>(), ValueOf<A, bfloat16>(), ValueOf<A, float16>()};
template <class A>
inline constexpr kernels::ForTypes<kernels::Derivatives> kDerivatives = {
    DerivativesOf<A, float>(), DerivativesOf<A, double>(), DerivativesOf<A, bfloat16>(),
    DerivativesOf<A, float16>()};

// What an element costs, for the choice of the number of threads: measured for some functions of
// each kind of arithmetic.
template <class A>
constexpr kernels::ForTypes<float> Nanoseconds() {
  if (kNative<A>) return {0.06F, 0.12F, 0.06F, 0.1F};
  const float of_float = kMayBeSingle<Order::value, A, float> ? 0.3F : 1;
  return {of_float, 5, of_float, of_float};
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
  if constexpr (HWY_NAMESPACE::kNative<A>) {
    made.kernels = ACTFN_PER_TARGET(kDerivatives<A>);
  } else {
    made.kernels = ACTFN_PER_TARGET_WITH_FMA(kDerivatives<A>);
  }
  return made;
}

}  // namespace
}  // namespace actfn::kernels
#endif

#endif
