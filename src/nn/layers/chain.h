// SPDX-License-Identifier: Apache-2.0
// Layers one after the other inside of another layer. What they keep of a pass is in the workspace
// of that layer.
#pragma once

#include "nn/module.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::nn {

class Chain {
 public:
  // For samples of a shape; throws Error where there is no layer, or one does not fit.
  Chain(std::string_view who, const std::vector<Layer>& layers, const Shape& in);

  const Shape& out() const { return modules_.back()->out(); }
  // With the layer's index before each name: "1.weight".
  std::vector<Block> parameters() const;
  std::vector<Block> buffers() const;
  std::size_t parameter_count() const { return learned_.back(); }
  std::size_t buffer_count() const { return kept_.back(); }

  void initialize(std::span<float> learned, WeightSource* source) const;
  void initialize_buffers(std::span<float> buffers) const;
  Size workspace_size(std::size_t rows) const;
  Size scratch_size(std::size_t rows) const;
  std::size_t widest() const;
  void check_batch(std::size_t rows, bool training) const;

  // The pass' learned numbers, buffers and workspace are those of the chain.
  void forward(const Pass& pass, const float* x, float* y) const;
  void backward(const Pass& pass, const Gradients& g) const;
  // dx may be null.
  bool works_without_dx() const { return modules_.front()->works_without_dx(); }
  void finish(const Pass& pass) const;
  Inner inner(const Pass& pass, std::size_t index) const;

 private:
  // What the workspace has of one module.
  struct Place {
    float *output, *gradient, *workspace;
  };
  Size size_of_place(std::size_t index, std::size_t rows) const;
  Place place(const Pass& pass, std::size_t index) const;
  Pass pass_of(const Pass& pass, std::size_t index) const;

  std::vector<ModulePointer> modules_;
  std::vector<std::size_t> learned_, kept_;  // where each module's begin, and the end of all
};

// Appends blocks, with a number before each name: "1.weight".
void add_blocks(const std::vector<Block>& from, std::size_t number, std::vector<Block>& to);

// y += x, n numbers, on the team.
void add_to(Team& team, std::size_t n, const float* x, float* y);

}  // namespace actfn::nn
