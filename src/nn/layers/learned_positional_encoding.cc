// SPDX-License-Identifier: Apache-2.0
#include "catalogue/error.h"
#include "nn/layers/positions.h"
#include "nn/layers/text.h"
#include "nn/pieces.h"
#include "nn/vector_ops.h"
#include "nn/weight_source.h"

#include <algorithm>

namespace actfn::nn {
namespace {

constexpr double kDeviation = 0.02;  // Radford et al. 2018; Devlin et al. 2018, arXiv:1810.04805

class LearnedPositionalEncodingModule : public Module {
 public:
  LearnedPositionalEncodingModule(const LearnedPositionalEncoding& l, const Shape& in)
      : Module(in, in) {
    learn({"weight", {static_cast<std::size_t>(l.max_len), static_cast<std::size_t>(l.d_model)}});
  }
  void initialize(std::span<float> learned, WeightSource* source) const override {
    std::ranges::fill(learned, 0.0F);
    if (source != nullptr) source->draw_normal(kDeviation, learned);
  }
  void forward(const Pass& pass, const float* x, float* y) const override {
    add_to_samples(pass, in_size(), pass.learned.data(), x, y);
  }
  void backward(const Pass& pass, const Gradients& g) const override {
    sum_rows(g.dy, pass.rows, in_size(), g.learned.data());
    std::ranges::fill(g.learned.subspan(in_size()), 0.0F);
    if (g.dx != nullptr) copy(*pass.team, pass.rows * in_size(), g.dy, g.dx);
  }
  bool works_without_dx() const override { return true; }
};

}  // namespace

template <>
ModulePointer LayerFile<LearnedPositionalEncoding>::make(const LearnedPositionalEncoding& l,
                                                         const Shape& in) {
  require_at_least("learned_positional_encoding", "max_len", 1, l.max_len);
  require_sequence("learned_positional_encoding", l.d_model, in);
  if (in[0] > static_cast<std::size_t>(l.max_len)) {
    fail("sequential", {"learned_positional_encoding takes at most ", l.max_len, " rows where ",
                        in[0], " come in"});
  }
  return std::make_shared<LearnedPositionalEncodingModule>(l, in);
}

template <>
const LayerText* LayerFile<LearnedPositionalEncoding>::text() {
  static const LayerText kText = {"learned_positional_encoding",
                                  LearnedPositionalEncoding{64, 128},
                                  {required<&LearnedPositionalEncoding::d_model>("d_model"),
                                   required<&LearnedPositionalEncoding::max_len>("max_len")}};
  return &kText;
}

}  // namespace actfn::nn
