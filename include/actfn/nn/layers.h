// SPDX-License-Identifier: Apache-2.0
// The layers of networks.
#pragma once

#include <actfn/catalogue.h>
#include <actfn/nn/attention.h>

#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace actfn::nn {

// A layer takes samples of one shape and gives samples of another. A sample has the shape
//   [features]
//   [length, features]          a sequence
//   [channels, length]          what Conv1d and BatchNorm1d take
//   [channels, height, width]   an image
// and a batch, [rows, …], is so many samples, one behind the other.
//
// Names, arguments, defaults and formulas are PyTorch's. A Sequential checks all layers when it is
// made. It throws Error for arguments out of range ("[conv2d] stride must be at least 1, got 0")
// and for a sample that a layer cannot take ("[sequential] conv2d takes 3 channels where 1 come
// in").

/// y = x W + b along the last dimension, with x [..., in_features], W [in_features, out_features]
/// and b [out_features]. PyTorch stores the transpose of W.
struct Linear {
  int in_features;
  int out_features;
};

/// A height and a width; one number is both.
///
///     actfn::nn::Size2d square = 3;
///     actfn::nn::Size2d flat = {1, 5};
struct Size2d {
  int height, width;
  constexpr Size2d(int both) : height(both), width(both) {}  // NOLINT(google-explicit-constructor)
  constexpr Size2d(int h, int w) : height(h), width(w) {}
  bool operator==(const Size2d&) const = default;
};

/// Joins the dimensions from start_dim to end_dim into one. Dimension 0 is the batch; negative
/// numbers count from the end.
///
///     actfn::nn::Layer layer = actfn::nn::Flatten{};  // [16, 5, 5] becomes [400]
struct Flatten {
  int start_dim = 1;
  int end_dim = -1;
};

/// Cross-correlation along the length: from [in_channels, length] to [out_channels, out],
///   out = (length + 2 padding - dilation (kernel_size - 1) - 1) / stride + 1, rounded down.
/// The weight is [out_channels, in_channels / groups, kernel_size]. Padding is by zeros.
///
///     actfn::nn::Layer layer = actfn::nn::Conv1d{.in_channels = 8, .out_channels = 16,
///                                                .kernel_size = 3, .padding = 1};
struct Conv1d {
  int in_channels;
  int out_channels;
  int kernel_size;
  int stride = 1;
  int padding = 0;
  int dilation = 1;
  int groups = 1;
  bool bias = true;
};

/// Cross-correlation of images: from [in_channels, height, width] to [out_channels, out, out],
/// where each length is that of Conv1d. The weight is [out_channels, in_channels / groups,
/// kernel_size, kernel_size].
///
///     actfn::nn::Layer layer = actfn::nn::Conv2d{.in_channels = 1, .out_channels = 6,
///                                                .kernel_size = 5};
struct Conv2d {
  int in_channels;
  int out_channels;
  Size2d kernel_size;
  Size2d stride = 1;
  Size2d padding = 0;
  Size2d dilation = 1;
  int groups = 1;
  bool bias = true;
};

/// The gradient of a Conv2d by its input, as a layer: from [in_channels, height, width] to
/// [out_channels, out, out],
///   out = (length - 1) stride - 2 padding + dilation (kernel_size - 1) + output_padding + 1.
/// output_padding must be less than stride or dilation. The weight is [in_channels, out_channels /
/// groups, kernel_size, kernel_size].
///
///     actfn::nn::Layer layer = actfn::nn::ConvTranspose2d{.in_channels = 16, .out_channels = 8,
///                                                         .kernel_size = 2, .stride = 2};
struct ConvTranspose2d {
  int in_channels;
  int out_channels;
  Size2d kernel_size;
  Size2d stride = 1;
  Size2d padding = 0;
  Size2d output_padding = 0;
  int groups = 1;
  bool bias = true;
  Size2d dilation = 1;
};

/// The largest number in each window; NaN where one is NaN. Its gradient goes to the first of the
/// largest. stride is kernel_size unless it is given. With ceil_mode the output's lengths are
/// rounded up, but each window begins inside the image or its left padding.
///
///     actfn::nn::Layer layer = actfn::nn::MaxPool2d{.kernel_size = 2};
struct MaxPool2d {
  Size2d kernel_size;
  std::optional<Size2d> stride = std::nullopt;
  Size2d padding = 0;
  Size2d dilation = 1;
  bool ceil_mode = false;
};

/// The mean of each window. Padding counts as zeros, or not at all where count_include_pad is
/// false; what ceil_mode adds beyond the padding does not count. divisor_override takes the place
/// of the number of elements.
///
///     actfn::nn::Layer layer = actfn::nn::AvgPool2d{.kernel_size = 2};
struct AvgPool2d {
  Size2d kernel_size;
  std::optional<Size2d> stride = std::nullopt;
  Size2d padding = 0;
  bool ceil_mode = false;
  bool count_include_pad = true;
  std::optional<int> divisor_override = std::nullopt;
};

/// The mean of windows so chosen that the output is output_size: window i of n covers the rows from
/// floor(i height / n) to ceil((i + 1) height / n).
///
///     actfn::nn::Layer layer = actfn::nn::AdaptiveAvgPool2d{.output_size = 1};
struct AdaptiveAvgPool2d {
  Size2d output_size;
};

/// Normalizes each channel over the batch: y = (x - mean) / sqrt(var + eps) weight + bias, from
/// [num_features] or [num_features, length]. In training, mean and variance are those of the batch,
/// which must have more than one value for each channel ("[batch_norm1d] needs more than one value
/// for each channel in training, got 1"), and the running statistics move towards them by momentum,
/// or are their averages if momentum is none. In evaluation they take the place of those of the
/// batch. Sequential::buffers() has them. Without affine there is no weight and no bias; optimizers
/// do not decay them. Ioffe & Szegedy 2015, arXiv:1502.03167
///
///     actfn::nn::Layer layer = actfn::nn::BatchNorm1d{.num_features = 64};
struct BatchNorm1d {
  int num_features;
  double eps = 1e-5;
  std::optional<double> momentum = 0.1;
  bool affine = true;
};

/// The same for images, [num_features, height, width].
///
///     actfn::nn::Layer layer = actfn::nn::BatchNorm2d{.num_features = 16};
struct BatchNorm2d {
  int num_features;
  double eps = 1e-5;
  std::optional<double> momentum = 0.1;
  bool affine = true;
};

/// y = (x - mean) / sqrt(var + eps) weight + bias, with mean and variance over the last dimensions,
/// which are normalized_shape. Optimizers do not decay weight and bias. Ba et al. 2016,
/// arXiv:1607.06450
///
///     actfn::nn::Layer layer = actfn::nn::LayerNorm{.normalized_shape = {64}};
struct LayerNorm {
  Shape normalized_shape;
  double eps = 1e-5;
  bool elementwise_affine = true;
  bool bias = true;
};

/// y = x / sqrt(mean(x^2) + eps) weight, with the mean over the last dimensions, which are
/// normalized_shape. eps is 2^-23 unless it is given. Optimizers do not decay weight. Zhang &
/// Sennrich 2019, arXiv:1910.07467
///
///     actfn::nn::Layer layer = actfn::nn::RmsNorm{.normalized_shape = {64}};
struct RmsNorm {
  Shape normalized_shape;
  std::optional<double> eps = std::nullopt;
  bool elementwise_affine = true;
};

/// The rows of its weight, [num_embeddings, embedding_dim], that its input names: from [...] to
/// [..., embedding_dim]. The input holds whole numbers as float32; forward() throws Error for any
/// other ("[embedding] x must hold whole numbers from 0 to 999, got 0.5"). The input gets no
/// gradient. The row padding_idx gets none either and is 0 at first; a negative one counts from the
/// end. Other rows are drawn from the standard normal distribution.
///
///     actfn::nn::Layer layer = actfn::nn::Embedding{.num_embeddings = 1000, .embedding_dim = 64};
struct Embedding {
  int num_embeddings;
  int embedding_dim;
  std::optional<int> padding_idx = std::nullopt;
};

/// Adds to each row of a sequence [length, d_model] a code of its position p:
///   sin(p / 10000^(2i / d_model)) to the feature 2i, cos of the same to the feature 2i + 1.
/// Vaswani et al. 2017, arXiv:1706.03762
///
///     actfn::nn::Layer layer = actfn::nn::PositionalEncoding{.d_model = 64};
struct PositionalEncoding {
  int d_model;
};

/// Adds the row p of its weight, [max_len, d_model], to the row p of a sequence [length, d_model]
/// with at most max_len rows. The weight is drawn from the normal distribution with the deviation
/// 0.02.
///
///     actfn::nn::Layer layer =
///         actfn::nn::LearnedPositionalEncoding{.d_model = 64, .max_len = 128};
struct LearnedPositionalEncoding {
  int d_model;
  int max_len;
};

/// A recurrent layer, from [length, input_size] to [length, hidden_size]:
///   h_t = nonlinearity(W_ih x_t + b_ih + W_hh h_(t-1) + b_hh), h_0 = 0.
/// As PyTorch's RNN with one layer and batch_first = true, but nonlinearity is any activation.
///
///     actfn::nn::Layer layer = actfn::nn::Rnn{.input_size = 8, .hidden_size = 16};
struct Rnn {
  int input_size;
  int hidden_size;
  Activation nonlinearity = Tanh{};
  bool bias = true;
};

/// Multi-head attention of a sequence to itself, from [length, embed_dim] to the same: each row
/// gets a weighted mean of all rows' values. It is MultiheadAttention (multihead_attention.h) with
/// query = key = value = x, and PyTorch's MultiheadAttention with batch_first = true. The weights
/// have PyTorch's names: in_proj_weight [E + 2 D, E] with E = embed_dim and D = E kv_heads /
/// num_heads, in_proj_bias, out_proj.weight, out_proj.bias; and sinks [num_heads], which PyTorch
/// does not have. initialize() draws them as PyTorch does, whatever Init is: in_proj_weight by
/// Xavier's uniform distribution, out_proj.weight from ±1/sqrt(E), the rest is 0. Memory grows with
/// the length, not with its square. Vaswani et al. 2017, arXiv:1706.03762
///
/// A Sequential with this layer throws Error where a setting is out of range or samples do not fit:
///   "[self_attention] embed_dim must be at least 1, got 0",
///   "[self_attention] embed_dim must be a multiple of num_heads, got 10 and 4",
///   "[self_attention] num_heads must be a multiple of kv_heads, got 4 and 3",
///   "[self_attention] dropout must be from 0 to 1, got 2",
///   "[sequential] self_attention takes 64 features where 32 come in",
/// and the Errors of scaled_dot_product_attention() for softcap, sinks and activation.
///
///     using namespace actfn::nn;
///     Layer attention = SelfAttention{.embed_dim = 64, .num_heads = 4, .is_causal = true};
///     // A block of a Transformer.
///     std::vector<Layer> block = {
///         Residual{LayerNorm{{64}}, attention},
///         Residual{LayerNorm{{64}}, Linear{64, 256}, actfn::Gelu{}, Linear{256, 64}}};
struct SelfAttention {
  int embed_dim;
  int num_heads;                                 ///< must divide embed_dim
  double dropout = 0;                            ///< of weights, in training
  bool bias = true;                              ///< of the projections
  bool is_causal = false;                        ///< whether row i sees the rows up to i only
  std::optional<int> kv_heads = std::nullopt;    ///< as in MultiheadAttentionSettings
  std::optional<double> softcap = std::nullopt;  ///< as in AttentionOptions
  std::optional<Window> window = std::nullopt;   ///< as in AttentionOptions; both diagonals are one
  bool sinks = false;                            ///< a learned score for each head
  RowActivation activation = Softmax{};          ///< in the place of softmax
};

struct Layer;

/// x + f(x), where f is the layers one after the other; they must give the shape that they take:
/// "[sequential] residual's layers must give 8 where 8 come in, got 4". He et al. 2015,
/// arXiv:1512.03385
///
///     using namespace actfn::nn;
///     Layer block = Residual{LayerNorm{{64}}, Linear{64, 256}, actfn::Gelu{}, Linear{256, 64}};
///     Layer small = Residual{std::vector<Layer>{Linear{64, 64}}};
struct Residual {
  std::vector<Layer> layers;

  explicit Residual(std::vector<Layer> all);
  template <class... L>
    requires(sizeof...(L) > 1)
  explicit Residual(L... all);
  Residual(const Residual& other);
  Residual(Residual&& other) noexcept;
  Residual& operator=(const Residual& other);
  Residual& operator=(Residual&& other) noexcept;
  ~Residual();
};

/// Branches side by side: each gets the input, and their outputs follow each other along the
/// features. Two of them before a gate are its operands. A branch is a layer, or a
/// std::vector<Layer>. Shapes must agree otherwise: "[sequential] parallel's branches must agree
/// but for their features, got 4x8 and 5x8".
///
///     using namespace actfn::nn;
///     Sequential network({64}, Parallel{Linear{64, 128}, Linear{64, 128}}, actfn::Swiglu{},
///                        Linear{128, 10});
struct Parallel {
  std::vector<std::vector<Layer>> branches;

  explicit Parallel(std::vector<std::vector<Layer>> all);
  template <class... B>
    requires(sizeof...(B) > 1)
  explicit Parallel(B... all);
  Parallel(const Parallel& other);
  Parallel(Parallel&& other) noexcept;
  Parallel& operator=(const Parallel& other);
  Parallel& operator=(Parallel&& other) noexcept;
  ~Parallel();
};

/// THE list of layers, and any function of the catalogue that gives a row for a row.
using AnyLayer = std::variant<Linear, Function, Flatten, Conv1d, Conv2d, ConvTranspose2d, MaxPool2d,
                              AvgPool2d, AdaptiveAvgPool2d, BatchNorm1d, BatchNorm2d, LayerNorm,
                              RmsNorm, Embedding, PositionalEncoding, LearnedPositionalEncoding,
                              Rnn, SelfAttention, Residual, Parallel>;

/// A layer: any of AnyLayer, for std::visit(), std::get() and the like.
///
/// The features of an image, [channels, height, width], are its channels; of any other sample they
/// are the last dimension. A gate takes halves of its input's features: it gives half as many
/// features as it is given. Row and grouped functions work along the features, and prelu has slopes
/// for them. Random functions draw in training only. A Prelu or a Learnable owns its parameters;
/// optimizers do not decay them.
/// Some parameters of a Learnable must be positive. Training then changes a number whose softplus
/// is the parameter: for celu's alpha and xielu's alpha_p. xielu's alpha_n is beta + softplus of
/// such a number, and its beta is not learned (arXiv:2411.13010). A Learnable with a parameter that
/// has become infinite or NaN gives NaN.
///
///     using namespace actfn::nn;
///     const std::vector<Layer> layers = {Linear{784, 128}, actfn::Gelu{}, Linear{128, 10}};
struct Layer : AnyLayer {
  // Not constexpr: GCC 12 would try for minutes to compute a constant std::vector<Layer>.
  template <class L>
    requires(!std::derived_from<L, AnyLayer> && std::constructible_from<AnyLayer, L>)
  Layer(L layer) : AnyLayer(std::move(layer)) {}  // NOLINT(google-explicit-constructor)
};

template <class... L>
  requires(sizeof...(L) > 1)
Residual::Residual(L... all) : layers{Layer(std::move(all))...} {}

template <class... B>
  requires(sizeof...(B) > 1)
Parallel::Parallel(B... all) {
  const auto add = [this]<class L>(L&& branch) {
    if constexpr (std::same_as<L, std::vector<Layer>>) {
      branches.push_back(std::forward<L>(branch));
    } else {
      branches.push_back({Layer(std::forward<L>(branch))});
    }
  };
  (add(std::move(all)), ...);
}

/// Reads the layers between two Linears: one function as parse_function() reads it, or several,
/// joined by '+'. Throws the Errors of parse_function().
///
///     auto layers = actfn::nn::parse_layers("selu+alpha_dropout(p=0.05)");
///     std::string text = actfn::nn::to_string(layers);  // "selu+alpha_dropout(p=0.05)"
///     int in = actfn::nn::in_features_for(actfn::nn::parse_layers("swiglu"), 128);  // 256
std::vector<Layer> parse_layers(std::string_view spec);
/// The inverse. Layers that are not functions are written as "linear(in_features=784,
/// out_features=128)", without arguments that have their defaults; parse_network() reads
/// them.
std::string to_string(std::span<const Layer> layers);

/// How many features must go into layers without a Linear for out_features to come out: twice as
/// many for a gate, half as many for crelu. Other layers do not change it. Throws Error where no
/// number does: "[crelu] gives a multiple of 2 features, not 5", "[logsumexp] gives one number for
/// a row: no layer can follow it".
int in_features_for(std::span<const Layer> layers, int out_features);

/// The first of the layers as an elementwise function, with its parameters before training and
/// without noise: relu for noisy_relu, leaky_relu(0.25) for prelu. Nothing where it is a Linear, a
/// gate, softmax or the like.
std::optional<Activation> curve_of(std::span<const Layer> layers);

}  // namespace actfn::nn
