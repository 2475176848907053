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
inline constexpr kernels::Kernels kKernels = {MapValue<A>, MapDerivative<A>, MapBackward<A>,
                                              MapBiasForward<A>};

}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
