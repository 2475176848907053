#include "gated/loops.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "gated/loops.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

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
inline constexpr gated::Arithmetic<T> kArithmetic = {
    ReluGate<T>, GateBackward<T>, IdentityBackward<T>, ReluBackward<T>, GateDoubleBackward<T>,
    Clamp<T>,    KeepWithin<T>,   AddOne<T>,           Crelu<T>,        CreluBackward<T>,
    Maximum<T>,  Route<T>};

template <class T>
inline constexpr gated::Weave<T> kWeave = {Apart<T>, Together<T>};

}  // namespace

inline constexpr gated::Loops kLoops = {kArithmetic<float>, kArithmetic<double>, kWeave<float>,
                                        kWeave<double>, kWeave<std::uint16_t>};

}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "kernels/collect.h"

namespace actfn::gated {

const Loops& loops(kernels::Target target) {
  using kernels::kTargetCount;
  static constexpr auto kAll = ACTFN_PER_TARGET(const Loops*, &, kLoops);
  return *kAll[static_cast<std::size_t>(target)];
}

}  // namespace actfn::gated
#endif
