#include "gated/kernels/loops.h"

#include "kernels/facts.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "gated/kernels/loops.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/formulas.h"
#include "kernels/memory.h"

#include <array>

#ifndef ACTFN_GATED_LOOPS_COPY
#define ACTFN_GATED_LOOPS_COPY
namespace actfn::gated {
// Out of line: copies of so few bytes are long otherwise.
static HWY_NOINLINE void copy(const void* from, void* to, std::size_t bytes) {
  std::memcpy(to, from, bytes);
}
}  // namespace actfn::gated
#endif

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

using gated::Backward;
using gated::DoubleBackward;
using gated::Exact;
using gated::Orders;

// body(in, out) for all elements, a vector at a time; the last few by way of a buffer.
template <class N, class T, std::size_t inputs, std::size_t outputs, class Body>
HWY_INLINE void ForLanes(const std::array<const T*, inputs>& from,
                         const std::array<T*, outputs>& to, std::size_t n, const Body& body) {
  constexpr std::size_t kStep = N::Count();
  std::array<const T*, inputs> read = from;
  std::array<T*, outputs> written = to;
  const std::size_t whole = n / kStep * kStep;
  const std::size_t rest = (n - whole) * sizeof(T);
  T buffer[inputs > outputs ? inputs : outputs][kStep] = {};
  std::size_t end = whole;
  for (;;) {  // over the arrays, then over the buffer: one copy of `body`
    for (std::size_t i = 0; i < end; i += kStep) {
      std::array<N, inputs> in;
      std::array<N, outputs> out;
      for (std::size_t k = 0; k < inputs; ++k) LoadInto(in[k], read[k] + i);
      body(in, out);
      for (std::size_t k = 0; k < outputs; ++k) StoreLanes(out[k], written[k] + i);
    }
    if (whole == n) return;
    if (read[0] == buffer[0]) break;
    for (std::size_t k = 0; k < inputs; ++k) {
      gated::copy(from[k] + whole, buffer[k], rest);
      read[k] = buffer[k];
    }
    for (std::size_t k = 0; k < outputs; ++k) written[k] = buffer[k];
    end = kStep;
  }
  for (std::size_t k = 0; k < outputs; ++k) gated::copy(buffer[k], to[k] + whole, rest);
}

template <class T>
using One = Lanes<T, 1>;

template <class N>
HWY_INLINE N Relu(const N& x) {
  return KeepNan(x, SelectOrZero(x > N(0), x));
}

// 1 where x > 0, else 0.
template <class N>
HWY_INLINE N Step(const N& x) {
  return KeepNan(x, SelectOrZero(x > N(0), N(1)));
}

template <class T>
void ReluGate(const T* a, const T* b, T* y, std::size_t n) {
  ForLanes<One<T>, T, 2, 1>(
      {a, b}, {y}, n, [](const auto& in, auto& out) HWY_ATTR { out[0] = Relu(in[0]) * in[1]; });
}

template <class T>
void GateBackward(const Orders<T>& f, const Backward<T>& g, std::size_t n) {
  ForLanes<One<T>, T, 4, 2>({f.value, f.slope, g.b, g.dy}, {g.da, g.db}, n,
                            [](const auto& in, auto& out) HWY_ATTR {
                              out[0] = in[3] * in[2] * in[1];
                              out[1] = in[3] * in[0];
                            });
}

template <class T>
void IdentityBackward(const Backward<T>& g, std::size_t n) {
  ForLanes<One<T>, T, 3, 2>({g.a, g.b, g.dy}, {g.da, g.db}, n,
                            [](const auto& in, auto& out) HWY_ATTR {
                              out[0] = KeepNan(in[0], in[2] * in[1]);
                              out[1] = in[2] * in[0];
                            });
}

template <class T>
void ReluBackward(const Backward<T>& g, std::size_t n) {
  ForLanes<One<T>, T, 3, 2>({g.a, g.b, g.dy}, {g.da, g.db}, n,
                            [](const auto& in, auto& out) HWY_ATTR {
                              out[0] = in[2] * in[1] * Step(in[0]);
                              out[1] = in[2] * Relu(in[0]);
                            });
}

template <class T>
void GateDoubleBackward(const Orders<T>& f, const DoubleBackward<T>& g, std::size_t n) {
  ForLanes<One<T>, T, 7, 3>({f.value, f.slope, f.curve, g.b, g.dy, g.va, g.vb},
                            {g.for_dy, g.for_a, g.for_b}, n,
                            [](const auto& in, auto& out) HWY_ATTR {
                              const auto& [value, slope, curve, b, dy, va, vb] = in;
                              const auto through_a = va * slope;
                              const auto bent = dy * b * curve;
                              out[0] = through_a * b + vb * value;
                              out[1] = va * bent + vb * dy * slope;
                              out[2] = through_a * dy;
                            });
}

template <class T>
void Clamp(const T* x, T low, T high, T* y, std::size_t n) {
  ForLanes<One<T>, T, 1, 1>({x}, {y}, n, [low, high](const auto& in, auto& out) HWY_ATTR {
    out[0] = KeepNan(in[0], Min(Max(in[0], One<T>(low)), One<T>(high)));
  });
}

template <class T>
void KeepWithin(const T* x, T low, T high, T* y, std::size_t n) {
  ForLanes<One<T>, T, 2, 1>({x, y}, {y}, n, [low, high](const auto& in, auto& out) HWY_ATTR {
    const auto within = And(in[0] >= One<T>(low), in[0] <= One<T>(high));
    out[0] = KeepNan(in[0], KeepNan(in[1], SelectOrZero(within, in[1])));
  });
}

template <class T>
void AddOne(const T* x, T* y, std::size_t n) {
  ForLanes<One<T>, T, 1, 1>({x}, {y}, n,
                            [](const auto& in, auto& out) HWY_ATTR { out[0] = in[0] + 1; });
}

template <class T>
void Crelu(const T* x, T* first, T* second, std::size_t n) {
  ForLanes<One<T>, T, 1, 2>({x}, {first, second}, n, [](const auto& in, auto& out) HWY_ATTR {
    out[0] = Relu(in[0]);
    out[1] = Relu(-in[0]);
  });
}

template <class T>
void CreluBackward(const T* x, const T* dfirst, const T* dsecond, T* dx, std::size_t n) {
  ForLanes<One<T>, T, 3, 1>({x, dfirst, dsecond}, {dx}, n, [](const auto& in, auto& out) HWY_ATTR {
    out[0] = in[1] * Step(in[0]) - in[2] * Step(-in[0]);
  });
}

template <class T>
void Maximum(const T* x, T k, T* best, T* index, std::size_t n) {
  ForLanes<One<T>, T, 3, 2>({x, best, index}, {best, index}, n,
                            [k](const auto& in, auto& out) HWY_ATTR {
                              const auto larger = in[0] > in[1];
                              out[0] = KeepNan(in[0], KeepNan(in[1], Select(larger, in[0], in[1])));
                              out[1] = Select(larger, One<T>(k), in[2]);
                            });
}

template <class T>
void Route(const T* best, const T* index, T k, const T* dy, T* dx, std::size_t n) {
  ForLanes<One<T>, T, 3, 1>({best, index, dy}, {dx}, n, [k](const auto& in, auto& out) HWY_ATTR {
    out[0] = KeepNan(in[0], SelectOrZero(in[1] == One<T>(k), in[2]));
  });
}

// How many vectors work in step: see kernels/loops.h.
#if HWY_TARGET <= HWY_AVX3 || HWY_TARGET == HWY_NEON
constexpr std::size_t kVectors = 4;
#elif HWY_NATIVE_FMA
constexpr std::size_t kVectors = 2;
#else
constexpr std::size_t kVectors = 1;
#endif
using Single = Lanes<float, kVectors>;

// f(a) and f'(a) for f = sigmoid, where |a| < kReach.
struct SigmoidOf {
  static constexpr double kReach = kSingleReach;

  // The bits of forward(Sigmoid{}).
  static HWY_INLINE Single Value(const Single& a) { return Logistic(a); }

  // With s = 1 / (1 + e) and e = e^-a: s' = e s s; error of the slope 3 ulp.
  static HWY_INLINE void Both(const Single& a, Single& value, Single& slope) {
    const SinglePair<kVectors> e = ExpOfSingle(-a);
    value = ByExp(e);
    slope = Other(e, value) * value;
  }

  // 1 / (1 + e) as Logistic has it.
  static HWY_INLINE Single ByExp(const SinglePair<kVectors>& e) {
    const auto d = Denominator(e);
    const Single rest = NegFma(d.inverse, d.lo, NegFma(d.inverse, d.hi, 1));
    return Fma(rest, d.inverse, d.inverse);
  }
  static HWY_INLINE SingleDenominator<kVectors> Denominator(const SinglePair<kVectors>& e) {
    const SinglePair<kVectors> sum = OnePlus(e.hi);
    return {sum.hi, sum.lo + e.lo, 1 / sum.hi};
  }
  // e / (1 + e) = 1 - s
  static HWY_INLINE Single Other(const SinglePair<kVectors>& e, const Single& s) {
    return Fma(e.hi, s, e.lo * s);
  }
};

// The same for silu.
struct SiluOf {
  static constexpr double kReach = kSingleReach;

  static HWY_INLINE Single Value(const Single& a) { return TimesLogistic(a, a); }

  // f' = s (1 + a (1 - s)); the error is 4 ulp, at most 2^-25 where f' < 1/4.
  static HWY_INLINE void Both(const Single& a, Single& value, Single& slope) {
    const SinglePair<kVectors> e = ExpOfSingle(-a);
    const auto d = SigmoidOf::Denominator(e);
    value = CopySign(Over(a, d), a);
    const Single rest = NegFma(d.inverse, d.lo, NegFma(d.inverse, d.hi, 1));
    const Single s = Fma(rest, d.inverse, d.inverse);
    slope = s * Fma(a, SigmoidOf::Other(e, s), 1);
  }
};

// The same for gelu, with the bits of derivative(Gelu{}) too.
struct GeluOf {
  static constexpr double kReach = kSingleGaussReach;

  static HWY_INLINE Single Value(const Single& a) { return TimesGaussCdf(a); }

  static HWY_INLINE void Both(const Single& a, Single& value, Single& slope) {
    const SingleGaussTail<kVectors> tail = SingleGaussTailOf(Abs(a));
    value = TimesGaussCdf(a, tail);
    slope = TimesGaussCdfSlope(a, tail);
  }
};

template <class F>
std::size_t SmoothForward(const float* a, const float* b, float* y, std::size_t n) {
  constexpr std::size_t kStep = Single::Count();
  std::size_t i = 0;
  for (; i + kStep <= n; i += kStep) {
    const auto in = LoadLanes<Single>(a + i);
    if (HWY_UNLIKELY(!AllOf(Abs(in) < Single(F::kReach)))) break;
    StoreLanes(F::Value(in) * LoadLanes<Single>(b + i), y + i);
  }
  return i;
}

template <class F>
HWY_INLINE void SmoothStep(const Backward<float>& g, const Exact& exact) {
  const auto a = LoadLanes<Single>(g.a);
  const auto near = Abs(a) < Single(F::kReach);
  Single value, slope;
  F::Both(a, value, slope);
  if (HWY_UNLIKELY(!AllOf(near))) {
    float values[Single::Count()], slopes[Single::Count()];
    exact.both(exact.context, g.a, values, slopes, Single::Count());
    value = Select(near, value, LoadLanes<Single>(values));
    slope = Select(near, slope, LoadLanes<Single>(slopes));
  }
  const auto dy = LoadLanes<Single>(g.dy);
  const auto weight = dy * LoadLanes<Single>(g.b);
  StoreLanes(weight * slope, g.da);
  StoreLanes(dy * value, g.db);
}

template <class F>
void SmoothBackward(const Backward<float>& g, const Exact& exact, std::size_t n) {
  constexpr std::size_t kStep = Single::Count();
  std::size_t i = 0;
  for (; i + kStep <= n; i += kStep) {
    SmoothStep<F>({g.a + i, g.b + i, g.dy + i, g.da + i, g.db + i}, exact);
  }
  if (i >= n) return;
  float a[kStep] = {}, b[kStep] = {}, dy[kStep] = {};
  const std::size_t rest = (n - i) * sizeof(float);
  gated::copy(g.a + i, a, rest);
  gated::copy(g.b + i, b, rest);
  gated::copy(g.dy + i, dy, rest);
  SmoothBackward<F>({a, b, dy, a, b}, exact, kStep);
  gated::copy(a, g.da + i, rest);
  gated::copy(b, g.db + i, rest);
}

template <class F>
inline constexpr gated::Smooth kSmooth = {SmoothForward<F>, SmoothBackward<F>};

template <class T>
void Apart(const T* x, T* a, T* b, std::size_t n) {
  const Tag<T> d;
  constexpr std::size_t kStep = hn::MaxLanes(d);
  std::size_t i = 0;
  for (; i + kStep <= n; i += kStep) {
    hn::Vec<Tag<T>> even, odd;
    hn::LoadInterleaved2(d, x + 2 * i, even, odd);
    hn::StoreU(even, d, a + i);
    hn::StoreU(odd, d, b + i);
  }
  for (; i < n; ++i) {
    a[i] = x[2 * i];
    b[i] = x[2 * i + 1];
  }
}

template <class T>
void Together(const T* a, const T* b, T* x, std::size_t n) {
  const Tag<T> d;
  constexpr std::size_t kStep = hn::MaxLanes(d);
  std::size_t i = 0;
  for (; i + kStep <= n; i += kStep) {
    hn::StoreInterleaved2(hn::LoadU(d, a + i), hn::LoadU(d, b + i), d, x + 2 * i);
  }
  for (; i < n; ++i) {
    x[2 * i] = a[i];
    x[2 * i + 1] = b[i];
  }
}

template <class T>
constexpr gated::Arithmetic<T> ArithmeticOf() {
  gated::Arithmetic<T> all = {};
  if constexpr (sizeof(T) == 4) {
    all.relu = ReluGate<T>;
    all.identity_backward = IdentityBackward<T>;
    all.relu_backward = ReluBackward<T>;
  }
  all.backward = GateBackward<T>;
  all.double_backward = GateDoubleBackward<T>;
  all.clamp = Clamp<T>;
  all.keep_within = KeepWithin<T>;
  all.add_one = AddOne<T>;
  all.crelu = Crelu<T>;
  all.crelu_backward = CreluBackward<T>;
  all.maximum = Maximum<T>;
  all.route = Route<T>;
  return all;
}

template <class T>
inline constexpr gated::Weave<T> kWeave = {Apart<T>, Together<T>};

}  // namespace

#if HWY_TARGET == HWY_SSE4 && (HWY_TARGETS & HWY_EMU128)
// Left to the portable code, for size: see loops().
inline constexpr gated::Loops kLoops = {};
#else
inline constexpr gated::Loops kLoops = {
    ArithmeticOf<float>(), ArithmeticOf<double>(), kSmooth<SigmoidOf>, kSmooth<SiluOf>,
    kSmooth<GeluOf>,       kWeave<float>,          kWeave<double>,     kWeave<std::uint16_t>};
#endif

}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "kernels/collect.h"

namespace actfn::gated {

const Loops& loops(kernels::Target target) {
  using kernels::kTargetCount;
  static constexpr auto kAll = ACTFN_PER_TARGET(const Loops*, &, kLoops);
  const Loops& own = *kAll[static_cast<std::size_t>(target)];
  return own.of_float.clamp != nullptr ? own : loops(kernels::Target::emu128);
}

}  // namespace actfn::gated
#endif
