// SPDX-License-Identifier: Apache-2.0
// Convolutions of reproducible networks: the bits of sums in their order on every instruction set.
#include <gtest/gtest.h>

#include "forced_target.h"
#include "nn/cut.h"
#include "nn/module.h"
#include "nn/product_reproducible.h"
#include "nn/sums.h"
#include "nn/team.h"
#include "nn_reference.h"

namespace actfn::nn {
namespace {

using testing::bits;
using testing::uniform;
using Numbers = std::vector<float>;

struct Case {
  const char* name;
  std::size_t height, width;
  Conv2d layer;
  std::size_t rows = 3;
};

std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

std::vector<Case> cases() {
  return {
      {"lenet_first",
       28,
       28,
       {.in_channels = 1, .out_channels = 6, .kernel_size = 5, .padding = 2}},
      {"lenet_second", 14, 14, {.in_channels = 6, .out_channels = 16, .kernel_size = 5}, 37},
      {"of_one", 1, 1, {.in_channels = 1, .out_channels = 1, .kernel_size = 1}},
      {"stride", 11, 13, {.in_channels = 2, .out_channels = 9, .kernel_size = 3, .stride = 2}, 20},
      {"padding", 3, 2, {.in_channels = 1, .out_channels = 2, .kernel_size = 3, .padding = 2}},
      {"all_padding", 2, 2, {.in_channels = 1, .out_channels = 1, .kernel_size = 1, .padding = 3}},
      {"dilation",
       12,
       17,
       {.in_channels = 2,
        .out_channels = 3,
        .kernel_size = {3, 2},
        .stride = {2, 1},
        .padding = {1, 3},
        .dilation = {3, 5}}},
      {"far_apart",
       21,
       21,
       {.in_channels = 1, .out_channels = 2, .kernel_size = 3, .padding = 1, .dilation = 10}},
      {"groups",
       6,
       7,
       {.in_channels = 6, .out_channels = 8, .kernel_size = 2, .groups = 2, .bias = false}},
      {"panels", 5, 5, {.in_channels = 2, .out_channels = 67, .kernel_size = 3}},
  };
}

std::ptrdiff_t at(int row, int stride, int padding, int k, int dilation) {
  return std::ptrdiff_t{row} * stride - padding + std::ptrdiff_t{k} * dilation;
}

// A convolution by its definition, with the numbers of one batch.
struct Plain {
  Conv2d l;
  ModulePointer module;
  int height, width, out_height, out_width, rows;
  int in_group = l.in_channels / l.groups, out_group = l.out_channels / l.groups;
  Numbers x, dy, learned;
  Numbers y, dx, gradients;

  explicit Plain(const Case& c)
      : l(c.layer),
        module(LayerFile<Conv2d>::make(
            l, {static_cast<std::size_t>(l.in_channels), c.height, c.width})),
        height(static_cast<int>(c.height)),
        width(static_cast<int>(c.width)),
        out_height(static_cast<int>(module->out()[1])),
        out_width(static_cast<int>(module->out()[2])),
        rows(static_cast<int>(c.rows)),
        x(uniform(c.rows * module->in_size(), 1, 1)),
        dy(uniform(c.rows * module->out_size(), 1, 2)),
        learned(uniform(module->parameter_count().value(), 1, 3)),
        y(dy.size()),
        dx(x.size()),
        gradients(learned.size()) {}

  std::size_t weight_at(int o, int c, int i, int j) const {
    return static_cast<std::size_t>(
        ((std::ptrdiff_t{o} * in_group + c) * l.kernel_size.height + i) * l.kernel_size.width + j);
  }
  std::size_t out_at(int s, int o, int row, int column) const {
    return static_cast<std::size_t>(
        ((std::ptrdiff_t{s} * l.out_channels + o) * out_height + row) * out_width + column);
  }
  // Of x where the element (i, j) of the kernel is at a position; -1 in the padding.
  std::ptrdiff_t in_at(int s, int channel, int row, int column, int i, int j) const {
    const auto v = at(row, l.stride.height, l.padding.height, i, l.dilation.height);
    const auto h = at(column, l.stride.width, l.padding.width, j, l.dilation.width);
    if (v < 0 || v >= height || h < 0 || h >= width) return -1;
    return (std::ptrdiff_t{s * l.in_channels + channel} * height + v) * width + h;
  }
  std::size_t weights() const { return learned.size() - (l.bias ? bias_count() : 0); }
  std::size_t bias_count() const { return static_cast<std::size_t>(l.out_channels); }

  template <class F>
  void for_each_position(const F& f) const {
    for (int row = 0; row < out_height; ++row) {
      for (int column = 0; column < out_width; ++column) f(row, column);
    }
  }
  // f(channel of a group, element of the kernel)
  template <class F>
  void for_each_weight(const F& f) const {
    for (int c = 0; c < in_group; ++c) {
      for (int i = 0; i < l.kernel_size.height; ++i) {
        for (int j = 0; j < l.kernel_size.width; ++j) f(c, i, j);
      }
    }
  }
  float x_at(std::ptrdiff_t i) const { return i < 0 ? 0 : x[static_cast<std::size_t>(i)]; }

  void forward() {
    for (int s = 0; s < rows; ++s) {
      for (int o = 0; o < l.out_channels; ++o) {
        for_each_position([&](int row, int column) {
          float sum = 0;
          for_each_weight([&](int c, int i, int j) {
            const auto from = in_at(s, o / out_group * in_group + c, row, column, i, j);
            sum += learned[weight_at(o, c, i, j)] * x_at(from);
          });
          const float bias = l.bias ? learned[weights() + static_cast<std::size_t>(o)] : 0;
          y[out_at(s, o, row, column)] = sum + bias;
        });
      }
    }
  }

  // Each piece of the batch has sums of its own.
  template <class F>
  float over_pieces(const F& of_samples) const {
    float all = of_samples(piece(rows, 0));
    for (int p = 1; p < piece_count(rows); ++p) all += of_samples(piece(rows, p));
    return all;
  }

  void backward_weights() {
    for (int o = 0; o < l.out_channels; ++o) {
      for_each_weight([&](int c, int i, int j) {
        gradients[weight_at(o, c, i, j)] = over_pieces([&](Range samples) {
          float sum = 0;
          for (int s = samples.begin; s < samples.end; ++s) {
            for_each_position([&](int row, int column) {
              const auto from = in_at(s, o / out_group * in_group + c, row, column, i, j);
              sum += dy[out_at(s, o, row, column)] * x_at(from);
            });
          }
          return sum;
        });
      });
    }
  }

  void backward_bias() {
    if (!l.bias) return;
    for (int o = 0; o < l.out_channels; ++o) {
      gradients[weights() + static_cast<std::size_t>(o)] = over_pieces([&](Range samples) {
        Numbers all;
        for (int s = samples.begin; s < samples.end; ++s) {
          for_each_position(
              [&](int row, int column) { all.push_back(dy[out_at(s, o, row, column)]); });
        }
        return static_cast<float>(
            sum_over(all.size(), [&](std::size_t i) { return static_cast<double>(all[i]); }));
      });
    }
  }

  // The elements of the kernel in their order; each is a sum over the output channels.
  void backward_input() {
    for (int s = 0; s < rows; ++s) {
      for (int channel = 0; channel < l.in_channels; ++channel) {
        const int g = channel / in_group;
        for (int i = 0; i < l.kernel_size.height; ++i) {
          for (int j = 0; j < l.kernel_size.width; ++j) {
            for_each_position([&](int row, int column) {
              const auto to = in_at(s, channel, row, column, i, j);
              if (to < 0) return;
              float sum = 0;
              for (int o = g * out_group; o < (g + 1) * out_group; ++o) {
                sum +=
                    learned[weight_at(o, channel % in_group, i, j)] * dy[out_at(s, o, row, column)];
              }
              dx[static_cast<std::size_t>(to)] += sum;
            });
          }
        }
      }
    }
  }

  // By the layer itself.
  Plain computed(kernels::Target target) const {
    const testing::ForcedTarget forced(target);
    Plain got = *this;
    const auto n = static_cast<std::size_t>(rows);
    Team team(2);
    Buffer workspace(module->workspace_size(n).value());
    std::vector<Buffer> scratch(2, Buffer(module->scratch_size(n).value()));
    const Pass pass = {.rows = n,
                       .training = true,
                       .noise = {},
                       .learned = got.learned,
                       .workspace = workspace.data(),
                       .scratch = scratch,
                       .team = &team,
                       .multiply = reproducible_product};
    module->forward(pass, got.x.data(), got.y.data());
    module->backward(pass,
                     {got.x.data(), got.y.data(), got.dy.data(), got.dx.data(), got.gradients});
    return got;
  }
};

class ConvolutionBits : public ::testing::TestWithParam<Case> {};

TEST_P(ConvolutionBits, AreThoseOfSumsInTheirOrder) {
  Plain want(GetParam());
  want.forward();
  want.backward_weights();
  want.backward_bias();
  want.backward_input();
  for (const kernels::Target target : testing::running_targets()) {
    const Plain got = want.computed(target);
    EXPECT_EQ(bits(got.y), bits(want.y));
    EXPECT_EQ(bits(got.gradients), bits(want.gradients));
    EXPECT_EQ(bits(got.dx), bits(want.dx));
  }
}

INSTANTIATE_TEST_SUITE_P(All, ConvolutionBits, ::testing::ValuesIn(cases()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace actfn::nn
