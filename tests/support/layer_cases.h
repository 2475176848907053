// SPDX-License-Identifier: Apache-2.0
// Networks that hold every layer with a shape, for the tests of all of them.
#pragma once

#include <actfn/nn/nn.h>

#include <ostream>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "nn_reference.h"

namespace actfn::nn::cases {

struct LayerCase {
  std::string name;
  Shape sample;
  std::vector<Layer> layers;
  std::size_t rows = 3;
  bool whole = false;  // whether the input holds whole numbers, below 7
};

inline std::ostream& operator<<(std::ostream& out, const LayerCase& c) { return out << c.name; }

// A Linear at first and at last, so that gradients go through what is between.
inline LayerCase between(std::string name, const Shape& sample, std::vector<Layer> layers,
                         std::size_t rows = 3) {
  const auto last = static_cast<int>(sample[sample.count() - 1]);
  layers.insert(layers.begin(), Linear{last, last});
  return {std::move(name), sample, std::move(layers), rows};
}

inline std::vector<LayerCase> convolutions() {
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

inline std::vector<LayerCase> pools() {
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

inline std::vector<LayerCase> normalizations() {
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

inline std::vector<LayerCase> sequences() {
  const auto embedding = [](std::string name, Embedding layer, std::vector<Layer> behind) {
    behind.insert(behind.begin(), layer);
    return LayerCase{std::move(name), {5}, std::move(behind), 4, true};
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

inline std::vector<LayerCase> attentions() {
  return {
      between("self_attention", {4, 6}, {SelfAttention{6, 2}}),
      between("self_attention_of_one", {1, 2}, {SelfAttention{2, 1}}, 1),
      between(
          "self_attention_causal", {5, 6},
          {SelfAttention{
              .embed_dim = 6, .num_heads = 3, .bias = false, .is_causal = true, .sinks = true}}),
      between("self_attention_grouped", {5, 8},
              {SelfAttention{.embed_dim = 8,
                             .num_heads = 4,
                             .kv_heads = 2,
                             .softcap = 2.0,
                             .window = Window{.diagonal = Diagonal::top_left, .left = 1}}}),
      between("self_attention_entmax", {4, 6},
              {SelfAttention{.embed_dim = 6, .num_heads = 2, .activation = Entmax{}}, Tanh{}}),
      between("transformer_block", {5, 8},
              {Residual{LayerNorm{{8}}, SelfAttention{.embed_dim = 8, .num_heads = 2}},
               Residual{LayerNorm{{8}}, Linear{8, 12}, Gelu{}, Linear{12, 8}}}),
  };
}

inline std::vector<LayerCase> nested() {
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

// One for each argument of each layer, and more.
inline std::vector<LayerCase> all() {
  std::vector<LayerCase> every;
  for (auto& part :
       {convolutions(), pools(), normalizations(), sequences(), attentions(), nested()}) {
    every.insert(every.end(), part.begin(), part.end());
  }
  return every;
}

inline std::vector<float> input_of(const LayerCase& c) {
  std::size_t n = c.rows;
  for (const std::size_t length : c.sample) n *= length;
  auto x = actfn::testing::uniform(n, 1.5F, 11);
  if (!c.whole) return x;
  for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<float>(i * 5 % 7);
  return x;
}

}  // namespace actfn::nn::cases
