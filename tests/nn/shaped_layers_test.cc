// SPDX-License-Identifier: Apache-2.0
// Layers with a shape against float64: results, gradients, and what must not change their bits.
#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "nn_layers_reference.h"

namespace actfn::nn {
namespace {

using testing::Batch;
using testing::bits;
using testing::State;
using testing::uniform;

struct Case {
  std::string name;
  Shape sample;
  std::vector<Layer> layers;
  std::size_t rows = 3;
  bool whole = false;  // whether the input holds whole numbers, below 7
};

std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

// A Linear at first and at last, so that gradients go through what is between.
Case between(std::string name, const Shape& sample, std::vector<Layer> layers,
             std::size_t rows = 3) {
  const auto last = static_cast<int>(sample[sample.count() - 1]);
  layers.insert(layers.begin(), Linear{last, last});
  return {std::move(name), sample, std::move(layers), rows};
}

std::vector<Case> convolutions() {
  return {
      between("conv2d", {1, 6, 7}, {Conv2d{1, 3, 3}}),
      between("conv2d_of_one", {1, 1, 1}, {Conv2d{1, 1, 1}}, 1),
      between("conv2d_padding", {2, 5, 4}, {Conv2d{2, 3, {3, 2}, 1, {1, 2}}}),
      between("conv2d_stride", {2, 7, 8},
              {Conv2d{.in_channels = 2,
                      .out_channels = 4,
                      .kernel_size = {2, 3},
                      .stride = {2, 3},
                      .padding = 1}}),
      between("conv2d_dilation", {2, 9, 8},
              {Conv2d{.in_channels = 2,
                      .out_channels = 3,
                      .kernel_size = 3,
                      .padding = {2, 1},
                      .dilation = {2, 3}}}),
      between(
          "conv2d_groups", {4, 5, 5},
          {Conv2d{
              .in_channels = 4, .out_channels = 6, .kernel_size = 3, .groups = 2, .bias = false}}),
      between(
          "conv2d_depthwise", {3, 5, 5},
          {Conv2d{
              .in_channels = 3, .out_channels = 3, .kernel_size = 3, .padding = 1, .groups = 3}}),
      between("conv2d_in_tiles", {3, 60, 66},
              {Conv2d{.in_channels = 3, .out_channels = 2, .kernel_size = 5, .padding = 2}}, 1),
      between("conv2d_of_panels", {3, 9, 10},
              {Conv2d{.in_channels = 3, .out_channels = 41, .kernel_size = 3, .stride = 2}}),
      between("conv2d_many_weights", {65, 3, 4}, {Conv2d{65, 32, 3}}, 2),
      between("conv1d", {3, 9}, {Conv1d{3, 4, 3}}),
      between("conv1d_all", {4, 12},
              {Conv1d{.in_channels = 4,
                      .out_channels = 2,
                      .kernel_size = 3,
                      .stride = 2,
                      .padding = 3,
                      .dilation = 2,
                      .groups = 2,
                      .bias = false}}),
      between("conv_transpose2d", {2, 3, 4}, {ConvTranspose2d{2, 3, 3}}),
      between("conv_transpose2d_stride", {3, 4, 3},
              {ConvTranspose2d{.in_channels = 3,
                               .out_channels = 2,
                               .kernel_size = {2, 3},
                               .stride = {2, 3},
                               .padding = {0, 1},
                               .output_padding = {1, 2}}}),
      between("conv_transpose2d_groups", {4, 3, 5},
              {ConvTranspose2d{.in_channels = 4,
                               .out_channels = 6,
                               .kernel_size = 3,
                               .stride = 2,
                               .padding = 1,
                               .output_padding = 1,
                               .groups = 2,
                               .bias = false,
                               .dilation = 2}}),
      between("two_convolutions", {1, 9, 9},
              {Conv2d{1, 3, 3}, Tanh{}, Conv2d{3, 2, 3}, Flatten{}, Linear{50, 4}}, 5),
  };
}

std::vector<Case> pools() {
  return {
      between("max_pool2d", {2, 6, 7}, {MaxPool2d{2}}),
      between("max_pool2d_wide", {2, 5, 35}, {MaxPool2d{2}}),
      between(
          "max_pool2d_all", {2, 9, 8},
          {MaxPool2d{
              .kernel_size = {3, 2}, .stride = Size2d{2, 1}, .padding = 1, .dilation = {2, 3}}}),
      between("max_pool2d_ceil", {1, 7, 8},
              {MaxPool2d{.kernel_size = 3, .stride = 2, .padding = 1, .ceil_mode = true}}),
      between("avg_pool2d_pairs", {2, 6, 7}, {AvgPool2d{2}}),
      between("avg_pool2d", {2, 6, 7}, {AvgPool2d{{2, 3}}}),
      between("avg_pool2d_padding", {2, 5, 6},
              {AvgPool2d{.kernel_size = 3, .stride = 2, .padding = 1}}),
      between("avg_pool2d_without_padding", {2, 5, 6},
              {AvgPool2d{.kernel_size = 3,
                         .stride = 2,
                         .padding = 1,
                         .ceil_mode = true,
                         .count_include_pad = false}}),
      between("avg_pool2d_ceil", {1, 6, 8},
              {AvgPool2d{.kernel_size = 3, .stride = 2, .padding = 1, .ceil_mode = true}}),
      between("avg_pool2d_divisor", {1, 4, 4},
              {AvgPool2d{.kernel_size = 2, .divisor_override = 3}}),
      between("adaptive_avg_pool2d", {2, 7, 5}, {AdaptiveAvgPool2d{{3, 2}}}),
      between("adaptive_avg_pool2d_larger", {1, 2, 3}, {AdaptiveAvgPool2d{{3, 5}}}),
      between("flatten_some", {2, 3, 4}, {Flatten{.start_dim = 2}, Linear{12, 3}}),
  };
}

std::vector<Case> normalizations() {
  return {
      between("batch_norm1d", {5}, {BatchNorm1d{5}}, 7),
      between("batch_norm1d_length", {3, 4}, {BatchNorm1d{.num_features = 3, .eps = 1e-2}}),
      between("batch_norm1d_not_affine", {3}, {BatchNorm1d{.num_features = 3, .affine = false}}, 4),
      between("batch_norm2d", {3, 4, 5}, {BatchNorm2d{3}}),
      between("batch_norm2d_average", {2, 3, 3},
              {BatchNorm2d{.num_features = 2, .momentum = std::nullopt}}),
      between("layer_norm", {9}, {LayerNorm{{9}}}, 4),
      between("layer_norm_of_two", {3, 4, 6}, {LayerNorm{.normalized_shape = {4, 6}, .eps = 0.1}}),
      between("layer_norm_no_bias", {4, 17}, {LayerNorm{.normalized_shape = {17}, .bias = false}}),
      between("layer_norm_not_affine", {8},
              {LayerNorm{.normalized_shape = {8}, .elementwise_affine = false}}),
      between("rms_norm", {4, 9}, {RmsNorm{{9}}}),
      between("rms_norm_not_affine", {12},
              {RmsNorm{.normalized_shape = {12}, .eps = 0.01, .elementwise_affine = false}}),
  };
}

std::vector<Case> sequences() {
  const auto embedding = [](std::string name, Embedding layer, std::vector<Layer> behind) {
    behind.insert(behind.begin(), layer);
    return Case{std::move(name), {5}, std::move(behind), 4, true};
  };
  return {
      embedding("embedding", {7, 3}, {Linear{3, 2}}),
      embedding("embedding_padding", {.num_embeddings = 7, .embedding_dim = 70, .padding_idx = -3},
                {PositionalEncoding{70}, Linear{70, 2}}),
      between("positional_encoding", {6, 7}, {PositionalEncoding{7}, Tanh{}}),
      between("learned_positional_encoding", {4, 3},
              {LearnedPositionalEncoding{.d_model = 3, .max_len = 6}, Tanh{}}),
      between("rnn", {5, 3}, {Rnn{3, 4}}),
      between("rnn_of_one_step", {1, 2}, {Rnn{2, 3}}, 1),
      between("rnn_relu", {6, 4},
              {Rnn{.input_size = 4, .hidden_size = 3, .nonlinearity = Silu{}, .bias = false}}, 40),
      between("two_rnns", {4, 3}, {Rnn{3, 4}, Rnn{4, 2}, Flatten{}, Linear{8, 2}}),
      between("linear_of_sequences", {5, 4}, {Gelu{}, Linear{4, 3}, Tanh{}, Silu{}, Linear{3, 2}}),
      between("swiglu_of_sequences", {5, 4}, {Swiglu{}, Linear{2, 3}}),
      between("swiglu_of_channels", {4, 3, 2}, {Swiglu{}, Linear{2, 3}}),
      between("prelu_of_channels", {4, 3, 2}, {Prelu{.num_parameters = 4}, Linear{2, 3}}),
  };
}

std::vector<Case> nested() {
  const std::vector<Layer> branch = {Linear{4, 3}, Tanh{}, Linear{3, 2}};
  return {
      between("residual", {4}, {Residual{Linear{4, 6}, Gelu{}, Linear{6, 4}}}),
      between("residual_of_one", {4}, {Residual{std::vector<Layer>{Linear{4, 4}}}}),
      between(
          "residual_of_images", {2, 5, 5},
          {Residual{Conv2d{.in_channels = 2, .out_channels = 3, .kernel_size = 3, .padding = 1},
                    BatchNorm2d{3}, Silu{},
                    Conv2d{.in_channels = 3, .out_channels = 2, .kernel_size = 3, .padding = 1}}}),
      between(
          "residual_in_residual", {3, 4},
          {Residual{LayerNorm{{4}}, Residual{Linear{4, 5}, Tanh{}, Linear{5, 4}}, Linear{4, 4}}}),
      between("parallel", {4}, {Parallel{Linear{4, 2}, Linear{4, 3}}, Linear{5, 2}}),
      between("parallel_gate", {3, 4}, {Parallel{Linear{4, 2}, branch}, Swiglu{}}),
      between("parallel_of_images", {2, 4, 4},
              {Parallel{Conv2d{2, 3, {1, 1}}, MaxPool2d{.kernel_size = 1},
                        std::vector<Layer>{BatchNorm2d{2}, Tanh{}}}}),
      between("parallel_in_residual", {4},
              {Residual{Parallel{std::vector<Layer>{LayerNorm{{4}}, Linear{4, 4}}, Linear{4, 4}},
                        Swiglu{}}}),
  };
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (auto& part : {convolutions(), pools(), normalizations(), sequences(), nested()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

std::vector<float> input_of(const Case& c) {
  std::size_t n = c.rows;
  for (const std::size_t length : c.sample) n *= length;
  auto x = uniform(n, 1.5F, 11);
  if (!c.whole) return x;
  for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<float>(i * 5 % 7);
  return x;
}

Batch as_batch(const Case& c, std::span<const float> x) { return {c.sample, {x.begin(), x.end()}}; }

// Nothing is 0 or 1 any more.
void randomize(Sequential& net) {
  unsigned seed = 1;
  for (const auto& p : net.parameters()) {
    const std::size_t fan = p.shape.count() > 1 ? p.values.size() / p.shape[0] : 2;
    const float bound = std::sqrt(3.0F / static_cast<float>(fan));
    const auto drawn = uniform(p.values.size(), bound, ++seed);
    std::copy(drawn.begin(), drawn.end(), p.values.begin());
  }
  for (const auto& p : net.buffers()) {
    const auto drawn = uniform(p.values.size(), 0.5F, ++seed);
    for (std::size_t i = 0; i < drawn.size(); ++i) p.values[i] = 1 + drawn[i];
  }
}

double largest(std::span<const double> x) {
  double most = 0;
  for (const double v : x) most = std::max(most, std::abs(v));
  return most;
}

class ShapedLayers : public ::testing::TestWithParam<Case> {};

void expect_reference(Sequential& net, const Case& c, bool training) {
  net.set_training(training);
  const State state = testing::state_of(net, training);
  const auto x = input_of(c);
  const Batch want = testing::reference(c.layers, state, as_batch(c, x));
  const auto got = net.forward(x);
  EXPECT_EQ(net.out_shape(), want.sample);
  ASSERT_EQ(got.size(), want.values.size());
  const double bound = 4e-6 * std::max(1.0, largest(want.values));
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], want.values[i], bound) << i;
}

TEST_P(ShapedLayers, ForwardIsTheReference) {
  Sequential net(GetParam().sample, GetParam().layers);
  for (const bool training : {true, false}) {
    randomize(net);
    expect_reference(net, GetParam(), training);
  }
}

// The products of our own take another path.
TEST_P(ShapedLayers, ForwardIsTheReferenceWhenReproducible) {
  Sequential net(GetParam().sample, GetParam().layers);
  net.set_reproducible(true);
  randomize(net);
  expect_reference(net, GetParam(), true);
}

double loss(const Case& c, const State& state, const Batch& x, std::span<const float> weights) {
  const Batch y = testing::reference(c.layers, state, x);
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    sum += static_cast<double>(weights[i]) * y.values[i];
  }
  return sum;
}

// By definition it has no gradient.
void clear_padding(const Layer& layer, testing::Numbers& slopes) {
  const auto* const l = std::get_if<Embedding>(&layer);
  if (l == nullptr || !l->padding_idx) return;
  const int row = *l->padding_idx + (*l->padding_idx < 0 ? l->num_embeddings : 0);
  const auto first = slopes.begin() + std::ptrdiff_t{row} * l->embedding_dim;
  std::fill(first, first + l->embedding_dim, 0.0);
}

// The loss is a sum of results; its slope along each parameter, from differences in float64.
void expect_gradients_are_slopes(const Case& c, bool training) {
  Sequential net(c.sample, c.layers);
  randomize(net);
  net.set_training(training);
  State state = testing::state_of(net, training);
  const auto x = input_of(c);
  const auto dy = uniform(net.forward(x).size(), 1, 7);
  net.backward(dy);
  const auto parameters = net.parameters();
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    const auto got = testing::as_pytorch(parameters[p], parameters[p].gradients);
    testing::Numbers want(got.size());
    const std::size_t step = got.size() / 200 + 1;
    for (std::size_t i = 0; i < got.size(); i += step) {
      constexpr double kStep = 1e-6;
      double& number = state.parameters[p][i];
      const double middle = number;
      number = middle + kStep;
      const double above = loss(c, state, as_batch(c, x), dy);
      number = middle - kStep;
      const double below = loss(c, state, as_batch(c, x), dy);
      number = middle;
      want[i] = (above - below) / (2 * kStep);
    }
    if (p == 0) clear_padding(c.layers.front(), want);
    const double bound = 2e-5 * std::max(1.0, largest(want));
    for (std::size_t i = 0; i < got.size(); i += step) {
      EXPECT_NEAR(got[i], want[i], bound) << parameters[p].name << " " << i;
    }
  }
}

TEST_P(ShapedLayers, GradientsAreTheSlopesOfTheLoss) {
  expect_gradients_are_slopes(GetParam(), true);
}
TEST_P(ShapedLayers, GradientsAreTheSlopesOfTheLossInEvaluation) {
  expect_gradients_are_slopes(GetParam(), false);
}

// All bits of a training, with more rows than there are pieces.
std::vector<std::uint32_t> trained(const Case& given, int threads, bool in_one) {
  Case c = given;
  c.rows = 37;
  Sequential net(c.sample, c.layers);
  net.initialize(Init::he_normal, 3);
  net.set_threads(threads);
  Optimizer optimizer(Adam{.lr = 0.01, .weight_decay = 0.1}, net);
  const auto x = input_of(c);
  std::vector<std::uint32_t> all;
  const auto add = [&all](std::span<const float> numbers) {
    const auto some = bits(numbers);
    all.insert(all.end(), some.begin(), some.end());
  };
  for (int step = 0; step < 3; ++step) {
    const auto y = net.forward(x);
    add(y);
    const auto dy = uniform(y.size(), 1, 7);
    if (in_one) {
      net.backward(dy, optimizer);
    } else {
      net.backward(dy);
      optimizer.step(net);
    }
  }
  for (const auto& p : net.parameters()) add(p.values);
  for (const auto& p : net.buffers()) add(p.values);
  return all;
}

TEST_P(ShapedLayers, ThreadsDoNotChangeABit) {
  const auto want = trained(GetParam(), 1, true);
  EXPECT_TRUE(trained(GetParam(), 1, false) == want);
  for (const int threads : {2, 3, 5}) {
    EXPECT_TRUE(trained(GetParam(), threads, threads != 3) == want) << threads;
  }
}

INSTANTIATE_TEST_SUITE_P(All, ShapedLayers, ::testing::ValuesIn(cases()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace actfn::nn
