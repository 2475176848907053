// SPDX-License-Identifier: Apache-2.0
// All operations of one activation on contiguous arrays of one type. If the activation has no
// kernel for an operation, it is composed of its other kernels and those of blocks.h.
#pragma once

#include "kernels/blocks.h"
#include "kernels/entry.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace actfn::kernels {

// Arrays have n elements of `type`; an output may be the same array as an input.
class Evaluator {
 public:
  // Computes values only.
  Evaluator(const ListRef<Activation>& f, Type type, Target target = active_target())
      : Evaluator(f.entry(), nullptr, f.parameters(), type, target) {}
  // Computes derivatives too.
  Evaluator(const GradientRef<Activation>& f, Type type, Target target = active_target())
      : Evaluator(f.entry(), &f.gradients(), f.parameters(), type, target) {}
  Evaluator(const Activation& f, Type type, Target target = active_target())
      : Evaluator(GradientRef<Activation>(f), type, target) {}
  Evaluator(const EntryOf<Activation>& entry, const GradientsOf<Activation>* gradients,
            const void* leaf, Type type, Target target);

  // y = the value or derivative that `order` says.
  void map(Order order, const void* x, void* y, std::size_t n) const;

  // dx = dy f'(x); if `order` is derivative_from_output, x is the output.
  void backward(Order order, const void* x, const void* dy, void* dx, std::size_t n) const;

  // y = f(x), dydx = f'(x). y and dydx must not overlap.
  void value_and_derivative(const void* x, void* y, void* dydx, std::size_t n) const;

  struct DoubleBackward {
    const void *x, *dy, *v;
    void *for_dy, *for_x;
  };
  // for_dy = v f'(x), for_x = v dy f''(x)
  void double_backward(const DoubleBackward& arrays, std::size_t n) const;

  // Whether value_and_derivative() costs much less than both alone.
  bool shares_parts() const { return derivatives_->of(type_).value_and_derivative != nullptr; }

  // z += bias; y = f(z), and dydz = f'(z) unless it is null
  void bias_forward(const void* bias, void* z, void* y, void* dydz, std::size_t n) const;

  // Bit i % 8 of mask[i / 8] is 1 if f'(x[i]) is the steeper of its two slopes.
  void mask(const void* x, std::uint8_t* mask, std::size_t n) const;
  // dx = dy times the slope that the mask says.
  void backward_from_mask(const std::uint8_t* mask, const void* dy, void* dx, std::size_t n) const;

 private:
  Map map_of(Order order, Type type) const;
  // W is the type that results are computed in.
  template <class W>
  void map_computed(Order order, const W* x, W* y, std::size_t n) const;
  template <std::size_t inputs, std::size_t outputs, class Body>
  void in_blocks(const std::array<const void*, inputs>& in, const std::array<void*, outputs>& out,
                 std::size_t n, const Body& body) const;

  Type type_;
  const ForTypes<Map>* values_;
  const ForTypes<Derivatives>* derivatives_ = nullptr;
  const GradientsOf<Activation>* gradients_;
  Target target_;
  Parameters parameters_;
};

}  // namespace actfn::kernels
