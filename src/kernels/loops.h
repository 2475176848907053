// The loops over memory. Body and tail run the same code, so that neither length nor alignment
// ever changes a bit; the tail goes through a buffer, so that nothing outside is touched.
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

// Formulas that are exact, or rounded once, in the lanes of the data itself.
template <class A>
inline constexpr bool kNative = requires { Math<A>::kNative; };

// How many vectors work in step: as many as the registers hold.
#if HWY_TARGET <= HWY_AVX3 || HWY_TARGET == HWY_NEON
constexpr std::size_t kAtOnce = 4;
#elif HWY_NATIVE_FMA
constexpr std::size_t kAtOnce = 2;
#else
constexpr std::size_t kAtOnce = 1;  // slow in any case: keep it small
#endif

// What a formula computes in, T being the type in memory: see math/pair.h.
template <class A, class T>
struct WorkOf {
  static constexpr std::size_t K = sizeof(T) == 8 ? 1
                                   : kNative<A>   ? (kAtOnce < 2 ? kAtOnce : 2)
                                                  : kAtOnce;
  using Wide = std::conditional_t<sizeof(T) == 8, Pair<K>, Lanes<double, K>>;
  using Plain = Lanes<std::conditional_t<sizeof(T) == 8, double, float>, K>;
  using Type = std::conditional_t<kNative<A>, Plain, Wide>;
};
template <class A, class T>
using Work = typename WorkOf<A, T>::Type;

using kernels::Order;

template <Order order, class A, class N>
HWY_INLINE auto Evaluate(const A& p, const N& x) {
  if constexpr (order == Order::value) {
    return Round(Math<A>::Value(p, x));
  } else if constexpr (order == Order::derivative) {
    return Round(Math<A>::Derivative(p, x));
  } else if constexpr (order == Order::second_derivative) {
    return Round(Math<A>::SecondDerivative(p, x));
  } else if constexpr (order == Order::derivative_from_output) {
    return Round(Math<A>::DerivativeFromOutput(p, x));
  } else {
    constexpr auto k =
        static_cast<std::size_t>(order) - static_cast<std::size_t>(Order::first_parameter);
    return Round(Math<A>::ParameterDerivative(p, x, std::integral_constant<std::size_t, k>()));
  }
}

// The one NaN rule: NaN in, NaN out, whatever the formula makes of it.
template <Order order, class A, class T>
HWY_INLINE auto EvaluateAt(const A& p, const T* x) {
  using N = Work<A, T>;
  const auto in = LoadLanes<LaneOf<N>>(x);
  return KeepNan(in, Evaluate<order>(p, N(in)));
}

template <Order order, class A, class T>
static void MapLoop(const void* activation, const T* x, T* y, std::size_t n) {
  const A p = *static_cast<const A*>(activation);
  constexpr std::size_t kStep = LaneOf<Work<A, T>>::Count();
  std::size_t i = 0;
  for (; i + kStep <= n; i += kStep) StoreLanes(EvaluateAt<order>(p, x + i), y + i);
  if (i >= n) return;
  Tail<T, kStep> tail(x + i, n - i);
  MapLoop<order, A, T>(activation, tail.data, tail.data, kStep);
  tail.CopyTo(y + i);
}

// Math<A>::kSingleOrders names the orders, as bits, whose formulas take Lanes<float> too: their
// float32 results come from float32 arithmetic. SingleFits(p), where it stands, says for which
// parameters.
template <class A>
HWY_INLINE bool SingleFits([[maybe_unused]] const A& p) {
  if constexpr (requires { Math<A>::SingleFits(p); }) {
    return Math<A>::SingleFits(p);
  } else {
    return true;
  }
}

// As MapLoop, but lane by lane from float32 arithmetic within its reach; beyond, and for NaN, from
// doubles.
template <Order order, class A>
static void SingleLoop(const void* activation, const float* x, float* y, std::size_t n) {
  using N = Lanes<float, kAtOnce>;
  constexpr std::size_t kStep = N::Count();
  const A p = *static_cast<const A*>(activation);
  if (!SingleFits(p)) return MapLoop<order, A>(activation, x, y, n);
  std::size_t i = 0;
  for (; i + kStep <= n; i += kStep) {
    const N in = LoadLanes<N>(x + i);
    const auto near = Abs(in) < N(kSingleReach);
    N out = Evaluate<order>(p, in);
    if (HWY_UNLIKELY(!AllOf(near))) {
      float exact[kStep];
      MapLoop<order, A>(activation, x + i, exact, kStep);
      out = Select(near, out, LoadLanes<N>(exact));
    }
    StoreLanes(out, y + i);
  }
  if (i >= n) return;
  Tail<float, kStep> tail(x + i, n - i);
  SingleLoop<order, A>(activation, tail.data, tail.data, kStep);
  tail.CopyTo(y + i);
}

template <Order order, class A, class T>
inline constexpr bool kMayBeSingle = [] {
  if constexpr (std::is_same_v<T, float> && requires { Math<A>::kSingleOrders; }) {
    return (Math<A>::kSingleOrders >> static_cast<int>(order) & 1) != 0;
  } else {
    return false;
  }
}();

template <Order order, class A, class T>
constexpr typename kernels::Maps<T>::Map MapOf() {
  if constexpr (kMayBeSingle<order, A, T>) {
    return SingleLoop<order, A>;
  } else {
    return MapLoop<order, A, T>;
  }
}

template <class A, class T>
static void BackwardLoop(const void* activation, const T* x, const T* dy, T* dx, std::size_t n) {
  const A p = *static_cast<const A*>(activation);
  using Lane = LaneOf<Work<A, T>>;
  constexpr std::size_t kStep = Lane::Count();
  std::size_t i = 0;
  for (; i + kStep <= n; i += kStep) {
    StoreLanes(LoadLanes<Lane>(dy + i) * EvaluateAt<Order::derivative>(p, x + i), dx + i);
  }
  if (i >= n) return;
  Tail<T, kStep> tail(x + i, n - i);
  const Tail<T, kStep> gradient(dy + i, n - i);
  BackwardLoop<A, T>(activation, tail.data, gradient.data, tail.data, kStep);
  tail.CopyTo(dx + i);
}

template <class A>
inline constexpr bool kHasOutputForm = !Math<A>::kFacts.from_output.empty();

// Without fused multiply-adds the portable code is as fast: it serves these targets too, see
// activation.cc.in.
template <class A>
inline constexpr bool kLeaveToPortable =
    HWY_TARGET == HWY_SSE4 && (HWY_TARGETS & HWY_EMU128) != 0 && !kNative<A>;

// 16-bit arrays go by way of float32 (kernels/evaluator.h), but where the arithmetic is next to
// nothing that would be felt.
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
constexpr void AddParameters([[maybe_unused]] kernels::Maps<T>& maps,
                             std::index_sequence<k...> /*all*/) {
  ((maps.parameters[k] = MapLoop<kernels::order_of_parameter(k), A, T>), ...);
}

template <class A, class T>
constexpr kernels::Maps<T> MapsOf() {
  kernels::Maps<T> maps;
  if constexpr (kDirect<A, T> && !kLeaveToPortable<A>) {
    maps.value = MapOf<Order::value, A, T>();
    maps.derivative = MapOf<Order::derivative, A, T>();
    if constexpr (sizeof(T) >= 4) {
      maps.second_derivative = MapOf<Order::second_derivative, A, T>();
      if constexpr (kHasOutputForm<A>) {
        maps.derivative_from_output = MapOf<Order::derivative_from_output, A, T>();
      }
      AddParameters<A>(maps, std::make_index_sequence<kLearnableCount<A>>());
    }
    if constexpr (kNative<A>) maps.backward = BackwardLoop<A, T>;
  }
  return maps;
}

// A constant, not a function: code of this namespace must not run where its target does not.
template <class A>
inline constexpr kernels::Kernels kKernels = {MapsOf<A, float>(), MapsOf<A, double>(),
                                              MapsOf<A, bfloat16>(), MapsOf<A, float16>()};

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
