#include "gated/kernels/gating.h"

#include <algorithm>
#include <limits>

namespace actfn::gated {
namespace {

using kernels::Order;

// Elements at once where results go through buffers: small enough to stay in L1.
constexpr std::size_t kBlock = 512;

// Elements that forward_block computes where a fused loop has stopped, before the fused loop goes
// on.
constexpr std::size_t kBeyond = 64;

// Exact::both, of an Evaluator.
void exact_both(const void* evaluator, const float* a, float* value, float* first, std::size_t n) {
  static_cast<const kernels::Evaluator*>(evaluator)->value_and_derivative(a, value, first, n);
}

Fused fused_for(const Activation& f, const Loops& loops) {
  if (std::holds_alternative<Identity>(f)) return loops.identity;
  if (std::holds_alternative<Relu>(f)) return loops.relu;
  if (std::holds_alternative<Sigmoid>(f)) return loops.sigmoid;
  if (std::holds_alternative<Silu>(f)) return loops.silu;
  const auto* const gelu = std::get_if<Gelu>(&f);
  if (gelu != nullptr && gelu->approximate == Gelu::Approximate::none) return loops.gelu;
  return {};
}

bool has_limits(const Limits& limits) {
  return limits.a || limits.value || limits.b || limits.added != 0;
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

Gating::Gating(const Gate& gate, kernels::Target target) : Gating(definition_of(gate), target) {}

Gating::Gating(const Definition& gate, kernels::Target target)
    : evaluator_(gate.f, target),
      blocks_(&kernels::blocks(target)),
      loops_(&loops(target)),
      is_identity_(std::holds_alternative<Identity>(gate.f) && !has_limits(gate.limits)),
      second_is_gate_(gate.second_is_gate),
      light_(kernels::entry(gate.f).kernels[static_cast<std::size_t>(target)].light),
      limits_(gate.limits) {
  if (!has_limits(gate.limits)) fused_ = fused_for(gate.f, *loops_);
}

// x, or min(x, limit) in the buffer, which may be x.
template <class T>
const T* Gating::at_most(const std::optional<double>& limit, const T* x, T* buffer,
                         std::size_t n) const {
  if (!limit) return x;
  loops_->of<T>().clamp(x, -std::numeric_limits<T>::infinity(), static_cast<T>(*limit), buffer, n);
  return buffer;
}

// y = x <= limit ? y : 0
template <class T>
void Gating::drop_above(const std::optional<double>& limit, const T* x, T* y, std::size_t n) const {
  if (!limit) return;
  loops_->of<T>().keep_within(x, -std::numeric_limits<T>::infinity(), static_cast<T>(*limit), y, n);
}

// What f(a) is multiplied by: b, or b limited and added to.
template <class T>
const T* Gating::factor(const T* b, T* buffer, std::size_t n) const {
  if (limits_.b) {
    const T limit = static_cast<T>(*limits_.b);
    loops_->of<T>().clamp(b, -limit, limit, buffer, n);
    b = buffer;
  }
  if (limits_.added != 0) {
    loops_->of<T>().add(b, static_cast<T>(limits_.added), buffer, n);
    b = buffer;
  }
  return b;
}

// y = |b| <= limit ? y : 0
template <class T>
void Gating::drop_beyond_b(const T* b, T* y, std::size_t n) const {
  const T limit = static_cast<T>(*limits_.b);
  loops_->of<T>().keep_within(b, -limit, limit, y, n);
}

template <class T>
void Gating::value(const T* a, T* value, std::size_t n) const {
  evaluator_.map(Order::value, at_most(limits_.a, a, value, n), value, n);
  at_most(limits_.value, value, value, n);
}

// f and its derivatives by a, 0 beyond a limit; `second` may be null.
template <class T>
void Gating::value_and_derivatives(const T* a, T* value, T* first, T* second, std::size_t n) const {
  const T* const x = at_most(limits_.a, a, value, n);
  evaluator_.map(Order::derivative, x, first, n);
  if (second != nullptr) evaluator_.map(Order::second_derivative, x, second, n);
  evaluator_.map(Order::value, x, value, n);
  for (T* const derivative : {first, second}) {
    if (derivative == nullptr) continue;
    drop_above(limits_.a, a, derivative, n);
    drop_above(limits_.value, value, derivative, n);
  }
  at_most(limits_.value, value, value, n);
}

template <class T>
void Gating::forward_block(const T* a, const T* b, T* y, std::size_t n) const {
  T f[kBlock];
  T buffer[kBlock];
  value(a, f, n);
  blocks_->of<T>().multiply(f, factor(b, buffer, n), y, n);
}

template <class T>
void Gating::backward_block(const Backward<T>& g, std::size_t n) const {
  T value[kBlock], first[kBlock], buffer[kBlock], b[kBlock];
  value_and_derivatives<T>(g.a, value, first, nullptr, n);
  Backward<T> limited = g;
  limited.b = factor(g.b, buffer, n);
  if (limits_.b) std::copy_n(g.b, n, b);  // db may be b
  loops_->of<T>().backward({value, first, nullptr}, limited, n);
  if (limits_.b) drop_beyond_b(b, g.db, n);
}

template <class T>
void Gating::double_backward_block(const DoubleBackward<T>& g, std::size_t n) const {
  T value[kBlock], first[kBlock], second[kBlock], buffer[kBlock], b[kBlock], vb[kBlock];
  value_and_derivatives(g.a, value, first, second, n);
  DoubleBackward<T> limited = g;
  limited.b = factor(g.b, buffer, n);
  if (limits_.b) {
    std::copy_n(g.b, n, b);  // an output may be b
    std::copy_n(g.vb, n, vb);
    drop_beyond_b(b, vb, n);
    limited.vb = vb;
  }
  loops_->of<T>().double_backward({value, first, second}, limited, n);
  if (limits_.b) drop_beyond_b(b, g.for_b, n);
}

template <class T>
void Gating::forward(const T* a, const T* b, T* y, std::size_t n) const {
  if (is_identity_) return blocks_->of<T>().multiply(a, b, y, n);
  for (std::size_t i = 0; i < n;) {
    std::size_t count = kBlock;
    if constexpr (std::is_same_v<T, float>) {
      if (fused_.forward != nullptr) {
        i += fused_.forward(a + i, b + i, y + i, n - i);
        count = kBeyond;
      }
    }
    count = std::min(count, n - i);
    if (count > 0) forward_block(a + i, b + i, y + i, count);
    i += count;
  }
}

template <class T>
void Gating::backward(const Backward<T>& g, std::size_t n) const {
  if constexpr (std::is_same_v<T, float>) {
    if (fused_.backward != nullptr) return fused_.backward(g, {&evaluator_, exact_both}, n);
  }
  for_blocks(n, [&](std::size_t i, std::size_t count) { backward_block(at(g, i), count); });
}

template <class T>
void Gating::double_backward(const DoubleBackward<T>& g, std::size_t n) const {
  for_blocks(n, [&](std::size_t i, std::size_t count) { double_backward_block(at(g, i), count); });
}

#define ACTFN_INSTANTIATE(T)                                                \
  template void Gating::forward(const T*, const T*, T*, std::size_t) const; \
  template void Gating::backward(const Backward<T>&, std::size_t) const;    \
  template void Gating::double_backward(const DoubleBackward<T>&, std::size_t) const;

ACTFN_INSTANTIATE(float)
ACTFN_INSTANTIATE(double)

}  // namespace actfn::gated
