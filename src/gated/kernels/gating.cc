// SPDX-License-Identifier: Apache-2.0
#include "gated/kernels/gating.h"

#include "kernels/entries.h"

#include <algorithm>

namespace actfn::gated {
namespace {

using kernels::kBlock;
using kernels::Order;

// Elements that forward_block() computes where a fused loop has stopped, before that loop goes on.
constexpr std::size_t kBeyond = 64;

// Exact::both with an Evaluator as the context.
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

// Calls body(offset, count) for blocks of at most kBlock elements.
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

Gating::Gating(const Definition& gate, Type computed, kernels::Target target)
    : evaluator_(*gate.entry, gate.gradients, kernels::leaf_in(gate.f), computed, target),
      blocks_(&kernels::blocks(target)),
      loops_(&loops(target)),
      second_is_gate_(gate.second_is_gate),
      nanoseconds_(gate.entry->nanoseconds.of(computed)),
      limiter_(gate.limits, *loops_) {
  if (limiter_.is_active()) return;
  fused_ = fused_for(gate.f, *loops_);
  is_identity_ = std::holds_alternative<Identity>(gate.f);
}

template <class T>
void Gating::value(const T* a, T* value, std::size_t n) const {
  evaluator_.map(Order::value, limiter_.argument(a, value, n), value, n);
  limiter_.limit_value(value, n);
}

// f and its derivatives by a, which are 0 beyond a limit. `second` may be null.
template <class T>
void Gating::value_and_derivatives(const T* a, T* value, T* first, T* second, std::size_t n) const {
  const T* const x = limiter_.argument(a, value, n);
  evaluator_.map(Order::derivative, x, first, n);
  if (second != nullptr) evaluator_.map(Order::second_derivative, x, second, n);
  evaluator_.map(Order::value, x, value, n);
  limiter_.limit_derivative(a, value, first, n);
  if (second != nullptr) limiter_.limit_derivative(a, value, second, n);
  limiter_.limit_value(value, n);
}

template <class T>
void Gating::forward_block(const T* a, const T* b, T* y, std::size_t n) const {
  T f[kBlock];
  T buffer[kBlock];
  value(a, f, n);
  blocks_->of<T>().multiply(f, limiter_.factor(b, buffer, n), y, n);
}

template <class T>
void Gating::backward_block(const Backward<T>& g, std::size_t n) const {
  T value[kBlock], first[kBlock], buffer[kBlock], b[kBlock];
  value_and_derivatives<T>(g.a, value, first, nullptr, n);
  Backward<T> limited = g;
  limited.b = limiter_.factor(g.b, buffer, n);
  if (limiter_.limits_b()) std::copy_n(g.b, n, b);  // db may be the same array as b
  loops_->of<T>().backward({value, first, nullptr}, limited, n);
  if (limiter_.limits_b()) limiter_.limit_gradient_of_b(b, g.db, n);
}

template <class T>
void Gating::double_backward_block(const DoubleBackward<T>& g, std::size_t n) const {
  T value[kBlock], first[kBlock], second[kBlock], buffer[kBlock], b[kBlock], vb[kBlock];
  value_and_derivatives(g.a, value, first, second, n);
  DoubleBackward<T> limited = g;
  limited.b = limiter_.factor(g.b, buffer, n);
  if (limiter_.limits_b()) {
    std::copy_n(g.b, n, b);  // an output may be the same array as b
    std::copy_n(g.vb, n, vb);
    limiter_.limit_gradient_of_b(b, vb, n);
    limited.vb = vb;
  }
  loops_->of<T>().double_backward({value, first, second}, limited, n);
  if (limiter_.limits_b()) limiter_.limit_gradient_of_b(b, g.for_b, n);
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
