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

// Formulas that are exact, or rounded once, in the lanes of the data itself.
template <class A>
inline constexpr bool kNative = requires { Math<A>::kNative; };

// How many vectors work in step: as many as the registers hold.
#if HWY_TARGET <= HWY_AVX3 || HWY_TARGET == HWY_NEON
constexpr std::size_t kAtOnce = 4;
#else
constexpr std::size_t kAtOnce = 2;
#endif

// What a formula computes in, T being the type in memory: see math/pair.h.
template <class A, class T>
struct WorkOf {
  static constexpr std::size_t K = sizeof(T) == 8 ? 1 : kNative<A> ? 2 : kAtOnce;
  using Wide = std::conditional_t<sizeof(T) == 8, Pair<K>, Lanes<double, K>>;
  using Plain = Lanes<std::conditional_t<sizeof(T) == 8, double, float>, K>;
  using Type = std::conditional_t<kNative<A>, Plain, Wide>;
};
template <class A, class T>
using Work = typename WorkOf<A, T>::Type;

enum class Order { value, derivative, second_derivative, derivative_from_output };

template <Order order, class A, class N>
HWY_INLINE auto Evaluate(const A& p, const N& x) {
  if constexpr (order == Order::value) {
    return Round(Math<A>::Value(p, x));
  } else if constexpr (order == Order::derivative) {
    return Round(Math<A>::Derivative(p, x));
  } else if constexpr (order == Order::second_derivative) {
    return Round(Math<A>::SecondDerivative(p, x));
  } else {
    return Round(Math<A>::DerivativeFromOutput(p, x));
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
void MapLoop(const void* activation, const T* x, T* y, std::size_t n) {
  const A p = *static_cast<const A*>(activation);
  constexpr std::size_t kStep = LaneOf<Work<A, T>>::Count();
  std::size_t i = 0;
  for (;;) {
    for (; i + kStep <= n; i += kStep) StoreLanes(EvaluateAt<order>(p, x + i), y + i);
    if (i >= n) return;
    Tail<T, kStep> tail(x + i, n - i);
    MapLoop<order, A, T>(activation, tail.data, tail.data, kStep);
    tail.CopyTo(y + i);
    return;
  }
}

template <class A, class T>
void BackwardLoop(const void* activation, const T* x, const T* dy, T* dx, std::size_t n) {
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

template <class A, class T>
constexpr kernels::Maps<T> MapsOf() {
  kernels::Maps<T> maps;
  if constexpr (sizeof(T) >= 4 || kNative<A>) {
    maps.value = MapLoop<Order::value, A, T>;
    maps.derivative = MapLoop<Order::derivative, A, T>;
    maps.second_derivative = MapLoop<Order::second_derivative, A, T>;
    if constexpr (kHasOutputForm<A>) {
      maps.derivative_from_output = MapLoop<Order::derivative_from_output, A, T>;
    }
  }
  // Where the arithmetic is next to nothing a second pass over a block would be felt.
  if constexpr (kNative<A>) maps.backward = BackwardLoop<A, T>;
  return maps;
}

// A constant, not a function: code of this namespace must not run where its target does not.
template <class A>
inline constexpr kernels::Kernels kKernels = {MapsOf<A, float>(), MapsOf<A, double>(),
                                              MapsOf<A, bfloat16>(), MapsOf<A, float16>()};

}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
