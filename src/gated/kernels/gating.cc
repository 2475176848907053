#include "gated/kernels/gating.h"

#include <algorithm>
#include <limits>

namespace actfn::gated {
namespace {

using kernels::Order;

// Elements at once where results go through buffers: small enough to stay in L1.
constexpr std::size_t kBlock = 512;

// And where a loop of its own has stopped, before it goes on.
constexpr std::size_t kBeyond = 64;

// Exact::both, of an Evaluator.
void exact_both(const void* evaluator, const float* a, float* value, float* slope, std::size_t n) {
  static_cast<const kernels::Evaluator*>(evaluator)->value_and_derivative(a, value, slope, n);
}

// The activation of a gate, of which Glu's and Bilinear's tell nothing.
Activation activation_of(const Gate& gate) {
  struct {
    Activation operator()(const Glu&) const { return Sigmoid{}; }
    Activation operator()(const Bilinear&) const { return Identity{}; }
    Activation operator()(const Reglu&) const { return Relu{}; }
    Activation operator()(const Geglu& g) const { return Gelu{g.approximate}; }
    Activation operator()(const Swiglu& g) const { return swish(g.beta); }
    Activation operator()(const ClampedSwiglu& g) const { return swish(g.alpha); }
    Activation operator()(const Gated& g) const { return g.gate; }

    static Activation swish(double beta) {
      if (beta == 1) return Silu{};
      return Swish{beta};
    }
  } of;
  return std::visit(of, gate);
}

// body(offset, count) for blocks of at most kBlock.
template <class Body>
void for_blocks(std::size_t n, const Body& body) {
  for (std::size_t i = 0; i < n; i += kBlock) body(i, std::min(kBlock, n - i));
}

template <class T>
Backward<T> at(const Backward<T>& g, std::size_t i) {
  return {g.a + i, g.b + i, g.dy + i, g.da + i, g.db + i};
}

template <class T>
DoubleBackward<T> at(const DoubleBackward<T>& g, std::size_t i) {
  return {g.a + i, g.b + i, g.dy + i, g.va + i, g.vb + i, g.for_dy + i, g.for_a + i, g.for_b + i};
}

}  // namespace

Gating::Gating(const Gate& gate, kernels::Target target) : Gating(activation_of(gate), target) {
  second_is_gate_ = std::holds_alternative<Glu>(gate);
  if (const auto* clamped = std::get_if<ClampedSwiglu>(&gate)) {
    kind_ = Kind::clamped;
    limit_ = clamped->limit;
    smooth_ = {};
  }
}

Gating::Gating(const Activation& f, kernels::Target target)
    : evaluator_(f, target), blocks_(&kernels::blocks(target)), loops_(&loops(target)) {
  const auto& own = kernels::entry(f).kernels[static_cast<std::size_t>(target)];
  light_ = own.light;
  if (std::holds_alternative<Identity>(f)) kind_ = Kind::identity;
  if (std::holds_alternative<Relu>(f)) kind_ = Kind::relu;
  if (std::holds_alternative<Sigmoid>(f)) smooth_ = loops_->sigmoid;
  if (std::holds_alternative<Silu>(f)) smooth_ = loops_->silu;
  const auto* const gelu = std::get_if<Gelu>(&f);
  if (gelu != nullptr && gelu->approximate == Gelu::Approximate::none) smooth_ = loops_->gelu;
}

// As arrays of T read it.
template <class T>
T Gating::limit() const {
  return static_cast<T>(limit_);
}

// What f takes: a, or a limited from above.
template <class T>
const T* Gating::gate_of(const T* a, T* buffer, std::size_t n) const {
  if (kind_ != Kind::clamped) return a;
  loops_->of<T>().clamp(a, -std::numeric_limits<T>::infinity(), limit<T>(), buffer, n);
  return buffer;
}

// What f(a) is multiplied by: b, or b limited, plus 1.
template <class T>
const T* Gating::factor_of(const T* b, T* buffer, std::size_t n) const {
  if (kind_ != Kind::clamped) return b;
  loops_->of<T>().clamp(b, -limit<T>(), limit<T>(), buffer, n);
  loops_->of<T>().add_one(buffer, buffer, n);
  return buffer;
}

// Beyond the limit the gate is constant.
template <class T>
void Gating::limit_slopes(const T* a, T* slope, std::size_t n) const {
  if (kind_ != Kind::clamped) return;
  loops_->of<T>().keep_within(a, -std::numeric_limits<T>::infinity(), limit<T>(), slope, n);
}

// `value` may be x.
template <class T>
void Gating::value_and_slope(const T* x, T* value, T* slope, std::size_t n) const {
  evaluator_.map(Order::derivative, x, slope, n);
  evaluator_.map(Order::value, x, value, n);
}

template <class T>
void Gating::general_forward(const T* a, const T* b, T* y, std::size_t n) const {
  T value[kBlock];
  T factor[kBlock];
  evaluator_.map(Order::value, gate_of(a, value, n), value, n);
  blocks_->of<T>().multiply(value, factor_of(b, factor, n), y, n);
}

template <class T>
void Gating::general_backward(const Backward<T>& g, std::size_t n) const {
  T value[kBlock];
  T slope[kBlock];
  T factor[kBlock];
  T within[kBlock];
  value_and_slope(gate_of(g.a, value, n), value, slope, n);
  limit_slopes(g.a, slope, n);
  Backward<T> limited = g;
  limited.b = factor_of(g.b, factor, n);
  if (kind_ == Kind::clamped) {
    std::copy_n(g.b, n, within);  // db may be b
  }
  loops_->of<T>().backward({value, slope, nullptr}, limited, n);
  if (kind_ == Kind::clamped) {
    loops_->of<T>().keep_within(within, -limit<T>(), limit<T>(), g.db, n);
  }
}

template <class T>
void Gating::general_double_backward(const DoubleBackward<T>& g, std::size_t n) const {
  T value[kBlock], slope[kBlock], curve[kBlock], factor[kBlock], within[kBlock], vb[kBlock];
  const T* const gate = gate_of(g.a, value, n);
  evaluator_.map(Order::derivative, gate, slope, n);
  evaluator_.map(Order::second_derivative, gate, curve, n);
  evaluator_.map(Order::value, gate, value, n);
  limit_slopes(g.a, slope, n);
  limit_slopes(g.a, curve, n);
  DoubleBackward<T> limited = g;
  limited.b = factor_of(g.b, factor, n);
  if (kind_ == Kind::clamped) {
    std::copy_n(g.b, n, within);  // an output may be b
    std::copy_n(g.vb, n, vb);
    loops_->of<T>().keep_within(g.b, -limit<T>(), limit<T>(), vb, n);
    limited.vb = vb;
  }
  loops_->of<T>().double_backward({value, slope, curve}, limited, n);
  if (kind_ == Kind::clamped) {
    loops_->of<T>().keep_within(within, -limit<T>(), limit<T>(), g.for_b, n);
  }
}

template <class T>
void Gating::forward(const T* a, const T* b, T* y, std::size_t n) const {
  if (kind_ == Kind::identity) return blocks_->of<T>().multiply(a, b, y, n);
  if (kind_ == Kind::relu && sizeof(T) == 4) return loops_->of<T>().relu(a, b, y, n);
  for (std::size_t i = 0; i < n;) {
    std::size_t count = kBlock;
    if constexpr (std::is_same_v<T, float>) {
      if (smooth_.forward != nullptr) {
        i += smooth_.forward(a + i, b + i, y + i, n - i);
        count = kBeyond;
      }
    }
    count = std::min(count, n - i);
    general_forward(a + i, b + i, y + i, count);
    i += count;
  }
}

template <class T>
void Gating::backward(const Backward<T>& g, std::size_t n) const {
  if constexpr (std::is_same_v<T, float>) {
    if (kind_ == Kind::identity) return loops_->of<T>().identity_backward(g, n);
    if (kind_ == Kind::relu) return loops_->of<T>().relu_backward(g, n);
    if (smooth_.backward != nullptr) {
      return smooth_.backward(g, {&evaluator_, exact_both}, n);
    }
  }
  for_blocks(n, [&](std::size_t i, std::size_t count) { general_backward(at(g, i), count); });
}

template <class T>
void Gating::double_backward(const DoubleBackward<T>& g, std::size_t n) const {
  for_blocks(n,
             [&](std::size_t i, std::size_t count) { general_double_backward(at(g, i), count); });
}

#define ACTFN_INSTANTIATE(T)                                                \
  template void Gating::forward(const T*, const T*, T*, std::size_t) const; \
  template void Gating::backward(const Backward<T>&, std::size_t) const;    \
  template void Gating::double_backward(const DoubleBackward<T>&, std::size_t) const;

ACTFN_INSTANTIATE(float)
ACTFN_INSTANTIATE(double)

}  // namespace actfn::gated
