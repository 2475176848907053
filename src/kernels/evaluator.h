// All operations of one activation on contiguous arrays of one type. If the activation has no
// kernel for an operation, it is composed of its other kernels and those of blocks.h.
#pragma once

#include "kernels/blocks.h"
#include "kernels/entry.h"

#include <cstddef>
#include <cstdint>

namespace actfn::kernels {

class Evaluator {
 public:
  explicit Evaluator(const Activation& f, Target target = active_target())
      : Evaluator(entry(f), f, target) {}
  // `entry` must be that of the function that f holds.
  Evaluator(const Entry& entry, const Activation& f, Target target = active_target());

  // y = the value or derivative that `order` says. Arrays have n elements, of a type of types.h; an
  // output may be the same array as an input.
  template <class T>
  void map(Order order, const T* x, T* y, std::size_t n) const;

  // dx = dy f'(x); if `order` is derivative_from_output, x is the output.
  template <class T>
  void backward(Order order, const T* x, const T* dy, T* dx, std::size_t n) const;

  // y = f(x), dydx = f'(x). y and dydx must not overlap.
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

  // Bit i % 8 of mask[i / 8] is 1 if f'(x[i]) is the steeper of its two slopes.
  template <class T>
  void mask(const T* x, std::uint8_t* mask, std::size_t n) const;
  // dx = dy times the slope that the mask says.
  template <class T>
  void backward_from_mask(const std::uint8_t* mask, const T* dy, T* dx, std::size_t n) const;

 private:
  template <class T>
  const void* parameters() const;

  const Entry* entry_;
  const Kernels* kernels_;
  const Blocks* blocks_;
  Activation single_;  // with parameters rounded to float32, for float32 and the 16-bit types
  Activation double_;  // with parameters as given
};

}  // namespace actfn::kernels
