// The loops over memory. Body and tail run the same code, so that neither length nor alignment
// ever changes a bit; the tail goes through a buffer, so that nothing outside is touched.
#if defined(ACTFN_KERNELS_LOOPS_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_KERNELS_LOOPS_H_
#undef ACTFN_KERNELS_LOOPS_H_
#else
#define ACTFN_KERNELS_LOOPS_H_
#endif

#include "kernels/entry.h"
#include "math/arithmetic.h"

#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {

using FloatTag = hn::ScalableTag<float>;
inline constexpr size_t kMaxLanes = hn::MaxLanes(FloatTag());

// The one NaN rule: NaN in, NaN out, whatever the formula makes of it.
template <class V>
HWY_INLINE V KeepNan(V x, V y) {
  return hn::IfThenElse(hn::IsNaN(x), hn::Add(x, x), y);
}

template <class A>
struct ValueOf {
  A p;
  template <class V>
  HWY_INLINE V operator()(V x) const {
    return KeepNan(x, Math<A>::Value(p, x));
  }
};

template <class A>
struct DerivativeOf {
  A p;
  template <class V>
  HWY_INLINE V operator()(V x) const {
    return KeepNan(x, Math<A>::Derivative(p, x));
  }
};

template <class A>
struct SecondDerivativeOf {
  A p;
  template <class V>
  HWY_INLINE V operator()(V x) const {
    return KeepNan(x, Math<A>::SecondDerivative(p, x));
  }
};

template <class A>
struct BackwardOf {
  DerivativeOf<A> derivative;
  template <class V>
  HWY_INLINE V operator()(V x, V dy) const {
    return hn::Mul(dy, derivative(x));
  }
};

// The first n < lanes numbers at `from`, zeros behind them.
HWY_INLINE hn::Vec<FloatTag> LoadFirst(const float* from, size_t n) {
  HWY_ALIGN float buffer[kMaxLanes] = {};
  std::memcpy(buffer, from, n * sizeof(float));
  return hn::Load(FloatTag(), buffer);
}

HWY_INLINE void StoreFirst(hn::Vec<FloatTag> v, float* to, size_t n) {
  HWY_ALIGN float buffer[kMaxLanes];
  hn::Store(v, FloatTag(), buffer);
  std::memcpy(to, buffer, n * sizeof(float));
}

template <class F>
HWY_INLINE void MapLoop(F f, const float* x, float* y, size_t n) {
  const FloatTag d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(f(hn::LoadU(d, x + i)), d, y + i);
  if (i < n) StoreFirst(f(LoadFirst(x + i, n - i)), y + i, n - i);
}

template <class A>
void MapValue(const void* p, const float* x, float* y, size_t n) {
  MapLoop(ValueOf<A>{*static_cast<const A*>(p)}, x, y, n);
}

template <class A>
void MapDerivative(const void* p, const float* x, float* y, size_t n) {
  MapLoop(DerivativeOf<A>{*static_cast<const A*>(p)}, x, y, n);
}

template <class A>
void MapSecondDerivative(const void* p, const float* x, float* y, size_t n) {
  MapLoop(SecondDerivativeOf<A>{*static_cast<const A*>(p)}, x, y, n);
}

template <class A>
void MapValueAndDerivative(const void* p, const float* x, float* y, float* dydx, size_t n) {
  const ValueOf<A> f{*static_cast<const A*>(p)};
  const DerivativeOf<A> slope{f.p};
  const FloatTag d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto v = hn::LoadU(d, x + i);
    hn::StoreU(f(v), d, y + i);
    hn::StoreU(slope(v), d, dydx + i);
  }
  if (i == n) return;
  const auto v = LoadFirst(x + i, n - i);
  StoreFirst(f(v), y + i, n - i);
  StoreFirst(slope(v), dydx + i, n - i);
}

template <class A>
void MapDoubleBackward(const void* p, const kernels::Kernels::DoubleBackwardArrays& a, size_t n) {
  const DerivativeOf<A> first{*static_cast<const A*>(p)};
  const SecondDerivativeOf<A> second{first.p};
  const FloatTag d;
  const size_t lanes = hn::Lanes(d);
  for (size_t i = 0; i < n; i += lanes) {
    const size_t here = HWY_MIN(lanes, n - i);
    const auto x = LoadFirst(a.x + i, here);
    const auto v = LoadFirst(a.v + i, here);
    const auto dy = LoadFirst(a.dy + i, here);
    StoreFirst(hn::Mul(v, first(x)), a.for_dy + i, here);
    StoreFirst(hn::Mul(hn::Mul(v, dy), second(x)), a.for_x + i, here);
  }
}

template <class A>
void MapBackward(const void* p, const float* x, const float* dy, float* dx, size_t n) {
  const BackwardOf<A> f{{*static_cast<const A*>(p)}};
  const FloatTag d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    hn::StoreU(f(hn::LoadU(d, x + i), hn::LoadU(d, dy + i)), d, dx + i);
  }
  if (i < n) StoreFirst(f(LoadFirst(x + i, n - i), LoadFirst(dy + i, n - i)), dx + i, n - i);
}

template <class A>
HWY_INLINE void BiasRow(const ValueOf<A>& f, const float* bias, float* z, float* y, size_t n) {
  const FloatTag d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto sum = hn::Add(hn::LoadU(d, z + i), hn::LoadU(d, bias + i));
    hn::StoreU(sum, d, z + i);
    hn::StoreU(f(sum), d, y + i);
  }
  if (i == n) return;
  const auto sum = hn::Add(LoadFirst(z + i, n - i), LoadFirst(bias + i, n - i));
  StoreFirst(sum, z + i, n - i);
  StoreFirst(f(sum), y + i, n - i);
}

template <class A>
void MapBiasForward(const void* p, const float* bias, float* z, float* y, size_t rows,
                    size_t columns) {
  const ValueOf<A> f{*static_cast<const A*>(p)};
  for (size_t r = 0; r < rows; ++r) BiasRow(f, bias, z + r * columns, y + r * columns, columns);
}

// A constant, not a function: code of this namespace must not run where its target does not.
template <class A>
inline constexpr kernels::Kernels kKernels = {
    MapValue<A>,    MapDerivative<A>,     MapSecondDerivative<A>, MapValueAndDerivative<A>,
    MapBackward<A>, MapDoubleBackward<A>, MapBiasForward<A>};

}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
