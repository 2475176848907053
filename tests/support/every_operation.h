// SPDX-License-Identifier: Apache-2.0
// All that can be done with a function of any kind, as calls with inputs and outputs, so that tests
// of memory and threads need not name each.
#pragma once

#include <actfn/actfn.h>

#include <array>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "elements.h"
#include "host_environment.h"
#include "kernels/type.h"
#include "placed.h"

namespace actfn::testing {

struct Operation {
  std::string name;
  std::vector<Shape> inputs, outputs;
  std::function<void(const std::vector<ConstTensor>& in, const std::vector<Tensor>& out)> run;
  bool in_place = true;  // an output may be an input of its shape
};

using In = const std::vector<ConstTensor>&;
using Out = const std::vector<Tensor>&;

inline std::vector<Operation> operations(const Activation& f, const Shape& s, int, Threads t) {
  std::vector<Operation> all = {
      {"forward", {s}, {s}, [=](In x, Out y) { forward(f, x[0], y[0], t); }},
      {"derivative", {s}, {s}, [=](In x, Out y) { derivative(f, x[0], y[0], t); }},
      {"second_derivative", {s}, {s}, [=](In x, Out y) { second_derivative(f, x[0], y[0], t); }},
      {"forward_with_derivative",
       {s},
       {s, s},
       [=](In x, Out y) { forward_with_derivative(f, x[0], y[0], y[1], t); }},
      {"backward", {s, s}, {s}, [=](In x, Out y) { backward(f, x[0], x[1], y[0], t); }},
      {"double_backward",
       {s, s, s},
       {s, s},
       [=](In x, Out y) { double_backward(f, x[0], x[1], x[2], y[0], y[1], t); }},
  };
  if (!info(f).from_output.empty()) {
    all.push_back({"backward_from_output", {s, s}, {s}, [=](In x, Out y) {
                     backward_from_output(f, x[0], x[1], y[0], t);
                   }});
  }
  for (std::size_t k = 0; k < learnable_parameters(f).size(); ++k) {
    all.push_back({"parameter_derivative", {s}, {s}, [=](In x, Out y) {
                     parameter_derivative(f, k, x[0], y[0], t);
                   }});
  }
  return all;
}

inline std::vector<Operation> operations(const RowActivation& f, const Shape& s, int axis,
                                         Threads t) {
  return {{"forward", {s}, {s}, [=](In x, Out y) { forward(f, x[0], axis, y[0], {.threads = t}); }},
          {"backward", {s, s}, {s}, [=](In x, Out y) { backward(f, x[0], x[1], axis, y[0], t); }},
          {"double_backward", {s, s, s}, {s, s}, [=](In x, Out y) {
             double_backward(f, x[0], x[1], x[2], axis, y[0], y[1], t);
           }}};
}

inline std::vector<Operation> operations(const RowReduction& f, const Shape& s, int axis,
                                         Threads t) {
  const Shape one = output_shape(f, s, axis);
  return {
      {"forward", {s}, {one}, [=](In x, Out y) { forward(f, x[0], axis, y[0], {.threads = t}); }},
      {"backward", {s, one}, {s}, [=](In x, Out y) {
         backward(f, x[0], x[1], axis, y[0], {.threads = t});
       }}};
}

inline std::vector<Operation> operations(const Gate& f, const Shape& s, int axis, Threads t) {
  const Shape half = output_shape(f, s, axis);
  std::vector<Operation> all = {
      {"forward of two",
       {half, half},
       {half},
       [=](In x, Out y) { forward(f, x[0], x[1], y[0], t); }},
      {"backward of two", {half, half, half}, {half, half}, [=](In x, Out y) {
         backward(f, x[0], x[1], x[2], y[0], y[1], t);
       }}};
  for (const Packing packing : {Packing::halves, Packing::interleaved}) {
    const GateOptions o = {packing, t};
    all.push_back({"forward", {s}, {half}, [=](In x, Out y) { forward(f, x[0], axis, y[0], o); }});
    all.push_back(
        {"backward", {s, half}, {s}, [=](In x, Out y) { backward(f, x[0], x[1], axis, y[0], o); }});
    all.push_back({"double_backward", {s, half, s}, {half, s}, [=](In x, Out y) {
                     double_backward(f, x[0], x[1], x[2], axis, y[0], y[1], o);
                   }});
  }
  return all;
}

inline std::vector<Operation> operations(const RandomActivation& f, const Shape& s, int,
                                         Threads t) {
  const Noise noise = {.seed = 7};
  return {{"forward", {s}, {s}, [=](In x, Out y) { forward(f, x[0], noise, y[0], t); }},
          {"backward", {s, s}, {s}, [=](In x, Out y) { backward(f, x[0], x[1], noise, y[0], t); }},
          {"double_backward", {s, s, s}, {s, s}, [=](In x, Out y) {
             double_backward(f, x[0], x[1], x[2], noise, y[0], y[1], t);
           }}};
}

inline std::vector<Operation> operations(const RandomRow& f, const Shape& s, int axis, Threads t) {
  const Noise noise = {.seed = 7};
  return {{"forward",
           {s},
           {s},
           [=](In x, Out y) { forward(f, x[0], axis, noise, y[0], {.threads = t}); }},
          {"backward", {s, s}, {s}, [=](In x, Out y) {
             backward(f, x[0], x[1], axis, noise, y[0], {.threads = t});
           }}};
}

inline std::vector<Operation> operations(const Prelu&, const Shape& s, Threads t) {
  const Shape w = {s[1]};
  return {{"prelu", {s, w}, {s}, [=](In x, Out y) { prelu(x[0], x[1], y[0], t); }},
          {"prelu_backward",
           {s, w, s},
           {s, w},
           [=](In x, Out y) { prelu_backward(x[0], x[1], x[2], y[0], y[1], t); }},
          {"prelu_double_backward", {s, w, s, s, w}, {s, s, w}, [=](In x, Out y) {
             prelu_double_backward(x[0], x[1], x[2], x[3], x[4], y[0], y[1], y[2], t);
           }}};
}

// to[i] = from[i]
inline void put(std::span<const double> from, const Tensor& to) {
  const DefaultEnvironment environment;
  kernels::for_type(to.type(), [&]<class T>() {
    for (std::size_t i = 0; i < from.size(); ++i) {
      to.data<T>()[static_cast<std::ptrdiff_t>(i) * to.strides()[0]] = as<T>(from[i]);
    }
  });
}

inline std::vector<Operation> operations(const Learnable& f, const Shape& s, Threads t) {
  const Activation own = f.activation;
  const std::size_t count = learnable_parameters(own).size();
  return {{"parameter_gradient", {s, s}, {{count}}, [=](In x, Out y) {
             std::array<double, 16> sums;
             const std::span gradient(sums.data(), count);
             parameter_gradient(own, x[0], x[1], gradient, t);
             put(gradient, y[0]);
           }}};
}

inline std::vector<Operation> operations(const LearnedActivation& f, const Shape& s, int,
                                         Threads t) {
  return std::visit([&](const auto& learned) { return operations(learned, s, t); }, f);
}

inline std::vector<Operation> operations(const GroupedActivation& f, const Shape& s, int axis,
                                         Threads t) {
  const Shape out = output_shape(f, s, axis);
  return {
      {"forward", {s}, {out}, [=](In x, Out y) { forward(f, x[0], axis, y[0], t); }},
      {"backward", {s, out}, {s}, [=](In x, Out y) { backward(f, x[0], x[1], axis, y[0], t); }}};
}

inline std::vector<Operation> operations_of(const Function& f, const Shape& shape, int axis,
                                            Threads threads = {}) {
  return std::visit([&](const auto& list) { return operations(list, shape, axis, threads); }, f);
}

// The elements of several tensors.
template <Element T>
using Values = std::vector<std::vector<T>>;

// Runs an operation over contiguous tensors.
template <Element T>
Values<T> contiguous(const Operation& operation, const Values<T>& in) {
  Values<T> out;
  for (const Shape& shape : operation.outputs) out.emplace_back(elements(shape));
  std::vector<ConstTensor> from;
  std::vector<Tensor> to;
  for (std::size_t k = 0; k < in.size(); ++k) from.emplace_back(in[k], operation.inputs[k]);
  for (std::size_t k = 0; k < out.size(); ++k) to.emplace_back(out[k], operation.outputs[k]);
  operation.run(from, to);
  return out;
}

}  // namespace actfn::testing
