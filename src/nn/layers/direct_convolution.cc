// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/direct_convolution.h"

#include "nn/sums.h"
#include "nn/team.h"

#include <algorithm>

namespace actfn::nn {
namespace {

// Weights of a group, and numbers of a sample's patches, that stay in the first cache levels.
constexpr Index kMostWeights = Index{1} << 14;
constexpr Index kMostPatches = Index{1} << 18;

std::size_t size(Index n) { return static_cast<std::size_t>(n); }
Index index(std::size_t n) { return static_cast<Index>(n); }

const PatchMultiply& products(const Pass& pass) {
  return pass.is_reproducible() ? patch_products().rounded : patch_products().fused;
}

}  // namespace

bool is_direct(const Convolution& c, const Patches& patches) {
  if (patches.depth() == patches.channels()) return false;  // Patches are the images themselves
  const Index weights = patches.depth() / c.groups * (c.out_channels / c.groups);
  return weights <= kMostWeights && patches.depth() * patches.positions() <= kMostPatches;
}

DirectConvolutionModule::DirectConvolutionModule(const Convolution& c, const Axes& axes,
                                                 const Shape& in, const Shape& out,
                                                 const Shape& weight)
    : KernelModule(c, in, out, weight, Patches(c.in_channels, axes)),
      height_(c.kernel.size.height),
      width_(c.kernel.size.width),
      group_channels_(c.in_channels / c.groups),
      images_(c.in_channels, axes) {
  for (Index channel = 0; channel < c.in_channels; ++channel) {
    for (Index i = 0; i < height_; ++i) {
      for (Index j = 0; j < width_; ++j) elements_.push_back(images_.at(channel, i, j));
    }
  }
  for (Index k = 0; k < rows(); ++k) outputs_.push_back(k * patches().positions());
}

// What for_each_panel() takes of a buffer for each row, on every instruction set.
std::size_t DirectConvolutionModule::panel_size() const {
  return (size(rows()) + kWidestPanel - 1) / kWidestPanel * kWidestPanel;
}

Size DirectConvolutionModule::scratch_size(std::size_t /*rows*/) const {
  const Size of_panels = Size(padded(panel_size()));
  const Size positions = size(patches().positions());
  return Size(padded(size(images_.size()))) + of_panels * positions +
         of_panels * size(patches().depth()) + padded(size(weights())) +
         Size(size(std::max(patches().depth(), groups() * rows()))) * positions + kWidestPanel;
}

DirectConvolutionModule::Memory DirectConvolutionModule::memory(const Pass& pass,
                                                                int member) const {
  const std::size_t of_panels = padded(panel_size());
  Memory m = {};
  m.patches = pass.scratch_of(member);
  m.panel = m.patches + padded(size(images_.size()));
  m.sums = m.panel + of_panels * size(patches().positions());
  m.weights = m.sums + of_panels * size(patches().depth());
  m.columns = m.weights + padded(size(weights()));
  return m;
}

void DirectConvolutionModule::forward(const Pass& pass, const float* x, float* y) const {
  const auto samples = static_cast<int>(pass.rows);
  const Index positions = patches().positions();
  const PatchMultiply& by = products(pass);
  pass.team->run(piece_count(samples), [&](int member, int i) {
    const Memory m = memory(pass, member);
    const Range r = piece(samples, i);
    for (Index s = r.begin; s < r.end; ++s) {
      images_.gather(x + s * patches().image(), m.patches);
      for (Index g = 0; g < groups(); ++g) {
        by.multiply({.m = size(rows()),
                     .n = size(positions),
                     .k = size(columns()),
                     .a = weight(pass, g),
                     .a_row = columns(),
                     .a_step = 1,
                     .b = m.patches,
                     .rows = elements_.data() + g * columns(),
                     .c = y + (s * groups() + g) * rows() * positions,
                     .c_stride = positions,
                     .bias = has_bias() ? bias(pass) + g * rows() : nullptr});
      }
    }
  });
}

void DirectConvolutionModule::backward(const Pass& pass, const Gradients& g) const {
  const auto samples = static_cast<int>(pass.rows);
  pass.team->run(piece_count(samples), [&](int member, int i) {
    const Memory m = memory(pass, member);
    const Sums sum = sums(pass, i);
    clear(sum);
    clear_panels(m.panel);
    if (g.dx != nullptr) transpose_weights(pass, m.weights);
    // Sums of products begin anew with every tile.
    patches().for_each_tile(piece(samples, i),
                            [&](const Tile& t) { add_tile(pass, g, t, m, sum); });
  });
  add_up(pass, g.learned);
}

void DirectConvolutionModule::add_tile(const Pass& pass, const Gradients& g, const Tile& t,
                                       const Memory& m, const Sums& sum) const {
  for (Index s = t.first; s < t.last; ++s) {
    const float* const dy = g.dy + s * index(out_size());
    images_.gather(g.x + s * patches().image(), m.patches);
    add_panels(pass, dy, m, s > t.first);
    if (g.dx != nullptr) differentiate_input(pass, dy, m, g.dx + s * patches().image());
  }
  add_sums(m, sum.weight);
  if (has_bias()) add_bias_gradient(t, g.dy, sum.bias);
}

template <class F>
void DirectConvolutionModule::for_each_panel(const F& f) const {
  const auto most = index(patch_products().panel);
  for (Index first = 0; first < rows(); first += most) f(first, std::min(most, rows() - first));
}

// Columns beyond the outputs stay 0.
void DirectConvolutionModule::clear_panels(float* panels) const {
  for_each_panel([&](Index first, Index width) {
    const auto all = index(patch_products().panel_width(size(width)));
    if (width == all) return;
    std::fill_n(panels + first * patches().positions(), all * patches().positions(), 0.0F);
  });
}

// sums[panel][element][output] += over positions of patches[element] dy[output].
void DirectConvolutionModule::add_panels(const Pass& pass, const float* dy, const Memory& m,
                                         bool adds) const {
  const PatchProducts& all = patch_products();
  const Index positions = patches().positions();
  const PatchMultiply& by = products(pass);
  float* to = m.sums;
  for (Index g = 0; g < groups(); ++g) {
    for_each_panel([&](Index first, Index width) {
      float* const panel = m.panel + first * positions;
      all.pack(dy + (g * rows() + first) * positions, size(positions), size(width), size(positions),
               panel);
      by.multiply_panel({size(columns()), size(positions), m.patches,
                         elements_.data() + g * columns(), panel, size(width), to, adds});
      to += columns() * index(all.panel_width(size(width)));
    });
  }
}

void DirectConvolutionModule::add_sums(const Memory& m, float* sum) const {
  const float* from = m.sums;
  for (Index g = 0; g < groups(); ++g) {
    for_each_panel([&](Index first, Index width) {
      const auto stride = index(patch_products().panel_width(size(width)));
      float* const to = sum + (g * rows() + first) * columns();
      for (Index i = 0; i < width; ++i) {
        for (Index k = 0; k < columns(); ++k) to[i * columns() + k] += from[k * stride + i];
      }
      from += columns() * stride;
    });
  }
}

// As sum_over() adds up the numbers of all samples.
void DirectConvolutionModule::add_bias_gradient(const Tile& t, const float* dy, float* sum) const {
  const Index positions = patches().positions();
  for (Index k = 0; k < groups() * rows(); ++k) {
    RunningSums sums{};
    std::size_t phase = 0;
    for (Index s = t.first; s < t.last; ++s, phase += size(positions)) {
      const float* const from = dy + s * index(out_size()) + k * positions;
      patch_products().add_to_sums(from, size(positions), phase, sums.data());
    }
    sum[k] += static_cast<float>(total_of(sums));
  }
}

// to[group][row of the kernel][output][channel][column of the kernel]
void DirectConvolutionModule::transpose_weights(const Pass& pass, float* to) const {
  if (pass.is_reproducible()) return;
  for (Index g = 0; g < groups(); ++g) {
    for (Index i = 0; i < height_; ++i) {
      for (Index k = 0; k < rows(); ++k) {
        for (Index c = 0; c < group_channels_; ++c) {
          const float* const from = weight(pass, g) + k * columns() + (c * height_ + i) * width_;
          to = std::copy(from, from + width_, to);
        }
      }
    }
  }
}

// The order of the sums is that of Patches where bits are to be the same; adding up whole rows of
// the kernel first takes less time.
void DirectConvolutionModule::differentiate_input(const Pass& pass, const float* dy,
                                                  const Memory& m, float* dx) const {
  const Index positions = patches().positions();
  std::fill(dx, dx + patches().image(), 0.0F);
  if (pass.is_reproducible()) {
    const Tile one = {0, 1, 0, positions / patches().row()};
    multiply_transposed(pass, one, dy, m.columns);
    return patches().scatter(one, m.columns, dx);
  }
  std::copy(dy, dy + out_size(), m.columns);
  std::fill(m.patches, m.patches + images_.size(), 0.0F);
  const Index lines = group_channels_ * width_;
  for (Index g = 0; g < groups(); ++g) {
    for (Index i = 0; i < height_; ++i) {
      products(pass).multiply({.m = size(lines),
                               .n = size(positions),
                               .k = size(rows()),
                               .a = m.weights + (g * height_ + i) * rows() * lines,
                               .a_row = 1,
                               .a_step = lines,
                               .b = m.columns + g * rows() * positions,
                               .rows = outputs_.data(),
                               .c = m.patches + images_.at(g * group_channels_, i, 0),
                               .c_stride = images_.plane(),
                               .adds = true});
    }
  }
  images_.scatter(m.patches, dx);
}

}  // namespace actfn::nn
