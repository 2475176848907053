// SPDX-License-Identifier: Apache-2.0
// The public functions over arrays in one shape, so that tests of strides, threads and errors need
// not name each.
#pragma once

#include <actfn/actfn.h>

#include <vector>

namespace actfn::testing {

struct Call {
  const char* name;
  std::size_t inputs, outputs;
  void (*run)(const Activation& f, const std::vector<ConstTensor>& in,
              const std::vector<Tensor>& out, Threads threads);
};

using Map = void(const GradientRef<Activation>&, const ConstTensor&, const Tensor&, Threads);
using Product = void(const GradientRef<Activation>&, const ConstTensor&, const ConstTensor&,
                     const Tensor&, Threads);

template <Map* map>
constexpr Call map_call(const char* name) {
  return {name, 1, 1,
          [](const Activation& f, const std::vector<ConstTensor>& in,
             const std::vector<Tensor>& out, Threads threads) { map(f, in[0], out[0], threads); }};
}

template <Product* product>
constexpr Call product_call(const char* name) {
  return {
      name, 2, 1,
      [](const Activation& f, const std::vector<ConstTensor>& in, const std::vector<Tensor>& out,
         Threads threads) { product(f, in[0], in[1], out[0], threads); }};
}

inline const Call kForward = {
    "forward", 1, 1,
    [](const Activation& f, const std::vector<ConstTensor>& in, const std::vector<Tensor>& out,
       Threads threads) { forward(f, in[0], out[0], threads); }};

inline const Call kForwardWithDerivative = {
    "forward_with_derivative", 1, 2,
    [](const Activation& f, const std::vector<ConstTensor>& in, const std::vector<Tensor>& out,
       Threads threads) { forward_with_derivative(f, in[0], out[0], out[1], threads); }};

inline const Call kDoubleBackward = {
    "double_backward", 3, 2,
    [](const Activation& f, const std::vector<ConstTensor>& in, const std::vector<Tensor>& out,
       Threads threads) { double_backward(f, in[0], in[1], in[2], out[0], out[1], threads); }};

// Whether backward_from_output takes it.
inline bool has_output_form(const Activation& f) {
  try {
    backward_from_output(f, std::vector<float>(), std::vector<float>(), std::vector<float>());
    return true;
  } catch (const Error&) {
    return false;
  }
}

inline std::vector<Call> calls(const Activation& f) {
  std::vector<Call> all = {kForward,
                           map_call<derivative>("derivative"),
                           map_call<second_derivative>("second_derivative"),
                           product_call<backward>("backward"),
                           kForwardWithDerivative,
                           kDoubleBackward};
  if (has_output_form(f)) all.push_back(product_call<backward_from_output>("backward_from_output"));
  return all;
}

}  // namespace actfn::testing
