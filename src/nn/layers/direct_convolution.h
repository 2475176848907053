// SPDX-License-Identifier: Apache-2.0
// Convolutions with small kernels, sample by sample, by kernels of our own that read the images
// almost in place.
#pragma once

#include "nn/layers/convolution.h"
#include "nn/layers/patch_products.h"
#include "nn/layers/row_patches.h"

#include <vector>

namespace actfn::nn {

// Whether such a convolution is faster this way than with Patches and large products.
bool is_direct(const Convolution& c, const Patches& patches);

// With set_reproducible(true) it gives the bits of the other way.
class DirectConvolutionModule : public KernelModule {
 public:
  DirectConvolutionModule(const Convolution& c, const Axes& axes, const Shape& in, const Shape& out,
                          const Shape& weight);

  Size scratch_size(std::size_t rows) const override;
  void forward(const Pass& pass, const float* x, float* y) const override;
  void backward(const Pass& pass, const Gradients& g) const override;

 private:
  // A member's memory.
  struct Memory {
    float* patches;  // RowPatches
    float* panel;    // the gradients of a group's outputs, transposed
    float* sums;     // of the weight's gradient: panels of a tile of samples
    float* weights;  // transposed
    float* columns;  // of one sample: Patches, or the gradients of its outputs
  };
  Memory memory(const Pass& pass, int member) const;
  std::size_t panel_size() const;

  void add_tile(const Pass& pass, const Gradients& g, const Tile& t, const Memory& m,
                const Sums& sum) const;
  void add_panels(const Pass& pass, const float* dy, const Memory& m, bool adds) const;
  void clear_panels(float* panels) const;
  void add_sums(const Memory& m, float* sum) const;
  void add_bias_gradient(const Tile& t, const float* dy, float* sum) const;
  void transpose_weights(const Pass& pass, float* to) const;
  void differentiate_input(const Pass& pass, const float* dy, const Memory& m, float* dx) const;
  // f(first output channel, its panel's width) for each panel of a group
  template <class F>
  void for_each_panel(const F& f) const;

  Index height_, width_, group_channels_;
  RowPatches images_;
  std::vector<std::ptrdiff_t> elements_;  // where the elements of all kernels begin in `images_`
  std::vector<std::ptrdiff_t> outputs_;   // where a group's channels begin in a sample of outputs
};

}  // namespace actfn::nn
