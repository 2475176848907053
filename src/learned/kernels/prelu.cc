#include "learned/kernels/prelu.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "learned/kernels/prelu.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "learned/kernels/loops.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

template <class T>
using Row = const T* const*;

struct PreluValue {
  template <class N, class T>
  static HWY_INLINE N At(Row<T> in, std::size_t i) {
    const N x = LoadLanes<N>(in[0] + i);
    const N w = LoadLanes<N>(in[1] + i);
    const N below = Select(w == 0, N(0), x * w);  // 0 * -inf is NaN
    return KeepNan(x, Select(x > 0, x, below));
  }
};

struct PreluBackward {
  template <class N, class T>
  static HWY_INLINE N At(Row<T> in, std::size_t i) {
    const N x = LoadLanes<N>(in[0] + i);
    return LoadLanes<N>(in[2] + i) * KeepNan(x, Select(x > 0, N(1), LoadLanes<N>(in[1] + i)));
  }
};

struct PreluForDy {
  template <class N, class T>
  static HWY_INLINE N At(Row<T> in, std::size_t i) {
    const N x = LoadLanes<N>(in[0] + i);
    const N slope = Select(x > 0, N(1), LoadLanes<N>(in[1] + i));
    const N weight = LoadLanes<N>(in[3] + i);
    const N below = Select(Or(x > 0, weight == 0), N(0), x * weight);
    return KeepNan(x, Fma(LoadLanes<N>(in[2] + i), slope, below));
  }
};

struct ProductBelow {
  template <class N, class T>
  static HWY_INLINE N At(Row<T> in, std::size_t i) {
    const N x = LoadLanes<N>(in[0] + i);
    const N product = LoadLanes<N>(in[1] + i) * LoadLanes<N>(in[2] + i);
    return KeepNan(x, Select(x > 0, N(0), product));
  }
};

template <class T>
void Fill(T w, T* to, std::size_t n) {
  const Tag<T> d;
  const auto all = hn::Set(d, w);
  for (std::size_t i = 0; i < n; i += hn::MaxLanes(d)) hn::StoreU(all, d, to + i);
}

template <class T>
void Value(const T* x, const T* w, T* y, std::size_t n) {
  const T* const in[] = {x, w};
  Zip<PreluValue, T>(in, y, n);
}

template <class T>
void Backward(const T* x, const T* w, const T* dy, T* dx, std::size_t n) {
  const T* const in[] = {x, w, dy};
  Zip<PreluBackward, T>(in, dx, n);
}

// Computes in double, where products of float32 numbers are exact.
template <class T>
void ForDy(const T* x, const T* w, const T* v, const T* v_weight, T* for_dy, std::size_t n) {
  const T* const in[] = {x, w, v, v_weight};
  Zip<PreluForDy, double>(in, for_dy, n);
}

template <class T>
void Below(const T* x, const T* a, const T* b, T* y, std::size_t n) {
  const T* const in[] = {x, a, b};
  Zip<ProductBelow, T>(in, y, n);
}

template <class T>
void BelowInDouble(const T* x, const T* a, const T* b, double* y, std::size_t n) {
  const T* const in[] = {x, a, b};
  Zip<ProductBelow, double>(in, y, n);
}

template <class T>
constexpr learned::PreluLoops<T> kLoops = {Fill<T>,  Value<T>, Backward<T>,
                                           ForDy<T>, Below<T>, BelowInDouble<T>};

}  // namespace

constexpr learned::Prelu kPrelu = {kLoops<float>, kLoops<double>};

}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "kernels/collect.h"

namespace actfn::learned {

const Prelu& prelu_loops(kernels::Target target) {
  static constexpr auto kAll = ACTFN_PER_TARGET(const Prelu*, &, kPrelu);
  return *kAll[static_cast<std::size_t>(target)];
}

}  // namespace actfn::learned
#endif
