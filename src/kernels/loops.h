// The loops over memory. All elements run the same code, so neither the length nor the alignment of
// arrays changes results. The last elements, fewer than a step, are copied to a buffer and back: so
// nothing outside the arrays is read or written.
#if defined(ACTFN_KERNELS_LOOPS_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_KERNELS_LOOPS_H_
#undef ACTFN_KERNELS_LOOPS_H_
#else
#define ACTFN_KERNELS_LOOPS_H_
#endif

#include "kernels/entry.h"
#include "kernels/memory.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// Whether the formulas are exact, or round once, in lanes of the type of the data.
template <class A>
inline constexpr bool kNative = requires { Math<A>::kNative; };

// How many vectors a loop takes at once, at most: as many as the registers hold.
#if HWY_TARGET <= HWY_AVX3 || HWY_TARGET == HWY_NEON
constexpr std::size_t kAtOnce = 4;
#elif HWY_NATIVE_FMA
constexpr std::size_t kAtOnce = 2;
#else
constexpr std::size_t kAtOnce = 1;  // slow anyway: keep the code small
#endif

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
template <Order order, class A, class P, class T>
HWY_INLINE auto EvaluateAt(const P& p, const T* x) {
  using N = Work<order, A, T>;
  const auto in = LoadLanes<LaneOf<N>>(x);
  return KeepNan(in, Evaluate<order, A>(p, N(in)));
}

template <Order order, class A, class T>
static void MapLoop(const void* activation, const T* x, T* y, std::size_t n) {
  const auto p = Prepared<order>(*static_cast<const A*>(activation));
  constexpr std::size_t kStep = LaneOf<Work<order, A, T>>::Count();
  std::size_t i = 0;
  for (; i + kStep <= n; i += kStep) StoreLanes(EvaluateAt<order, A>(p, x + i), y + i);
  if (i >= n) return;
  Tail<T, kStep> tail(x + i, n - i);
  MapLoop<order, A, T>(activation, tail.data, tail.data, kStep);
  tail.CopyTo(y + i);
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

template <Order order, class A>
HWY_INLINE Lanes<float, kAtOnce> FromDoubles(const A& p, const float* x) {
  using N = Lanes<float, kAtOnce>;
  float exact[N::Count()];
  MapLoop<order, A>(&p, x, exact, N::Count());
  return LoadLanes<N>(exact);
}

// Each lane from float32 arithmetic if |x| < kReach, else (NaN too) from double arithmetic.
template <Order order, class A>
HWY_INLINE Lanes<float, kAtOnce> SingleAt(const A& p, const float* x) {
  using N = Lanes<float, kAtOnce>;
  const N in = LoadLanes<N>(x);
  const auto near = Abs(in) < N(kReach<A>);
  const N out = Evaluate<order, A>(p, in);
  if (HWY_LIKELY(AllOf(near))) return out;
  return Select(near, out, FromDoubles<order>(p, x));
}

template <Order order, class A>
static void SingleLoop(const void* activation, const float* x, float* y, std::size_t n) {
  constexpr std::size_t kStep = Lanes<float, kAtOnce>::Count();
  const A p = *static_cast<const A*>(activation);
  if (!SingleFits(p)) return MapLoop<order, A>(activation, x, y, n);
  std::size_t i = 0;
  for (; i + kStep <= n; i += kStep) StoreLanes(SingleAt<order>(p, x + i), y + i);
  if (i >= n) return;
  Tail<float, kStep> tail(x + i, n - i);
  SingleLoop<order, A>(activation, tail.data, tail.data, kStep);
  tail.CopyTo(y + i);
}

template <Order order, class A, class T>
constexpr typename kernels::Maps<T>::Map MapOf() {
  if constexpr (kMayBeSingle<order, A, T>) {
    return SingleLoop<order, A>;
  } else {
    return MapLoop<order, A, T>;
  }
}

template <Order order, class A, class T>
static void BackwardLoop(const void* activation, const T* x, const T* dy, T* dx, std::size_t n) {
  const auto p = Prepared<order>(*static_cast<const A*>(activation));
  using Lane = LaneOf<Work<order, A, T>>;
  constexpr std::size_t kStep = Lane::Count();
  std::size_t i = 0;
  for (; i + kStep <= n; i += kStep) {
    StoreLanes(LoadLanes<Lane>(dy + i) * EvaluateAt<order, A>(p, x + i), dx + i);
  }
  if (i >= n) return;
  Tail<T, kStep> tail(x + i, n - i);
  const Tail<T, kStep> gradient(dy + i, n - i);
  BackwardLoop<order, A, T>(activation, tail.data, gradient.data, tail.data, kStep);
  tail.CopyTo(dx + i);
}

template <Order order, class A>
static void SingleBackwardLoop(const void* activation, const float* x, const float* dy, float* dx,
                               std::size_t n) {
  using N = Lanes<float, kAtOnce>;
  constexpr std::size_t kStep = N::Count();
  const A p = *static_cast<const A*>(activation);
  const bool fits = SingleFits(p);
  std::size_t i = 0;
  for (; i + kStep <= n; i += kStep) {
    const N slope = fits ? SingleAt<order>(p, x + i) : FromDoubles<order>(p, x + i);
    StoreLanes(LoadLanes<N>(dy + i) * slope, dx + i);
  }
  if (i >= n) return;
  Tail<float, kStep> tail(x + i, n - i);
  const Tail<float, kStep> gradient(dy + i, n - i);
  SingleBackwardLoop<order, A>(activation, tail.data, gradient.data, tail.data, kStep);
  tail.CopyTo(dx + i);
}

// Only functions with little arithmetic, or with float32 arithmetic, have their own loop: for
// others, a second pass over the data costs little.
template <Order order, class A, class T>
constexpr typename kernels::Maps<T>::Backward BackwardOf() {
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
    sizeof(T) >= 4 || (HWY_NATIVE_FMA && kNative<A> && std::is_same_v<T, bfloat16>);

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
  using Map = typename kernels::Maps<T>::Map;
  return std::array<Map, sizeof...(k)>{MapLoop<kernels::order_of_parameter(k), A, T>...};
}
template <class A, class T>
inline constexpr auto kParameterMaps =
    ParameterMapsOf<A, T>(std::make_index_sequence<kLearnableCount<A>>());

template <class A, class T>
constexpr kernels::Maps<T> MapsOf() {
  kernels::Maps<T> maps;
  if constexpr (kDirect<A, T>) {
    maps.value = MapOf<Order::value, A, T>();
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

template <class A>
inline constexpr kernels::Kernels kKernels = {MapsOf<A, float>(), MapsOf<A, double>(),
                                              MapsOf<A, bfloat16>(), MapsOf<A, float16>()};

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace actfn::kernels {
namespace {

template <class A>
constexpr PerTarget<Kernels> all_kernels() {
  if constexpr (HWY_NAMESPACE::kNative<A>) {
    return ACTFN_PER_TARGET(kKernels<A>);
  } else {
    return ACTFN_PER_TARGET_WITH_FMA(kKernels<A>);
  }
}

template <class A>
constexpr Entry make_entry() {
  using Made = EntryFacts<A, HWY_NAMESPACE::Math<A>>;
  return {functions::descriptor_of<A>, Made::output_conflict,        Made::slopes,    Made::learnable(),
          Made::learned_as(),          HWY_NAMESPACE::kNative<A>, all_kernels<A>()};
}

}  // namespace
}  // namespace actfn::kernels
#endif

#endif
