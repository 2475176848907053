// SPDX-License-Identifier: Apache-2.0
// Everything that can be done with an activation over arrays of one type, in one shape, so that
// tests of layout need not name each.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "elements.h"
#include "kernels/evaluator.h"

namespace actfn::testing {

template <Element T>
struct Arrays {
  std::array<T*, 3> in;
  std::array<T*, 2> out;
};

template <Element T>
struct Operation {
  std::string name;
  std::size_t inputs, outputs;  // how many of Arrays
  void (*run)(const kernels::Evaluator& f, const Arrays<T>& a, std::size_t n);
};

template <Element T, kernels::Order order>
Operation<T> map_operation(const char* name) {
  return {name, 1, 1, [](const kernels::Evaluator& f, const Arrays<T>& a, std::size_t n) {
            f.map(order, a.in[0], a.out[0], n);
          }};
}

template <Element T, kernels::Order order>
Operation<T> backward_operation(const char* name) {
  return {name, 2, 1, [](const kernels::Evaluator& f, const Arrays<T>& a, std::size_t n) {
            f.backward(order, a.in[0], a.in[1], a.out[0], n);
          }};
}

template <Element T>
void run_bias_forward(const kernels::Evaluator& f, const Arrays<T>& a, std::size_t n) {
  std::copy_n(a.in[1], a.in[1] == a.out[0] ? 0 : n, a.out[0]);
  f.bias_forward(a.in[0], a.out[0], a.out[1], nullptr, n);
}

template <Element T>
std::vector<Operation<T>> operations(const Activation& activation) {
  using kernels::Evaluator;
  using kernels::Order;
  std::vector<Operation<T>> all = {
      map_operation<T, Order::value>("forward"),
      map_operation<T, Order::derivative>("derivative"),
      map_operation<T, Order::second_derivative>("second derivative"),
      backward_operation<T, Order::derivative>("backward"),
      {"forward with derivative", 1, 2,
       [](const Evaluator& f, const Arrays<T>& a, std::size_t n) {
         f.value_and_derivative(a.in[0], a.out[0], a.out[1], n);
       }},
      {"double backward", 3, 2,
       [](const Evaluator& f, const Arrays<T>& a, std::size_t n) {
         f.double_backward({a.in[0], a.in[1], a.in[2], a.out[0], a.out[1]}, n);
       }},
      {"bias forward", 2, 2, run_bias_forward<T>}};
  const GradientRef<Activation> ref(activation);
  if (ref.gradients().output_conflict(ref.parameters()).empty()) {
    all.push_back(map_operation<T, Order::derivative_from_output>("derivative from output"));
    all.push_back(backward_operation<T, Order::derivative_from_output>("backward from output"));
  }
  return all;
}

// Inputs of an operation: the first one has all that is special, the others are plain numbers.
template <Element T>
std::array<std::vector<T>, 3> operation_inputs(std::size_t n) {
  std::array<std::vector<T>, 3> in = {inputs<T>(n, 3), {}, {}};
  for (std::size_t i = 0; i < in[0].size(); ++i) {
    in[1].push_back(as<T>(static_cast<double>(i % 5) - 1.5));
    in[2].push_back(as<T>(static_cast<double>(i % 7) - 2.5));
  }
  return in;
}

// For comparisons: bits, all NaN being one. Where a formula itself makes a NaN, of sin(inf), its
// sign is the instruction set's.
template <Element T>
std::vector<Bits<T>> canonical_bits(const T* x, std::size_t n) {
  std::vector<Bits<T>> all;
  for (std::size_t i = 0; i < n; ++i) {
    const bool nan = std::isnan(static_cast<double>(x[i]));
    all.push_back(bits(nan ? as<T>(std::numeric_limits<double>::quiet_NaN()) : x[i]));
  }
  return all;
}

}  // namespace actfn::testing
