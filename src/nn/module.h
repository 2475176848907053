// SPDX-License-Identifier: Apache-2.0
// Functions that are not elementwise as layers: what a Sequential needs of them. Arrays are
// contiguous, [rows, features]. A module keeps nothing of a pass: networks share it.
#pragma once

#include <actfn/nn/layers.h>

#include <cstddef>
#include <memory>
#include <span>

namespace actfn::nn {

// One pass of a batch through a layer.
struct Pass {
  std::size_t rows;
  bool training;
  Noise noise;                     // of this layer in this pass
  std::span<const float> learned;  // the layer's parameters
};

class Module {
 public:
  virtual ~Module() = default;
  int in_features() const { return in_; }
  int out_features() const { return out_; }

  // How many numbers are learned, and what they are at first.
  virtual std::size_t parameter_count() const { return 0; }
  virtual void initialize(std::span<float> /*learned*/) const {}

  virtual void forward(const Pass& pass, const float* x, float* y) const = 0;
  // dx and the parameters' gradients from dy, with the same pass; y is what forward() gave.
  virtual void backward(const Pass& pass, const float* x, const float* y, const float* dy,
                        float* dx, std::span<float> gradients) const = 0;

 protected:
  Module(int in, int out) : in_(in), out_(out) {}
  ConstTensor in_rows(const Pass& pass, const float* x) const {
    return {x, {pass.rows, static_cast<std::size_t>(in_)}};
  }
  Tensor in_rows(const Pass& pass, float* x) const {
    return {x, {pass.rows, static_cast<std::size_t>(in_)}};
  }
  ConstTensor out_rows(const Pass& pass, const float* y) const {
    return {y, {pass.rows, static_cast<std::size_t>(out_)}};
  }
  Tensor out_rows(const Pass& pass, float* y) const {
    return {y, {pass.rows, static_cast<std::size_t>(out_)}};
  }

 private:
  int in_, out_;
};

// For a function that gets so many features; null for an elementwise one. Throws Error where they
// do not fit, or a parameter is out of range.
std::shared_ptr<const Module> make_module(const Function& f, int in_features);

}  // namespace actfn::nn
