// SPDX-License-Identifier: Apache-2.0
// One gate over contiguous arrays of float or double.
#pragma once

#include "gated/kernels/definition.h"
#include "gated/kernels/limiter.h"
#include "gated/kernels/loops.h"
#include "kernels/evaluator.h"

#include <cstddef>

namespace actfn::gated {

class Gating {
 public:
  // For tensors whose results are computed in float32 or float64: `computed`.
  Gating(const ListRef<Gate>& gate, Type computed,
         kernels::Target target = kernels::active_target())
      : Gating(definition_of(gate), computed, target) {}

  // Whether the second of the two operands is the gate: glu.
  bool second_is_gate() const { return second_is_gate_; }
  // What an element costs; a rough estimate.
  double nanoseconds() const { return nanoseconds_; }

  // a is the gate. An output may be the same array as an input.
  template <class T>
  void forward(const T* a, const T* b, T* y, std::size_t n) const;
  template <class T>
  void backward(const Backward<T>& arrays, std::size_t n) const;
  template <class T>
  void double_backward(const DoubleBackward<T>& arrays, std::size_t n) const;

 private:
  Gating(const Definition& gate, Type computed, kernels::Target target);

  // The parts for at most kBlock elements.
  template <class T>
  void forward_block(const T* a, const T* b, T* y, std::size_t n) const;
  template <class T>
  void backward_block(const Backward<T>& arrays, std::size_t n) const;
  template <class T>
  void double_backward_block(const DoubleBackward<T>& arrays, std::size_t n) const;
  template <class T>
  void value(const T* a, T* value, std::size_t n) const;
  template <class T>
  void value_and_derivatives(const T* a, T* value, T* first, T* second, std::size_t n) const;

  kernels::Evaluator evaluator_;
  const kernels::Blocks* blocks_;
  const Loops* loops_;
  Fused fused_;               // for a gate without limits
  bool is_identity_ = false;  // y = a b
  bool second_is_gate_;
  double nanoseconds_;
  Limiter limiter_;
};

}  // namespace actfn::gated
