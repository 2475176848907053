// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/convolution.h"

#include "catalogue/error.h"
#include "nn/layers/arguments.h"
#include "nn/layers/direct_convolution.h"
#include "nn/sums.h"
#include "nn/team.h"
#include "nn/vector_ops.h"
#include "nn/weight_source.h"

#include <limits>

namespace actfn::nn {
namespace {

int to_int(Index n) { return static_cast<int>(n); }

std::size_t padded_of(Index n) { return padded(static_cast<std::size_t>(n)); }

void check_channels(const Convolution& c, std::string_view name, int channels) {
  require_at_least(c.who, name, 1, channels);
  if (channels % c.groups == 0) return;
  fail(c.who, {name, " must be a multiple of groups, ", c.groups, ", got ", channels});
}

class ConvolutionModule : public KernelModule {
 public:
  ConvolutionModule(const Convolution& c, const Shape& in, const Shape& out, const Shape& weight,
                    const Patches& patches)
      : KernelModule(c, in, out, weight, patches) {}

  void forward(const Pass& pass, const float* x, float* y) const override {
    const auto samples = static_cast<int>(pass.rows);
    const Index out = groups() * rows();
    pass.team->run(piece_count(samples), [&](int member, int i) {
      const Scratch s = scratch(pass, member);
      patches().for_each_tile(piece(samples, i), [&](const Tile& t) {
        patches().gather(t, x, s.patches);
        multiply(pass, t, s.patches, s.rows);
        patches().unpack(t, out, s.rows, bias(pass), y);
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
      if (g.dx != nullptr) {
        std::fill(g.dx + r.begin * patches().image(), g.dx + r.end * patches().image(), 0.0F);
      }
      patches().for_each_tile(r, [&](const Tile& t) { add_tile(pass, g, t, s, sum); });
    });
    add_up(pass, g.learned);
  }

 private:
  void add_tile(const Pass& pass, const Gradients& g, const Tile& t, const Scratch& s,
                const Sums& sum) const {
    const Index out = groups() * rows();
    const Index n = patches().columns(t);
    patches().gather(t, g.x, s.patches);
    patches().pack(t, out, g.dy, s.rows);
    add_weight_gradient(pass, t, s, sum.weight);
    if (has_bias()) {
      for (Index k = 0; k < out; ++k) {
        const float* const row = s.rows + k * n;
        sum.bias[k] +=
            static_cast<float>(sum_over(static_cast<std::size_t>(n), [row](std::size_t i) {
              return static_cast<double>(row[i]);
            }));
      }
    }
    if (g.dx == nullptr) return;
    multiply_transposed(pass, t, s.rows, s.patches);
    patches().scatter(t, s.patches, g.dx);
  }
};

}  // namespace

void check_arguments(const Convolution& c) {
  require_at_least(c.who, "groups", 1, c.groups);
  check_channels(c, "in_channels", c.in_channels);
  check_channels(c, "out_channels", c.out_channels);
  require_at_least(c.who, "kernel_size", 1, c.kernel.size);
  require_at_least(c.who, "stride", 1, c.kernel.stride);
  require_at_least(c.who, "padding", 0, c.kernel.padding);
  require_at_least(c.who, "dilation", 1, c.kernel.dilation);
  constexpr std::size_t kMost = std::numeric_limits<int>::max();
  const Size area = Size(static_cast<std::size_t>(c.kernel.size.height)) *
                    static_cast<std::size_t>(c.kernel.size.width);
  const auto channels = static_cast<std::size_t>(std::max(c.in_channels, c.out_channels));
  if (area * channels > kMost) fail(c.who, {"a kernel has more than ", kMost, " weights"});
}

KernelModule::KernelModule(const Convolution& c, const Shape& in, const Shape& out,
                           const Shape& weight, const Patches& patches)
    : Module(in, out), patches_(patches), groups_(c.groups), has_bias_(c.bias) {
  const auto first = static_cast<Index>(weight[0]);
  rows_ = first / groups_;
  columns_ = patches_.depth() / groups_;
  fan_in_ = static_cast<double>(columns_);
  fan_out_ = static_cast<double>(first) * fan_in_ / static_cast<double>(weight[1]);
  learn({"weight", weight});
  if (c.bias) learn({"bias", {static_cast<std::size_t>(c.out_channels)}});
}

void KernelModule::initialize(std::span<float> learned, WeightSource* source) const {
  std::ranges::fill(learned, 0.0F);
  const auto weight = learned.first(static_cast<std::size_t>(weights()));
  if (source != nullptr) source->draw(fan_in_, fan_out_, weight);
}

std::size_t KernelModule::sums_size() const { return padded(parameter_count().value()); }

Size KernelModule::workspace_size(std::size_t rows) const {
  return Size(sums_size()) * std::min<std::size_t>(rows, kMostPieces);
}

Size KernelModule::scratch_size(std::size_t rows) const {
  const auto columns =
      static_cast<std::size_t>(patches_.most_columns(std::max<Index>(1, static_cast<Index>(rows))));
  const auto depth = static_cast<std::size_t>(patches_.depth());
  const auto beside = static_cast<std::size_t>(groups_ * rows_);
  return Size(columns) * (depth + beside) + padded_of(weights()) + 2 * padded(1);  // whole lines
}

KernelModule::Scratch KernelModule::scratch(const Pass& pass, int member) const {
  const Index columns = patches_.most_columns(static_cast<Index>(pass.rows));
  float* const first = pass.scratch_of(member);
  float* const second = first + padded_of(columns * patches_.depth());
  return {first, second, second + padded_of(columns * groups_ * rows_)};
}

KernelModule::Sums KernelModule::sums(const Pass& pass, int piece) const {
  float* const weight = pass.workspace + static_cast<std::size_t>(piece) * sums_size();
  return {weight, weight + weights()};
}

void KernelModule::clear(const Sums& sums) const {
  std::fill(sums.weight, sums.weight + parameter_count().value(), 0.0F);
}

void KernelModule::add_up(const Pass& pass, std::span<float> gradients) const {
  const auto n = static_cast<int>(gradients.size());
  const auto pieces = static_cast<std::size_t>(piece_count(static_cast<int>(pass.rows)));
  pass.team->run(part_count(n, kPiece), [&](int /*member*/, int i) {
    const Range r = part(n, kPiece, i);
    sum_parts(pass.workspace + r.begin, pieces, sums_size(), static_cast<std::size_t>(r.size()),
              gradients.data() + r.begin);
  });
}

void KernelModule::multiply(const Pass& pass, const Tile& t, const float* patches,
                            float* of) const {
  const Index n = patches_.columns(t);
  for (Index g = 0; g < groups_; ++g) {
    pass.multiply(to_int(rows_), to_int(n), to_int(columns_), {weight(pass, g), to_int(columns_)},
                  {patches + g * columns_ * n, to_int(n)}, of + g * rows_ * n, to_int(n));
  }
}

void KernelModule::multiply_transposed(const Pass& pass, const Tile& t, const float* of,
                                       float* patches) const {
  const Index n = patches_.columns(t);
  for (Index g = 0; g < groups_; ++g) {
    pass.multiply(to_int(columns_), to_int(n), to_int(rows_),
                  {weight(pass, g), to_int(columns_), true}, {of + g * rows_ * n, to_int(n)},
                  patches + g * columns_ * n, to_int(n));
  }
}

void KernelModule::add_weight_gradient(const Pass& pass, const Tile& t, const Scratch& s,
                                       float* sum) const {
  const Index n = patches_.columns(t);
  for (Index g = 0; g < groups_; ++g) {
    pass.multiply(to_int(rows_), to_int(columns_), to_int(n), {s.rows + g * rows_ * n, to_int(n)},
                  {s.patches + g * columns_ * n, to_int(n), true}, s.weights + g * rows_ * columns_,
                  to_int(columns_));
  }
  add_row(s.weights, 1, static_cast<std::size_t>(weights()), sum);
}

ModulePointer make_convolution(const Convolution& c, const Shape& in, const Shape& kernel_shape) {
  check_arguments(c);
  require_length(c.who, "channels", c.in_channels, in[0]);
  const bool is_image = in.count() == 3;
  const Axes axes = axes_of(c.who, is_image ? in[1] : 1, in[in.count() - 1], c.kernel);
  Shape out = in;
  out[0] = static_cast<std::size_t>(c.out_channels);
  if (is_image) out[1] = static_cast<std::size_t>(axes.height.out);
  out[in.count() - 1] = static_cast<std::size_t>(axes.width.out);
  Shape weight = kernel_shape;
  weight[0] = out[0];
  weight[1] = static_cast<std::size_t>(c.in_channels / c.groups);
  const Patches patches(c.in_channels, axes);
  if (is_direct(c, patches)) {
    return std::make_shared<DirectConvolutionModule>(c, axes, in, out, weight);
  }
  return std::make_shared<ConvolutionModule>(c, in, out, weight, patches);
}

}  // namespace actfn::nn
