// SPDX-License-Identifier: Apache-2.0
// What convolutions share.
#pragma once

#include "nn/layers/patches.h"
#include "nn/layers/text.h"
#include "nn/module.h"

#include <string_view>

namespace actfn::nn {

// The arguments of a convolution of any dimension.
struct Convolution {
  std::string_view who;
  int in_channels, out_channels;
  Kernel kernel;
  int groups;
  bool bias;
};

// Throws Error where arguments are out of range, whatever the samples.
void check_arguments(const Convolution& c);

// A kernel's weights and bias, and the sums of their gradients. The weight is `rows` x `columns`
// for each group.
class KernelModule : public Module {
 public:
  void initialize(std::span<float> learned, WeightSource* source) const override;
  Size workspace_size(std::size_t rows) const override;
  Size scratch_size(std::size_t rows) const override;
  bool works_without_dx() const override { return true; }

 protected:
  // Of samples [positions or image]; `weight` is its shape.
  KernelModule(const Convolution& c, const Shape& in, const Shape& out, const Shape& weight,
               const Patches& patches);

  const Patches& patches() const { return patches_; }
  Index groups() const { return groups_; }
  bool has_bias() const { return has_bias_; }
  // The matrix of one group.
  Index rows() const { return rows_; }
  Index columns() const { return columns_; }
  Index weights() const { return groups_ * rows_ * columns_; }

  // The weight of a group, and the bias, null if there is none.
  const float* weight(const Pass& pass, Index group) const {
    return pass.learned.data() + group * rows_ * columns_;
  }
  const float* bias(const Pass& pass) const {
    return has_bias_ ? pass.learned.data() + weights() : nullptr;
  }

  // A member's scratch: the patches, what is beside them in a product, and weights.
  struct Scratch {
    float *patches, *rows, *weights;
  };
  Scratch scratch(const Pass& pass, int member) const;

  // The gradients' sums of one piece of the batch.
  struct Sums {
    float *weight, *bias;
  };
  Sums sums(const Pass& pass, int piece) const;
  void clear(const Sums& sums) const;
  void add_up(const Pass& pass, std::span<float> gradients) const;

  // For the positions of a tile. of[group rows][positions] = weight patches, and its inverse
  // patches = weight^T of.
  void multiply(const Pass& pass, const Tile& t, const float* patches, float* of) const;
  void multiply_transposed(const Pass& pass, const Tile& t, const float* of, float* patches) const;
  // sums.weight += of patches^T
  void add_weight_gradient(const Pass& pass, const Tile& t, const Scratch& s, float* sum) const;

 private:
  std::size_t sums_size() const;  // of one piece

  Patches patches_;
  Index groups_, rows_, columns_;
  double fan_in_, fan_out_;
  bool has_bias_;
};

// Conv1d and Conv2d; Conv1d's images have a height of 1.
ModulePointer make_convolution(const Convolution& c, const Shape& in, const Shape& kernel_shape);
template <class L>
LayerText convolution_text(std::string_view name, const L& example) {
  return {name,
          example,
          {required<&L::in_channels>("in_channels"), required<&L::out_channels>("out_channels"),
           required<&L::kernel_size>("kernel_size"), optional<&L::stride>("stride"),
           optional<&L::padding>("padding"), optional<&L::dilation>("dilation"),
           optional<&L::groups>("groups"), optional<&L::bias>("bias")}};
}

}  // namespace actfn::nn
