// SPDX-License-Identifier: Apache-2.0
#include "catalogue/error.h"
#include "nn/layers/arguments.h"
#include "nn/layers/convolution.h"
#include "nn/layers/text.h"
#include "nn/sums.h"
#include "nn/team.h"

#include <algorithm>
#include <limits>

namespace actfn::nn {
namespace {

constexpr std::string_view kWho = "conv_transpose2d";

// Its output is the image of patches, its input their positions.
class ConvTransposeModule : public KernelModule {
 public:
  ConvTransposeModule(const Convolution& c, const Shape& in, const Shape& out, const Shape& weight,
                      const Patches& patches)
      : KernelModule(c, in, out, weight, patches) {}

  void forward(const Pass& pass, const float* x, float* y) const override {
    const auto samples = static_cast<int>(pass.rows);
    pass.team->run(piece_count(samples), [&](int member, int i) {
      const Scratch s = scratch(pass, member);
      const Range r = piece(samples, i);
      fill_with_bias(pass, r, y);
      patches().for_each_tile(r, [&](const Tile& t) {
        patches().pack(t, groups() * rows(), x, s.rows);
        multiply_transposed(pass, t, s.rows, s.patches);
        patches().scatter(t, s.patches, y);
      });
    });
  }

  void backward(const Pass& pass, const Gradients& g) const override {
    const auto samples = static_cast<int>(pass.rows);
    pass.team->run(piece_count(samples), [&](int member, int i) {
      const Scratch s = scratch(pass, member);
      const Sums sum = sums(pass, i);
      clear(sum);
      const Range r = piece(samples, i);
      add_bias_gradient(r, g.dy, sum.bias);
      patches().for_each_tile(r, [&](const Tile& t) {
        patches().gather(t, g.dy, s.patches);
        patches().pack(t, groups() * rows(), g.x, s.rows);
        add_weight_gradient(pass, t, s, sum.weight);
        if (g.dx == nullptr) return;
        multiply(pass, t, s.patches, s.rows);
        patches().unpack(t, groups() * rows(), s.rows, nullptr, g.dx);
      });
    });
    add_up(pass, g.learned);
  }

 private:
  Index plane() const { return patches().image() / patches().channels(); }

  void fill_with_bias(const Pass& pass, const Range& samples, float* y) const {
    for (Index s = samples.begin; s < samples.end; ++s) {
      for (Index c = 0; c < patches().channels(); ++c) {
        float* const to = y + (s * patches().channels() + c) * plane();
        std::fill(to, to + plane(), has_bias() ? bias(pass)[c] : 0.0F);
      }
    }
  }
  void add_bias_gradient(const Range& samples, const float* dy, float* sum) const {
    if (!has_bias()) return;
    for (Index s = samples.begin; s < samples.end; ++s) {
      for (Index c = 0; c < patches().channels(); ++c) {
        const float* const from = dy + (s * patches().channels() + c) * plane();
        sum[c] +=
            static_cast<float>(sum_over(static_cast<std::size_t>(plane()), [&](std::size_t i) {
              return static_cast<double>(from[i]);
            }));
      }
    }
  }
};

// So that a convolution of the output has the input's lengths.
std::size_t out_length(std::size_t in, int kernel, int stride, int padding, int added,
                       int dilation) {
  require_at_least(kWho, "output_padding", 0, added);
  if (added >= std::max(stride, dilation)) {
    fail(kWho, {"output_padding must be less than stride or dilation, got ", added});
  }
  constexpr Index kMost = std::numeric_limits<int>::max();
  const Index out = (static_cast<Index>(in) - 1) * stride - 2 * Index{padding} +
                    Index{dilation} * (kernel - 1) + added + 1;
  if (out >= 1 && out <= kMost) return static_cast<std::size_t>(out);
  fail("sequential", {kWho, " would give a length of ", out});
}

}  // namespace

template <>
ModulePointer LayerFile<ConvTranspose2d>::make(const ConvTranspose2d& l, const Shape& in) {
  require_dimensions(kWho, in, 3, "channels x height x width");
  const Kernel k = {l.kernel_size, l.stride, l.padding, l.dilation};
  const Convolution c = {kWho, l.in_channels, l.out_channels, k, l.groups, l.bias};
  check_arguments(c);
  require_length(kWho, "channels", l.in_channels, in[0]);
  const Shape out = {static_cast<std::size_t>(l.out_channels),
                     out_length(in[1], k.size.height, k.stride.height, k.padding.height,
                                l.output_padding.height, k.dilation.height),
                     out_length(in[2], k.size.width, k.stride.width, k.padding.width,
                                l.output_padding.width, k.dilation.width)};
  if (size_of(out) > Size(std::numeric_limits<int>::max())) {
    fail("sequential", {kWho, " gives more than 2^31 numbers for a sample"});
  }
  Axes axes = axes_of(kWho, out[1], out[2], k);
  axes.height.out = static_cast<Index>(in[1]);
  axes.width.out = static_cast<Index>(in[2]);
  const Shape weight = {in[0], static_cast<std::size_t>(l.out_channels / l.groups),
                        static_cast<std::size_t>(l.kernel_size.height),
                        static_cast<std::size_t>(l.kernel_size.width)};
  return std::make_shared<ConvTransposeModule>(c, in, out, weight, Patches(l.out_channels, axes));
}

template <>
const LayerText* LayerFile<ConvTranspose2d>::text() {
  static const LayerText kText = {
      kWho,
      ConvTranspose2d{16, 8, 2},
      {required<&ConvTranspose2d::in_channels>("in_channels"),
       required<&ConvTranspose2d::out_channels>("out_channels"),
       required<&ConvTranspose2d::kernel_size>("kernel_size"),
       optional<&ConvTranspose2d::stride>("stride"), optional<&ConvTranspose2d::padding>("padding"),
       optional<&ConvTranspose2d::output_padding>("output_padding"),
       optional<&ConvTranspose2d::groups>("groups"), optional<&ConvTranspose2d::bias>("bias"),
       optional<&ConvTranspose2d::dilation>("dilation")}};
  return &kText;
}

}  // namespace actfn::nn
