// SPDX-License-Identifier: Apache-2.0
// Multi-head attention with learned projections, as PyTorch's MultiheadAttention.
#pragma once

#include <actfn/nn/attention.h>
#include <actfn/nn/parameter.h>
#include <actfn/rows.h>
#include <actfn/tensor.h>
#include <actfn/threads.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace actfn::nn {

/// What a MultiheadAttention is made of. The first fields are PyTorch's.
///
///     const actfn::nn::MultiheadAttentionSettings settings = {.embed_dim = 64, .num_heads = 4};
struct MultiheadAttentionSettings {
  std::size_t embed_dim;                           ///< E, the width of query and output
  std::size_t num_heads;                           ///< must divide E
  double dropout = 0;                              ///< of weights, in training
  bool bias = true;                                ///< of the projections
  bool add_bias_kv = false;                        ///< one more key and value, which are learned
  bool add_zero_attn = false;                      ///< one more key and value of zeros
  std::optional<std::size_t> kdim = std::nullopt;  ///< the width of key; E
  std::optional<std::size_t> vdim = std::nullopt;  ///< the width of value; E
  bool batch_first = false;                        ///< query is [N, L, E]; else [L, N, E]

  /// Grouped queries: so many heads of keys and values, which must divide num_heads; num_heads.
  std::optional<std::size_t> kv_heads = std::nullopt;
  std::optional<double> softcap = std::nullopt;  ///< as in AttentionOptions
  std::optional<Window> window = std::nullopt;   ///< as in AttentionOptions
  bool sinks = false;                            ///< a learned score for each head
  RowActivation activation = Softmax{};          ///< in the place of softmax
};

/// Options of MultiheadAttention::forward(); the names are PyTorch's.
///
///     const bool padding[] = {false, false, true};
///     const actfn::nn::MultiheadAttentionOptions options = {
///         .key_padding_mask = actfn::nn::MaskedOut{actfn::ConstMask(padding, {1, 3})},
///         .need_weights = false};
struct MultiheadAttentionOptions {
  AttentionMask key_padding_mask = {};  ///< [N, S], or [S] unbatched
  /// [L, S], [N * num_heads, L, S], or what broadcasts to [N, num_heads, L, S].
  AttentionMask attn_mask = {};
  bool need_weights = true;
  bool average_attn_weights = true;
  Causal is_causal = Causal::none;  ///< in addition to the masks
};

/// What forward() gives: views of the module's memory, valid until its next call.
struct MultiheadAttentionResult {
  ConstTensor output;  ///< the shape of query
  /// After dropout: the mean over heads, [N, L, S]; or [N, num_heads, L, S]. Without N if
  /// unbatched. S counts the keys that add_bias_kv and add_zero_attn add.
  std::optional<ConstTensor> weights;
};

/// The gradients that backward() gives: views of the module's memory, valid until its next call.
/// Where one tensor was query, key and value, its gradient is the sum of the three.
struct MultiheadAttentionGradients {
  ConstTensor query, key, value;
};

/// Vaswani et al. 2017, arXiv:1706.03762:
///   head_h = attention(query Wq_h^T + bq_h, key Wk_h^T + bk_h, value Wv_h^T + bv_h)
///   output = [head_1 … head_H] Wo^T + bo
///
///     using namespace actfn::nn;
///     MultiheadAttention attention({.embed_dim = 6, .num_heads = 2, .batch_first = true});
///     attention.initialize(1);
///     const actfn::ConstTensor tokens(x, {1, 4, 6});  // 1 sequence of 4 tokens
///     const auto result = attention.forward(tokens, tokens, tokens);
///     const auto gradients = attention.backward({dy, {1, 4, 6}});
///
/// The bits of every result do not depend on the number of threads, and with
/// set_reproducible(true) not on the instruction set either. Two threads must not use one module
/// at once.
class MultiheadAttention {
 public:
  /// Throws Error where a setting is out of range:
  ///   "[multihead_attention] embed_dim must be a multiple of num_heads, got 10 and 4",
  ///   "… num_heads must be a multiple of kv_heads, got 4 and 3",
  ///   "… embed_dim must be positive", and so on for the other sizes,
  ///   "… dropout must be from 0 to 1, got 2",
  /// and the Errors of scaled_dot_product_attention() for softcap, sinks and activation.
  explicit MultiheadAttention(const MultiheadAttentionSettings& settings);
  MultiheadAttention(MultiheadAttention&&) noexcept;
  MultiheadAttention& operator=(MultiheadAttention&&) noexcept;
  ~MultiheadAttention();

  const MultiheadAttentionSettings& settings() const;
  /// The parameters, with PyTorch's names and layouts, in the order of its state_dict():
  ///   in_proj_weight   [E + 2 D, E], D = E kv_heads / num_heads, if kdim and vdim are E; else
  ///   q_proj_weight    [E, E]
  ///   k_proj_weight    [D, kdim]
  ///   v_proj_weight    [D, vdim]
  ///   in_proj_bias     [E + 2 D]
  ///   bias_k, bias_v   [1, 1, D]
  ///   sinks            [num_heads], which PyTorch does not have
  ///   out_proj.weight  [E, E]
  ///   out_proj.bias    [E]
  std::vector<Parameter> parameters();

  /// Draws all weights from the seed, as PyTorch does: in-projections by Xavier's uniform
  /// distribution, out_proj.weight from ±1/sqrt(E), bias_k and bias_v by Xavier's normal one; the
  /// rest is 0. Dropout draws from this seed from now on, with other noise in each pass.
  void initialize(std::uint64_t seed);
  /// In training, which is the state at first, dropout draws.
  void set_training(bool training);
  /// The number of threads that one pass may use, as Sequential::set_threads(). Throws Error:
  /// "[multihead_attention] threads must be from 1 to 1024, got 0".
  void set_threads(int threads, const Executor* executor = nullptr);
  /// Whether products add in one fixed order, so that results have the same bits on every
  /// instruction set. At first false. It may be called between any two passes.
  void set_reproducible(bool reproducible);

  /// query [N, L, E], key [N, S, kdim], value [N, S, vdim], of float32 and any strides; or L and N
  /// exchanged (batch_first), or without N (unbatched). Throws Error for
  ///   dimensions  "[multihead_attention] query must have 2 or 3 dimensions, its shape is 5"
  ///   others      "… key has 2 dimensions, query has 3", "… key has 2 batches, query has 3"
  ///   widths      "… query has the width 8, embed_dim is 16", "… key has the width 8, kdim is 16"
  ///   lengths     "… value has 5 rows, key has 6"
  ///   types       "… query must be float32, got float16"
  ///   padding     "… key_padding_mask has the shape 3, 2x5 is needed"
  ///   a mask      "… attn_mask has the shape 3x4, which does not broadcast to the scores' 2x4x5x6"
  ///   its type    "… attn_mask is float64, float32 or q's type is needed"
  /// and then keeps what the last forward() gave.
  MultiheadAttentionResult forward(const ConstTensor& query, const ConstTensor& key,
                                   const ConstTensor& value,
                                   const MultiheadAttentionOptions& options = {});

  /// The gradients of query, key and value, and of all parameters, from dy, the gradient of the
  /// loss with respect to the output of the last forward(), whose masks must still be there. Throws
  /// Error: "[multihead_attention] dy has the shape 3x4, the last forward() gave 4x3".
  MultiheadAttentionGradients backward(const ConstTensor& dy);

  struct State;  // private to src/nn

 private:
  std::unique_ptr<State> state_;
};

}  // namespace actfn::nn
