// SPDX-License-Identifier: Apache-2.0
// The inside of a MultiheadAttention.
#pragma once

#include <actfn/nn/multihead_attention.h>

#include "nn/attention/problem.h"
#include "nn/attention/projection.h"
#include "nn/buffer.h"
#include "nn/team.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace actfn::nn {
namespace attention {

inline constexpr std::string_view kModule = "multihead_attention";

// A sequence's rows: which one row is, of a batch.
struct Layout {
  std::size_t batches = 0, length = 0;
  bool batch_first = false;

  std::size_t rows() const { return batches * length; }
  // From one batch to the next, and from one row of it to the next.
  std::size_t batch_step() const { return batch_first ? length : 1; }
  std::size_t row_step() const { return batch_first ? 1 : batches; }
};

// An input as rows that follow each other, what it became, and the gradients of both.
struct Stream {
  Layout layout;
  std::size_t extra = 0;  // rows at the end, for every batch, that have no input
  Buffer input, projected, gradient, input_gradient;
  Shape shape;  // of the caller's tensor

  void set(const Layout& new_layout, std::size_t new_extra, const Shape& new_shape) {
    layout = new_layout;
    extra = new_extra;
    shape = new_shape;
  }
  std::size_t all_rows() const { return layout.rows() + extra * layout.batches; }
};

}  // namespace attention

struct MultiheadAttention::State {
  explicit State(const MultiheadAttentionSettings& s);

  MultiheadAttentionSettings settings;
  std::size_t kv_width = 0;  // D
  attention::Projection query_in, key_in, value_in, out;
  std::optional<std::size_t> bias_k, bias_v, sinks;
  Buffer parameters, gradients;
  std::uint64_t seed = 0;
  std::uint64_t passes = 0;  // in training
  bool training = true;
  bool reproducible = false;
  std::unique_ptr<Team> team = std::make_unique<Team>(1);

  // Of the last forward().
  attention::Stream query, key, value;
  Buffer attended, attended_gradient, output, weights, mean_weights;
  std::optional<attention::Problem> problem;
  attention::Shapes shapes;
  AttentionState kept;

  std::size_t extra_keys() const {
    return std::size_t{settings.add_bias_kv} + std::size_t{settings.add_zero_attn};
  }
  AttentionOptions options_of_pass() const;

  MultiheadAttentionResult forward(const ConstTensor& q, const ConstTensor& k, const ConstTensor& v,
                                   const MultiheadAttentionOptions& options);
  MultiheadAttentionGradients backward(const ConstTensor& dy);

  // Rows of a stream as heads, [N, heads, rows, width], in some buffer of its size.
  ConstTensor heads(const attention::Stream& s, const Buffer& buffer, std::size_t count) const;
  Tensor heads(const attention::Stream& s, Buffer& buffer, std::size_t count) const;

 private:
  void lay_out();
  attention::Problem problem_of(const attention::Stream& q, const attention::Stream& k,
                                const attention::Stream& v,
                                const MultiheadAttentionOptions& options,
                                attention::Shapes& of) const;
  const attention::Problem& prepare(const ConstTensor& q, const ConstTensor& k,
                                    const ConstTensor& v, const MultiheadAttentionOptions& options);
  void compute(const attention::Problem& p, const MultiheadAttentionOptions& options);
  void add_extra_rows();
  MultiheadAttentionResult result(const MultiheadAttentionOptions& options);
  ConstTensor average(const Shape& shape);
  void load(const ConstTensor& x, attention::Stream& s) const;
  void attend_backward(const attention::Problem& p);
  void differentiate_extra_rows();
  void differentiate_input(const attention::Projection& f, attention::Stream& s);

  attention::Projector projector() const;
};

}  // namespace actfn::nn
