// SPDX-License-Identifier: Apache-2.0
#include <actfn/elementwise.h>

#include "nn/layers/positions.h"
#include "nn/layers/text.h"
#include "nn/pieces.h"

#include <numbers>
#include <vector>

namespace actfn::nn {
namespace {

// By activations: the last bit of the C library's functions depends on the CPU.
std::vector<float> codes(std::size_t length, std::size_t features) {
  constexpr double kBase = 9.210340371976182736;  // log(10000)
  std::vector<double> rate(features);
  for (std::size_t i = 0; i < features; ++i) {
    rate[i] = -kBase * static_cast<double>(i - i % 2) / static_cast<double>(features);
  }
  forward(Exp{}, rate, rate);
  std::vector<double> angle(length * features);
  for (std::size_t p = 0; p < length; ++p) {
    for (std::size_t i = 0; i < features; ++i) {
      const double quarter = i % 2 == 0 ? 0 : std::numbers::pi / 2;
      angle[p * features + i] = static_cast<double>(p) * rate[i] + quarter;
    }
  }
  forward(Sine{}, angle, angle);
  return {angle.begin(), angle.end()};
}

class PositionalEncodingModule : public Module {
 public:
  explicit PositionalEncodingModule(const Shape& in)
      : Module(in, in), codes_(codes(in[0], in[1])) {}
  void forward(const Pass& pass, const float* x, float* y) const override {
    add_to_samples(pass, in_size(), codes_.data(), x, y);
  }
  void backward(const Pass& pass, const Gradients& g) const override {
    copy(*pass.team, pass.rows * in_size(), g.dy, g.dx);
  }

 private:
  std::vector<float> codes_;
};

}  // namespace

template <>
ModulePointer LayerFile<PositionalEncoding>::make(const PositionalEncoding& l, const Shape& in) {
  require_sequence("positional_encoding", l.d_model, in);
  return std::make_shared<PositionalEncodingModule>(in);
}

template <>
const LayerText* LayerFile<PositionalEncoding>::text() {
  static const LayerText kText = {"positional_encoding",
                                  PositionalEncoding{64},
                                  {required<&PositionalEncoding::d_model>("d_model")}};
  return &kText;
}

}  // namespace actfn::nn
