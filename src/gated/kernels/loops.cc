// SPDX-License-Identifier: Apache-2.0
#include "gated/kernels/loops.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "gated/kernels/loops.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/built.h"
#include "kernels/formulas.h"
#include "kernels/transform.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

using gated::Backward;
using gated::Derivatives;
using gated::DoubleBackward;
using gated::Exact;

// The loops for f(a) = max(a, 0), and the gradients for f(a) = a.
inline std::size_t ReluForward(const float* a, const float* b, float* y, std::size_t n) {
  Transform<One<float>>({a, b}, {y}, n, [](const auto& in, auto& out) ACTFN_BODY {
    out[0] = PositivePart(in[0]) * in[1];
  });
  return n;
}

inline void ReluBackward(const Backward<float>& g, const Exact& /*exact*/, std::size_t n) {
  Transform<One<float>>({g.a, g.b, g.dy}, {g.da, g.db}, n,
                        [](const auto& in, auto& out) ACTFN_BODY {
                          out[0] = in[2] * in[1] * OneIfPositive(in[0]);
                          out[1] = in[2] * PositivePart(in[0]);
                        });
}

inline void IdentityBackward(const Backward<float>& g, const Exact& /*exact*/, std::size_t n) {
  Transform<One<float>>({g.a, g.b, g.dy}, {g.da, g.db}, n,
                        [](const auto& in, auto& out) ACTFN_BODY {
                          out[0] = KeepNan(in[0], in[2] * in[1]);
                          out[1] = in[2] * in[0];
                        });
}

template <class T>
void GateBackward(const Derivatives<T>& f, const Backward<T>& g, std::size_t n) {
  Transform<One<T>>({f.value, f.first, g.b, g.dy}, {g.da, g.db}, n,
                    [](const auto& in, auto& out) ACTFN_BODY {
                      out[0] = in[3] * in[2] * in[1];
                      out[1] = in[3] * in[0];
                    });
}

template <class T>
void GateDoubleBackward(const Derivatives<T>& f, const DoubleBackward<T>& g, std::size_t n) {
  Transform<One<T>>({f.value, f.first, f.second, g.b, g.dy, g.va, g.vb},
                    {g.for_dy, g.for_a, g.for_b}, n, [](const auto& in, auto& out) ACTFN_BODY {
                      const auto& [value, first, second, b, dy, va, vb] = in;
                      const auto through_a = va * first;
                      const auto by_second = dy * b * second;
                      out[0] = through_a * b + vb * value;
                      out[1] = va * by_second + vb * dy * first;
                      out[2] = through_a * dy;
                    });
}

template <class T>
void Clamp(const T* x, T low, T high, T* y, std::size_t n) {
  Transform<One<T>>({x}, {y}, n, [low, high](const auto& in, auto& out) ACTFN_BODY {
    out[0] = KeepNan(in[0], Min(Max(in[0], One<T>(low)), One<T>(high)));
  });
}

template <class T>
void KeepWithin(const T* x, T low, T high, T* y, std::size_t n) {
  Transform<One<T>>({x, y}, {y}, n, [low, high](const auto& in, auto& out) ACTFN_BODY {
    const auto within = And(in[0] >= One<T>(low), in[0] <= One<T>(high));
    out[0] = KeepNan(in[0], KeepNan(in[1], SelectOrZero(within, in[1])));
  });
}

template <class T>
void Add(const T* x, T c, T* y, std::size_t n) {
  Transform<One<T>>({x}, {y}, n,
                    [c](const auto& in, auto& out) ACTFN_BODY { out[0] = in[0] + One<T>(c); });
}

using Single = Lanes<float, kAtOnce>;
using Both = SingleValueAndSlope<kAtOnce>;

// f(a) and f'(a) for f = sigmoid, where |a| < kReach.
struct SigmoidOf {
  static constexpr double kReach = kCleanReach;

  // The bits of forward(Sigmoid{}).
  static HWY_INLINE Single Value(const Single& a) { return Logistic(a); }

  // With e = e^-a and s = 1 / (1 + e): s' = e s s. The error of s' is 3 ulp.
  static HWY_INLINE Both ValueAndSlope(const Single& a) {
    const auto e = SplitSingleExp(-a);
    const Single value = Reciprocal(OnePlus(e));
    return {value, OneMinus(e, value) * value};
  }

  // 1 - s = e / (1 + e)
  static HWY_INLINE Single OneMinus(const SingleExp<kAtOnce>& e, const Single& s) {
    const auto sum = SumOf(e);
    return Fma(sum.hi, s, sum.lo * s);
  }
};

// f(a) and f'(a) for f = silu, where |a| < kReach.
struct SiluOf {
  static constexpr double kReach = kCleanReach;

  static HWY_INLINE Single Value(const Single& a) { return TimesLogistic(a, a); }

  // f' = s (1 + a (1 - s)). The error is 4 ulp, or at most 2^-25 where f' < 1/4.
  static HWY_INLINE Both ValueAndSlope(const Single& a) {
    const auto e = SplitSingleExp(-a);
    const auto d = OnePlus(e);
    const Single s = Reciprocal(d);
    return {WithSign(Over(a, d), a), s * Fma(a, SigmoidOf::OneMinus(e, s), 1)};
  }
};

// f(a) and f'(a) for f = gelu, where |a| < kReach. f' has the bits of derivative(Gelu{}).
struct GeluOf {
  static constexpr double kReach = kSingleGaussReach;

  static HWY_INLINE Single Value(const Single& a) { return TimesGaussCdf(a); }

  static HWY_INLINE Both ValueAndSlope(const Single& a) { return TimesGaussCdfAndSlope(a); }
};

template <class F>
std::size_t SmoothForward(const float* a, const float* b, float* y, std::size_t n) {
  constexpr std::size_t kStep = Single::Count();
  std::size_t i = 0;
  for (; i + kStep <= n; i += kStep) {
    const auto in = LoadLanes<Single>(a + i);
    if (HWY_UNLIKELY(!AllOf(Abs(in) < Single(F::kReach)))) break;
    StoreResults(F::Value(in) * LoadLanes<Single>(b + i), y + i);
  }
  return i;
}

template <class F>
void SmoothBackward(const Backward<float>& g, const Exact& exact, std::size_t n) {
  Transform<Single>({g.a, g.b, g.dy}, {g.da, g.db}, n, [&](const auto& in, auto& out) ACTFN_BODY {
    const auto& [a, b, dy] = in;
    const auto near = Abs(a) < Single(F::kReach);
    Both f = F::ValueAndSlope(a);
    if (HWY_UNLIKELY(!AllOf(near))) {
      float from[Single::Count()], values[Single::Count()], firsts[Single::Count()];
      StoreLanes(a, from);
      exact.both(exact.context, from, values, firsts, Single::Count());
      f.value = Select(near, f.value, LoadLanes<Single>(values));
      f.slope = Select(near, f.slope, LoadLanes<Single>(firsts));
    }
    out[0] = dy * b * f.slope;
    out[1] = dy * f.value;
  });
}

template <class F>
constexpr gated::Fused kSmooth = {SmoothForward<F>, SmoothBackward<F>};

// Nothing for types that the build leaves out.
template <class T>
constexpr gated::Arithmetic<T> ArithmeticOf() {
  if constexpr (kernels::kHasType<T>) {
    return {GateBackward<T>, GateDoubleBackward<T>, Clamp<T>, KeepWithin<T>, Add<T>};
  } else {
    return {};
  }
}

constexpr gated::Loops kLoops = {{ArithmeticOf<float>(), ArithmeticOf<double>()},
                                 {nullptr, IdentityBackward},
                                 {ReluForward, ReluBackward},
                                 kSmooth<SigmoidOf>,
                                 kSmooth<SiluOf>,
                                 kSmooth<GeluOf>};

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace actfn::gated {

const Loops& loops(kernels::Target target) {
  static constexpr kernels::PerTarget<Loops> kAll = ACTFN_PER_TARGET_WITH_FMA(kLoops);
  return kAll.of(target);
}

}  // namespace actfn::gated
#endif
