// One gate over contiguous arrays of float or double.
#pragma once

#include <actfn/gated.h>

#include "gated/kernels/loops.h"
#include "kernels/evaluator.h"

#include <cstddef>

namespace actfn::gated {

class Gating {
 public:
  explicit Gating(const Gate& gate, kernels::Target target = kernels::active_target());

  // Whether the second of the two operands is the gate: glu.
  bool second_is_gate() const { return second_is_gate_; }
  // Whether it is limited by memory.
  bool light() const { return light_; }

  // a is the gate. An output may be the very array of an input.
  template <class T>
  void forward(const T* a, const T* b, T* y, std::size_t n) const;
  template <class T>
  void backward(const Backward<T>& arrays, std::size_t n) const;
  template <class T>
  void double_backward(const DoubleBackward<T>& arrays, std::size_t n) const;

 private:
  enum class Kind { general, identity, relu, clamped };

  Gating(const Activation& f, kernels::Target target);

  // The parts for at most kBlock elements.
  template <class T>
  void general_forward(const T* a, const T* b, T* y, std::size_t n) const;
  template <class T>
  void general_backward(const Backward<T>& arrays, std::size_t n) const;
  template <class T>
  void general_double_backward(const DoubleBackward<T>& arrays, std::size_t n) const;
  template <class T>
  void value_and_slope(const T* x, T* value, T* slope, std::size_t n) const;
  template <class T>
  const T* gate_of(const T* a, T* buffer, std::size_t n) const;
  template <class T>
  const T* factor_of(const T* b, T* buffer, std::size_t n) const;
  template <class T>
  void limit_slopes(const T* a, T* slope, std::size_t n) const;
  template <class T>
  T limit() const;

  kernels::Evaluator evaluator_;
  const kernels::Blocks* blocks_;
  const Loops* loops_;
  Smooth smooth_;
  Kind kind_ = Kind::general;
  bool second_is_gate_ = false;
  bool light_;
  double limit_ = 0;
};

}  // namespace actfn::gated
