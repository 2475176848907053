// SPDX-License-Identifier: Apache-2.0
// Attention: out = weights v, weights = softmax(scale q k^T + mask).
#pragma once

#include <actfn/random.h>
#include <actfn/rows.h>
#include <actfn/tensor.h>
#include <actfn/threads.h>

#include <cstddef>
#include <optional>
#include <variant>
#include <vector>

namespace actfn::nn {

/// Which keys a query may see by its position. For query i of L and key j of S:
///   none          all keys
///   top_left      j <= i, as PyTorch's is_causal=True
///   bottom_right  j <= i + S - L: the last query sees all keys
/// The last is for queries that continue a sequence whose keys are kept. Both are the same where
/// L = S.
enum class Causal { none, top_left, bottom_right };

/// Where query i has its own key: at the position i, or at i + S - L.
enum class Diagonal { top_left, bottom_right };

/// Query i sees the keys from p - left to p + right, where p is the position of its own key. A side
/// without a number is not limited. Beltagy et al. 2020, arXiv:2004.05150.
///
///     using namespace actfn::nn;
///     // Its own key and the 3 before it.
///     const Window window = {.diagonal = Diagonal::bottom_right, .left = 3, .right = 0};
struct Window {
  Diagonal diagonal;
  std::optional<std::size_t> left = std::nullopt;
  std::optional<std::size_t> right = std::nullopt;
  bool operator==(const Window&) const = default;
};

/// A mask of the opposite sense: true, or a byte that is not 0, is masked out. PyTorch's
/// MultiheadAttention uses masks in this sense, its scaled_dot_product_attention that of ConstMask.
///
///     const bool padding[] = {false, false, false, false, true, true};
///     const actfn::nn::MaskedOut mask = {actfn::ConstMask(padding, {6})};
struct MaskedOut {
  ConstMask entries;
};

/// No mask, true takes part (ConstMask), true is masked out (MaskedOut), or numbers that are added
/// to the scores (ConstTensor), of which -inf masks out.
///
/// The shape broadcasts to that of the scores, [.., heads, L, S]; so (L, S) and (S) are fine. With
/// one dimension of batches, (batches * heads, L, S) is fine, too.
///
///     const bool real[] = {true, true, true, true, false, false};
///     const actfn::nn::AttentionMask mask = actfn::ConstMask(real, {6});
using AttentionMask = std::variant<std::monostate, ConstMask, MaskedOut, ConstTensor>;

/// Options of scaled_dot_product_attention().
///
///     using namespace actfn::nn;
///     const AttentionOptions options = {.causal = Causal::top_left, .softcap = 50.0};
struct AttentionOptions {
  /// The factor of q k^T, finite; without a number 1 / sqrt(d).
  std::optional<double> scale = std::nullopt;
  AttentionMask mask = {};
  Causal causal = Causal::none;
  std::optional<Window> window = std::nullopt;
  /// Scores s become c tanh(s / c) before they are masked; c > 0. Gemma Team 2024,
  /// arXiv:2408.00118.
  std::optional<double> softcap = std::nullopt;
  /// One more score for each head, [heads] of float32, whose weight is not used: see Softmax1. Only
  /// with softmax. gpt-oss.
  std::optional<ConstTensor> sinks = std::nullopt;
  /// What makes weights of scores: any function of RowActivation but log_softmax.
  RowActivation activation = Softmax{};
  /// Each weight becomes 0 with this probability, or w / (1 - dropout), by actfn::Dropout with
  /// this noise: weight i in the row-major order of [.., heads, L, S] uses the position first + i.
  double dropout = 0;
  Noise noise = {};
  Threads threads = {};
  /// Products add in one fixed order without fused multiply-adds, so that the bits do not depend on
  /// the instruction set. Slower.
  bool reproducible = false;
};

/// What a forward pass keeps for the backward one: two numbers for each row of weights.
///
///     actfn::nn::AttentionState state;
struct AttentionState {
  std::vector<float> rows;
};

/// What scaled_dot_product_attention() may write beside its output.
///
///     std::vector<float> weights(2 * 3 * 4);
///     const actfn::nn::AttentionExtras extras = {.weights = actfn::Tensor(weights, {2, 3, 4})};
struct AttentionExtras {
  /// [.., heads, L, S], of q's type: the weights after dropout. They take memory for L S numbers
  /// a head; without them, memory grows with L + S.
  std::optional<Tensor> weights = std::nullopt;
  AttentionState* state = nullptr;
};

/// out = weights v, where weights = f(softcap(scale q k^T) + mask) and f is a function of rows,
/// softmax if no other is given. Vaswani et al. 2017, arXiv:1706.03762.
///   q    [.., heads, L, d]
///   k    [.., kv heads, S, d]
///   v    [.., kv heads, S, e]
///   out  [.., heads, L, e]
/// All have any strides, one type, which is float32, bfloat16 or float16, and the same first
/// dimensions; heads may be missing. Where heads is a multiple of the kv heads (grouped queries,
/// Ainslie et al. 2023, arXiv:2305.13245), head h uses the kv head h / (heads / kv heads), as
/// PyTorch's enable_gqa=True.
///
/// - A row whose keys are all masked out, and one without keys, gives zeros.
/// - Sums are in float32 for every type, and results are rounded once.
/// - Rows up to 1024 keys are computed whole; longer ones in tiles, with a running maximum (Dao et
///   al. 2022, arXiv:2205.14135), so that memory grows with L + S. Functions other than softmax and
///   softmax1 take whole rows of a few queries at a time.
/// - The bits do not depend on threads and strides.
/// - A NaN in the scores makes its row NaN. v must be finite, also for keys that are masked out: 0
///   times infinity is NaN.
///
/// Throws Error before anything is written, for
///   dimensions  "[scaled_dot_product_attention] k has 3 dimensions, q has 4"
///   few         "… q must have 2 to 8 dimensions, its shape is 5"
///   widths      "… k has the width 8, q has 16"
///   heads       "… q's heads must be a multiple of k's, got 6 and 4"
///   values      "… v has the shape 2x4x7x8, k has 2x4x6x8: only widths may differ"
///   batches     "… k has the shape 3x4x7x8, q has 2x4x5x8: batches must agree"
///   an output   "… out has the shape 2x4x5x8, 2x4x5x9 is needed"
///   types       "… k is float16, q is float32"
///   float64     "… q must be float32, bfloat16 or float16, got float64"
///   a mask      "… mask has the shape 3x4, which does not broadcast to the scores' 2x4x5x6"
///   its type    "… mask is float64, float32 or q's type is needed"
///   scale       "… scale must be finite, got nan"
///   softcap     "… softcap must be finite and positive, got 0"
///   dropout     "… dropout must be from 0 to 1, got 2"
///   sinks       "… sinks has the shape 3, 4 is needed", "… sinks need softmax, got sparsemax"
///   activation  "… activation must give weights, log_softmax gives logarithms"
///   overlap     "… out overlaps q: they must be separate"
///
///     std::vector<float> q(2 * 3 * 8), k(2 * 4 * 8), v(2 * 4 * 5), out(2 * 3 * 5);
///     actfn::nn::scaled_dot_product_attention({q, {2, 3, 8}}, {k, {2, 4, 8}}, {v, {2, 4, 5}},
///                                             {out, {2, 3, 5}});
void scaled_dot_product_attention(const ConstTensor& q, const ConstTensor& k, const ConstTensor& v,
                                  const Tensor& out, const AttentionOptions& options = {},
                                  const AttentionExtras& extras = {});

/// What the backward pass may be given, and may write, beside the rest.
///
///     actfn::nn::AttentionState state;
///     const actfn::nn::AttentionSaved saved = {.state = &state};
struct AttentionSaved {
  /// Of the forward pass with the same arguments. Without it, or without out, or for types of 16
  /// bits, the pass computes it again. Other functions than softmax and softmax1 do not use it.
  const AttentionState* state = nullptr;
  std::optional<ConstTensor> out = std::nullopt;  ///< the forward pass' output
  std::optional<Tensor> dsinks = std::nullopt;    ///< [heads], float32: the gradient of the sinks
};

/// The gradients of scaled_dot_product_attention(): dq, dk and dv have the shapes of q, k and v,
/// dout that of out. The options are those of the forward pass; dropout draws the same noise again.
/// Memory grows with L + S. Throws the Errors of the forward pass, and
///   dsinks  "[scaled_dot_product_attention] dsinks needs sinks"
///   state   "… state has 12 numbers, 24 are needed"
///
///     std::vector<float> q(2 * 3 * 8), k(2 * 4 * 8), v(2 * 4 * 5), out(2 * 3 * 5);
///     std::vector<float> dout(2 * 3 * 5), dq(2 * 3 * 8), dk(2 * 4 * 8), dv(2 * 4 * 5);
///     actfn::nn::AttentionState state;
///     actfn::nn::scaled_dot_product_attention({q, {2, 3, 8}}, {k, {2, 4, 8}}, {v, {2, 4, 5}},
///                                             {out, {2, 3, 5}}, {}, {.state = &state});
///     actfn::nn::scaled_dot_product_attention_backward(
///         {q, {2, 3, 8}}, {k, {2, 4, 8}}, {v, {2, 4, 5}}, {dout, {2, 3, 5}}, {dq, {2, 3, 8}},
///         {dk, {2, 4, 8}}, {dv, {2, 4, 5}}, {},
///         {.state = &state, .out = actfn::ConstTensor(out, {2, 3, 5})});
void scaled_dot_product_attention_backward(const ConstTensor& q, const ConstTensor& k,
                                           const ConstTensor& v, const ConstTensor& dout,
                                           const Tensor& dq, const Tensor& dk, const Tensor& dv,
                                           const AttentionOptions& options = {},
                                           const AttentionSaved& saved = {});

}  // namespace actfn::nn
