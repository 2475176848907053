// SPDX-License-Identifier: Apache-2.0
#include "nn/onnx_attention.h"

#include "kernels/entry.h"
#include "nn/attention/problem.h"
#include "onnx/function.h"
#include "rows/kernels/table.h"

#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

namespace actfn::nn {
namespace {

using onnx::Attribute;
using Ints = std::vector<std::int64_t>;

// Heads are [N, kv heads, heads of each, length, width]: keys and values are broadcast to the heads
// that share them.
class AttentionOperators {
 public:
  AttentionOperators(onnx::Graph& graph, const SelfAttention& l, std::size_t length,
                     const AttentionWeights& weights, const std::string& mask)
      : graph_(graph), l_(l), n_(length), weights_(weights), mask_(mask) {}

  std::string operator()(const std::string& x) const {
    const std::int64_t length = static_cast<std::int64_t>(n_), all = l_.embed_dim;
    const std::int64_t kv_width = std::int64_t{width()} * kv_heads();
    const std::string projected = project(x, weights_.in_weight, weights_.in_bias);
    const auto parts =
        graph_.add_many("Split", {projected, graph_.wholes({all, kv_width, kv_width})},
                        {{"axis", std::int64_t{-1}}}, 3);
    const std::string q = heads(parts[0], group(), {0, 2, 3, 1, 4});
    const std::string k = heads(parts[1], 1, {0, 2, 3, 4, 1});
    const std::string v = heads(parts[2], 1, {0, 2, 3, 1, 4});
    const std::string scale = graph_.constant(1 / std::sqrt(static_cast<double>(width())));
    const std::string scores = add("MatMul", {add("Mul", {q, scale}), k});
    const std::string y = transposed(add("MatMul", {weigh(scores), v}), {0, 3, 1, 2, 4});
    const std::string rows = add("Reshape", {y, graph_.wholes({-1, length, all})});
    return project(rows, weights_.out_weight, weights_.out_bias);
  }

 private:
  int kv_heads() const { return l_.kv_heads.value_or(l_.num_heads); }
  int group() const { return l_.num_heads / kv_heads(); }
  int width() const { return l_.embed_dim / l_.num_heads; }

  std::string add(std::string_view op, std::vector<std::string> inputs,
                  std::vector<Attribute> attributes = {}) const {
    return graph_.add(op, std::move(inputs), std::move(attributes));
  }
  std::string transposed(const std::string& x, Ints perm) const {
    return add("Transpose", {x}, {{"perm", std::move(perm)}});
  }
  std::string project(const std::string& x, const std::string& weight,
                      const std::string& bias) const {
    const std::string y = add("MatMul", {x, transposed(weight, {1, 0})});
    return bias.empty() ? y : add("Add", {y, bias});
  }
  std::string heads(const std::string& x, int each, Ints perm) const {
    const auto length = static_cast<std::int64_t>(n_);
    const Ints shape = {-1, length, kv_heads(), each, width()};
    return transposed(add("Reshape", {x, graph_.wholes(shape)}), std::move(perm));
  }
  // The columns [0, end) of the last axis.
  std::string first(const std::string& x, std::int64_t end) const {
    return add("Slice", {x, graph_.wholes({0}), graph_.wholes({end}), graph_.wholes({-1})});
  }

  std::string weigh(std::string s) const {
    if (l_.softcap) {
      const std::string cap = graph_.constant(*l_.softcap);
      s = add("Mul", {add("Tanh", {add("Div", {s, cap})}), cap});
    }
    if (l_.sinks) {  // one more column, whose weight is not used
      const std::string zeros = add("Mul", {first(s, 1), graph_.constant(0)});
      const std::string sinks = add("Add", {zeros, weights_.sinks});
      s = add("Concat", {s, sinks}, {{"axis", std::int64_t{-1}}});
    }
    if (l_.is_causal || l_.window) s = add("Add", {s, mask()});
    const std::string w = onnx::add_row(graph_, l_.activation, s);
    return l_.sinks ? first(w, static_cast<std::int64_t>(n_)) : w;
  }

  // What hides a row is what the function of rows leaves out: -inf, or +inf for softmin.
  std::string mask() const {
    const auto hidden =
        static_cast<float>(GradientRef<RowActivation>(l_.activation).entry().excluded);
    attention::Problem p;
    p.sizes.queries = p.sizes.keys = n_;
    p.causal = l_.is_causal ? Causal::top_left : Causal::none;
    p.window = l_.window;
    const std::size_t columns = n_ + (l_.sinks ? 1 : 0);
    std::vector<float> all(n_ * columns);
    for (std::size_t i = 0; i < n_; ++i) {
      const attention::Span seen = p.keys_of(i);
      for (std::size_t j = 0; j < n_; ++j) {
        if (j < seen.begin || j >= seen.end) all[i * columns + j] = hidden;
      }
    }
    const Ints shape = {static_cast<std::int64_t>(n_), static_cast<std::int64_t>(columns)};
    return graph_.table(mask_, shape, all);
  }

  onnx::Graph& graph_;
  const SelfAttention& l_;
  std::size_t n_;
  const AttentionWeights& weights_;
  const std::string& mask_;
};

}  // namespace

std::string add_self_attention(onnx::Graph& graph, const SelfAttention& l, std::size_t length,
                               const AttentionWeights& weights, const std::string& mask,
                               const std::string& x) {
  return AttentionOperators(graph, l, length, weights, mask)(x);
}

}  // namespace actfn::nn
