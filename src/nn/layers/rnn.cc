// SPDX-License-Identifier: Apache-2.0
#include "kernels/evaluator.h"
#include "nn/cut.h"
#include "nn/layers/arguments.h"
#include "nn/layers/text.h"
#include "nn/module.h"
#include "nn/team.h"
#include "nn/vector_ops.h"
#include "nn/weight_source.h"

#include <algorithm>

namespace actfn::nn {
namespace {

// Each piece of the batch goes through all steps by itself. Arrays are [samples, length, …].
class RnnModule : public Module {
 public:
  RnnModule(const Rnn& l, const Shape& in)
      : Module(in, with_last(in, static_cast<std::size_t>(l.hidden_size))),
        f_(l.nonlinearity),
        length_(static_cast<int>(in[0])),
        inputs_(l.input_size),
        units_(l.hidden_size),
        has_bias_(l.bias) {
    const auto inputs = static_cast<std::size_t>(inputs_);
    const auto units = static_cast<std::size_t>(units_);
    learn({"weight_ih_l0", {units, inputs}});
    learn({"weight_hh_l0", {units, units}});
    if (!l.bias) return;
    learn({"bias_ih_l0", {units}});
    learn({"bias_hh_l0", {units}});
  }

  void initialize(std::span<float> learned, WeightSource* source) const override {
    std::ranges::fill(learned, 0.0F);
    if (source == nullptr) return;
    const auto of_inputs = static_cast<std::size_t>(inputs_) * static_cast<std::size_t>(units_);
    const auto of_units = static_cast<std::size_t>(units_) * static_cast<std::size_t>(units_);
    source->draw(inputs_, units_, learned.first(of_inputs));
    source->draw(units_, units_, learned.subspan(of_inputs, of_units));
  }

  // The nonlinearity's inputs, the gradient by them, and each piece's sums of gradients.
  Size workspace_size(std::size_t rows) const override {
    return Size(2) * padded(rows * out_size()) + Size(kMostPieces) * sums_size();
  }
  // A step's share of the next one, and the outputs before each step.
  Size scratch_size(std::size_t rows) const override {
    const std::size_t samples = rows / kMostPieces + 1;
    return Size(padded(samples * static_cast<std::size_t>(units_))) + samples * out_size();
  }

  void forward(const Pass& pass, const float* x, float* y) const override {
    for_each_piece(pass, [&](int member, int /*piece*/, const Range& samples) {
      forward_piece(pass, samples, pass.scratch_of(member), x + samples.begin * step() * inputs_,
                    y + samples.begin * sample());
    });
  }

  void backward(const Pass& pass, const Gradients& g) const override {
    float* const sums = pass.workspace + 2 * padded(pass.rows * out_size());
    for_each_piece(pass, [&](int member, int piece, const Range& samples) {
      float* const scratch = pass.scratch_of(member);
      backward_steps(pass, samples, scratch, g.dy + samples.begin * sample());
      add_gradients(pass, samples, scratch, g,
                    sums + static_cast<std::size_t>(piece) * sums_size());
    });
    const auto pieces = static_cast<std::size_t>(piece_count(static_cast<int>(pass.rows)));
    sum_parts(sums, pieces, sums_size(), g.learned.size(), g.learned.data());
  }

  bool works_without_dx() const override { return true; }

 private:
  std::ptrdiff_t step() const { return length_; }
  std::ptrdiff_t sample() const { return std::ptrdiff_t{length_} * units_; }
  std::size_t sums_size() const { return padded(parameter_count().value()); }
  float* inputs_of_f(const Pass& pass, const Range& samples) const {
    return pass.workspace + samples.begin * sample();
  }
  float* gradients_of_f(const Pass& pass, const Range& samples) const {
    return inputs_of_f(pass, samples) + padded(pass.rows * out_size());
  }
  const float* recurrent(const Pass& pass) const {
    return pass.learned.data() + std::ptrdiff_t{inputs_} * units_;
  }

  // f(member, piece, samples)
  template <class F>
  void for_each_piece(const Pass& pass, const F& f) const {
    const auto rows = static_cast<int>(pass.rows);
    pass.team->run(piece_count(rows), [&](int member, int i) { f(member, i, piece(rows, i)); });
  }

  // z = x W_ih^T + b_ih + b_hh
  void project(const Pass& pass, int rows, const float* x, float* z) const {
    pass.multiply(rows, units_, inputs_, {x, inputs_}, {pass.learned.data(), inputs_, true}, z,
                  units_);
    if (!has_bias_) return;
    const auto units = static_cast<std::size_t>(units_);
    const float* const bias = recurrent(pass) + std::ptrdiff_t{units_} * units_;
    add_row(bias, static_cast<std::size_t>(rows), units, z);
    add_row(bias + units, static_cast<std::size_t>(rows), units, z);
  }

  void forward_piece(const Pass& pass, const Range& samples, float* share, const float* x,
                     float* y) const {
    const kernels::Evaluator f(f_, Type::float32);
    const int n = samples.size();
    float* const z = inputs_of_f(pass, samples);
    project(pass, n * length_, x, z);
    for (std::ptrdiff_t t = 0; t < length_; ++t) {
      if (t > 0) {
        pass.multiply(n, units_, units_, {y + (t - 1) * units_, static_cast<int>(sample())},
                      {recurrent(pass), units_, true}, share, units_);
      }
      for (std::ptrdiff_t s = 0; s < n; ++s) {
        const std::ptrdiff_t at = s * sample() + t * units_;
        if (t > 0) add(share + s * units_, z + at);
        f.map(kernels::Order::value, z + at, y + at, static_cast<std::size_t>(units_));
      }
    }
  }

  // The gradients by the nonlinearity's inputs, from the last step to the first.
  void backward_steps(const Pass& pass, const Range& samples, float* share, const float* dy) const {
    const kernels::Evaluator f(f_, Type::float32);
    const int n = samples.size();
    const float* const z = inputs_of_f(pass, samples);
    float* const dz = gradients_of_f(pass, samples);
    for (std::ptrdiff_t t = length_ - 1; t >= 0; --t) {
      for (std::ptrdiff_t s = 0; s < n; ++s) {
        const std::ptrdiff_t at = s * sample() + t * units_;
        std::copy(dy + at, dy + at + units_, dz + at);
        if (t + 1 < length_) add(share + s * units_, dz + at);
        f.backward(kernels::Order::derivative, z + at, dz + at, dz + at,
                   static_cast<std::size_t>(units_));
      }
      if (t == 0) continue;
      pass.multiply(n, units_, units_, {dz + t * units_, static_cast<int>(sample())},
                    {recurrent(pass), units_}, share, units_);
    }
  }

  void add_gradients(const Pass& pass, const Range& samples, float* scratch, const Gradients& g,
                     float* sums) const {
    const int rows = samples.size() * length_;
    const float* const dz = gradients_of_f(pass, samples);
    const float* const x = g.x + samples.begin * step() * inputs_;
    float* const before = scratch + padded(static_cast<std::size_t>(samples.size()) *
                                           static_cast<std::size_t>(units_));
    shift(samples, g.y + samples.begin * sample(), before);
    float* const of_units = sums + std::ptrdiff_t{inputs_} * units_;
    pass.multiply(units_, inputs_, rows, {dz, units_, true}, {x, inputs_}, sums, inputs_);
    pass.multiply(units_, units_, rows, {dz, units_, true}, {before, units_}, of_units, units_);
    if (has_bias_) {
      float* const bias = of_units + std::ptrdiff_t{units_} * units_;
      sum_rows(dz, static_cast<std::size_t>(rows), static_cast<std::size_t>(units_), bias);
      std::copy(bias, bias + units_, bias + units_);
    }
    if (g.dx == nullptr) return;
    pass.multiply(rows, inputs_, units_, {dz, units_}, {pass.learned.data(), inputs_},
                  g.dx + samples.begin * step() * inputs_, inputs_);
  }

  // What came out before each step: 0 before the first.
  void shift(const Range& samples, const float* y, float* before) const {
    for (std::ptrdiff_t s = 0; s < samples.size(); ++s) {
      float* const to = before + s * sample();
      std::fill(to, to + units_, 0.0F);
      std::copy(y + s * sample(), y + (s + 1) * sample() - units_, to + units_);
    }
  }

  void add(const float* x, float* y) const { add_row(x, 1, static_cast<std::size_t>(units_), y); }

  Activation f_;
  int length_, inputs_, units_;
  bool has_bias_;
};

}  // namespace

template <>
ModulePointer LayerFile<Rnn>::make(const Rnn& l, const Shape& in) {
  require_at_least("rnn", "input_size", 1, l.input_size);
  require_at_least("rnn", "hidden_size", 1, l.hidden_size);
  validate(Function(l.nonlinearity));
  require_dimensions("rnn", in, 2, "length x features");
  require_length("rnn", "features", l.input_size, in[1]);
  return std::make_shared<RnnModule>(l, in);
}

template <>
const LayerText* LayerFile<Rnn>::text() {
  static const LayerText kText = {
      "rnn",
      Rnn{8, 16},
      {required<&Rnn::input_size>("input_size"), required<&Rnn::hidden_size>("hidden_size"),
       optional<&Rnn::nonlinearity>("nonlinearity"), optional<&Rnn::bias>("bias")}};
  return &kText;
}

}  // namespace actfn::nn
