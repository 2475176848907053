// SPDX-License-Identifier: Apache-2.0
#include "catalogue/error.h"
#include "nn/layers/chain.h"
#include "nn/layers/text.h"
#include "nn/pieces.h"

namespace actfn::nn {
namespace {

class ResidualModule : public Module {
 public:
  ResidualModule(const Residual& l, const Shape& in)
      : Module(in, in), chain_("residual", l.layers, in) {
    if (!(chain_.out() == in)) {
      fail("sequential", {"residual's layers must give ", text(in), " where ", text(in),
                          " come in, got ", text(chain_.out())});
    }
    for (const Block& block : chain_.parameters()) learn(block);
    for (const Block& block : chain_.buffers()) keep(block);
  }

  void initialize(std::span<float> learned, WeightSource* source) const override {
    chain_.initialize(learned, source);
  }
  void initialize_buffers(std::span<float> buffers) const override {
    chain_.initialize_buffers(buffers);
  }
  // The layers' output, and what they need themselves.
  Size workspace_size(std::size_t rows) const override {
    return Size(padded(rows * in_size())) + chain_.workspace_size(rows);
  }
  Size scratch_size(std::size_t rows) const override { return chain_.scratch_size(rows); }
  std::size_t widest() const override { return chain_.widest(); }
  void check_batch(std::size_t rows, bool training) const override {
    chain_.check_batch(rows, training);
  }

  void forward(const Pass& pass, const float* x, float* y) const override {
    const std::size_t n = pass.rows * in_size();
    chain_.forward(inner(pass), x, pass.workspace);
    in_pieces(*pass.team, n, [&](std::size_t at, std::size_t size) {
      const float* const of_chain = pass.workspace + at;
      for (std::size_t i = 0; i < size; ++i) y[at + i] = x[at + i] + of_chain[i];
    });
  }
  void backward(const Pass& pass, const Gradients& g) const override {
    chain_.backward(inner(pass), {g.x, pass.workspace, g.dy, g.dx, g.learned});
    if (g.dx != nullptr) add_to(*pass.team, pass.rows * in_size(), g.dy, g.dx);
  }
  bool works_without_dx() const override { return chain_.works_without_dx(); }
  void finish(const Pass& pass) const override { chain_.finish(inner(pass)); }
  Inner inner(const Pass& pass, std::size_t index) const override {
    return chain_.inner(inner(pass), index);
  }

 private:
  Pass inner(const Pass& pass) const {
    Pass own = pass;
    own.workspace += padded(pass.rows * in_size());
    return own;
  }

  Chain chain_;
};

}  // namespace

template <>
ModulePointer LayerFile<Residual>::make(const Residual& l, const Shape& in) {
  return std::make_shared<ResidualModule>(l, in);
}

template <>
const LayerText* LayerFile<Residual>::text() {
  static const LayerText kText = {
      "residual", Residual{Linear{64, 64}, Relu{}}, {whole<&Residual::layers>()}};
  return &kText;
}

}  // namespace actfn::nn
