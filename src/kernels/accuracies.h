// SPDX-License-Identifier: Apache-2.0
// The loops of the accuracies beside the default, for float32.
//
// fast: bit `order` of Math<A>::kFastOrders says that the formulas of that order take Fast
// (math/fast.h). Without it fast is accurate.
//
// nearest: correctly rounded values. Formulas of functions with Math<A>::kPrecise take Precise
// (math/precise.h), whose errors are below kUndecided; what is undecided then, and all values of
// other functions, are computed in double-double. Native functions without kPrecise round once.
#if defined(ACTFN_KERNELS_ACCURACIES_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_KERNELS_ACCURACIES_H_
#undef ACTFN_KERNELS_ACCURACIES_H_
#else
#define ACTFN_KERNELS_ACCURACIES_H_
#endif

#include "kernels/loops.h"
#include "kernels/nearest.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

template <Order order, class A>
constexpr bool kHasFast = [] {
  if constexpr (requires { Math<A>::kFastOrders; }) {
    return (Math<A>::kFastOrders >> static_cast<int>(order) & 1) != 0;
  } else {
    return false;
  }
}();

using FastLanes = Fast<kAtOnce>;

template <class A>
inline constexpr bool kIsPrecise = requires { Math<A>::kPrecise; };
// Whether values of nearest differ from those of accurate.
template <class A>
inline constexpr bool kRoundsAnew = kIsPrecise<A> || !kNative<A>;

// How many vectors of doubles are computed at once.
template <class A>
inline constexpr std::size_t kPreciseAtOnce = kAtOnce < 2 ? kAtOnce : 2;

// Rounded to float32.
HWY_INLINE hn::Vec<hn::Rebind<float, Tag<double>>> InSingle(hn::Vec<Tag<double>> v) {
  const hn::Rebind<float, Tag<double>> half;
#if HWY_TARGET == HWY_EMU128
  HWY_ALIGN float buffer[hn::MaxLanes(half)];
  Demote(v, buffer);
  return hn::Load(half, buffer);
#else
  return hn::DemoteTo(half, v);
#endif
}

template <std::size_t K>
HWY_INLINE bool RoundAlike(const Lanes<double, K>& a, const Lanes<double, K>& b) {
  const hn::Rebind<float, Tag<double>> half;
  auto all = hn::Eq(InSingle(a.v[0]), InSingle(b.v[0]));
  for (std::size_t k = 1; k < K; ++k) {
    all = hn::And(all, hn::Eq(InSingle(a.v[k]), InSingle(b.v[k])));
  }
  return hn::AllTrue(half, all);
}

template <class A>
static void DecidingLoop(const void* activation, const void* x, void* y, std::size_t n) {
  const A& p = *static_cast<const A*>(activation);
  Transform<Lanes<double, 1>, true>(
      {static_cast<const double*>(x)}, {static_cast<double*>(y)}, n,
      [&](const auto& in, auto& out) ACTFN_BODY {
        out[0] = ResultOf(in[0], Round(Math<A>::DecidedBy::Value(p, Pair<1>(in[0]))));
      });
}

// Decides what lies between `below` and `above`; see kernels::decide().
using Decide = void (*)(const void* activation, const double* x, const double* below, double* above,
                        std::size_t n);

template <Decide decide, class A>
HWY_INLINE void MapNearest(const void* activation, const void* x, void* y, std::size_t n) {
  using N = Precise<kPreciseAtOnce<A>>;
  using V = typename N::Lane;
  const auto p = Prepared<Order::value>(*static_cast<const A*>(activation));
  Transform<V, true>({static_cast<const float*>(x)}, {static_cast<float*>(y)}, n,
                     [&](const auto& in, auto& out) ACTFN_BODY {
                       const V v = Plain(Evaluate<Order::value, A>(p, N(in[0])));
                       const V below = v * (1 - kUndecided);
                       V above = v * (1 + kUndecided);
                       if (HWY_UNLIKELY(!RoundAlike(below, above))) {
                         double all[3][V::Count()];
                         StoreLanes(in[0], all[0]);
                         StoreLanes(below, all[1]);
                         StoreLanes(above, all[2]);
                         decide(activation, all[0], all[1], all[2], V::Count());
                         above = LoadLanes<V>(all[2]);
                       }
                       out[0] = ResultOf(in[0], above);
                     });
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace actfn::kernels {
namespace {

// Whether the values and the gradients of an accuracy are others than those of accurate.
template <class A, Accuracy accuracy>
constexpr bool kOwnValues = accuracy == Accuracy::fast ? HWY_NAMESPACE::kHasFast<Order::value, A>
                                                       : HWY_NAMESPACE::kRoundsAnew<A>;
template <class A, Accuracy accuracy>
constexpr bool kOwnGradients =
    (accuracy == Accuracy::fast && HWY_NAMESPACE::kHasFast<Order::derivative, A>) ||
    (kOwnValues<A, accuracy> && HWY_NAMESPACE::kSharesParts<A>);

// The tables of kernels/accuracy_loops.h; the file of A defines them.
template <class A, Accuracy accuracy>
constexpr PerTarget<ForTypes<Map>> values_at();
template <class A, Accuracy accuracy>
constexpr PerTarget<ForTypes<Derivatives>> derivatives_at();

template <class A, Accuracy accuracy>
constexpr EntryOf<Activation> make_entry() {
  EntryOf<Activation> made = make_entry<A>();
  if constexpr (kOwnValues<A, accuracy>) {
    constexpr float kNearest = HWY_NAMESPACE::kIsPrecise<A> ? 0.8F : 60;
    made.nanoseconds[0] = accuracy == Accuracy::fast ? 0.2F : kNearest;
    made.values = values_at<A, accuracy>();
    made.accurate = internal::entry_of<A>;
  }
  return made;
}

template <class A, Accuracy accuracy>
constexpr GradientsOf<Activation> make_gradients() {
  GradientsOf<Activation> made = make_gradients<A>();
  if constexpr (kOwnGradients<A, accuracy>) {
    made.kernels = derivatives_at<A, accuracy>();
    made.accurate = internal::gradients_of<A>;
  }
  return made;
}

}  // namespace
}  // namespace actfn::kernels
#endif

#endif
