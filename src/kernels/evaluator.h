// Everything that can be done with one activation, over contiguous arrays of one type: made of the
// activation's own kernels where it has them, and of those and blocks.h's otherwise.
#pragma once

#include "kernels/blocks.h"
#include "kernels/entry.h"

#include <cstddef>
#include <cstdint>

namespace actfn::kernels {

class Evaluator {
 public:
  explicit Evaluator(const Activation& f, Target target = active_target());

  // Arrays have n elements; an output may be the very array of an input. T: see types.h.
  template <class T>
  void map(Order order, const T* x, T* y, std::size_t n) const;

  // dx = dy f'(x); `order` may be derivative_from_output, x being the output then.
  template <class T>
  void backward(Order order, const T* x, const T* dy, T* dx, std::size_t n) const;

  // y and dydx must differ.
  template <class T>
  void value_and_derivative(const T* x, T* y, T* dydx, std::size_t n) const;

  template <class T>
  struct DoubleBackward {
    const T *x, *dy, *v;
    T *for_dy, *for_x;
  };
  // for_dy = v f'(x), for_x = v dy f''(x)
  template <class T>
  void double_backward(const DoubleBackward<T>& arrays, std::size_t n) const;

  // z[r][c] += bias[c]; y[r][c] = f(z[r][c])
  template <class T>
  void bias_forward(const T* bias, T* z, T* y, std::size_t rows, std::size_t columns) const;

  // Bit i of mask[i / 8] says whether f'(x[i]) is the steeper of its two slopes.
  template <class T>
  void mask(const T* x, std::uint8_t* mask, std::size_t n) const;
  template <class T>
  void backward_from_mask(const std::uint8_t* mask, const T* dy, T* dx, std::size_t n) const;

 private:
  template <class T>
  const void* parameters() const;

  const Kernels* kernels_;
  const Blocks* blocks_;
  Activation single_;  // parameters as float32 and the 16-bit types read them
  Activation double_;  // and as they are
};

}  // namespace actfn::kernels
