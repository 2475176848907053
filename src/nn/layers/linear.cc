// SPDX-License-Identifier: Apache-2.0
// A Linear inside of another layer. Networks compute their own ones, see network.cc.
#include "nn/cut.h"
#include "nn/layers/text.h"
#include "nn/module.h"
#include "nn/team.h"
#include "nn/vector_ops.h"
#include "nn/weight_source.h"

#include <algorithm>

namespace actfn::nn {
namespace {

constexpr int kBlockColumns = 256;

// Work is cut by rows in forward and for dx, by input features for the weight's gradient.
class LinearModule : public Module {
 public:
  LinearModule(const Linear& l, const Shape& in)
      : Module(in, with_last(in, static_cast<std::size_t>(l.out_features))), shape_(l) {
    const auto columns = static_cast<std::size_t>(l.in_features);
    const auto out = static_cast<std::size_t>(l.out_features);
    learn({.name = "weight", .shape = {out, columns}, .transposed = true});
    learn({"bias", {out}});
  }

  void initialize(std::span<float> learned, WeightSource* source) const override {
    std::ranges::fill(learned, 0.0F);
    if (source != nullptr) source->draw(shape_.in_features, shape_.out_features, weight(learned));
  }

  void forward(const Pass& pass, const float* x, float* y) const override {
    const int in = shape_.in_features;
    const int out = shape_.out_features;
    const float* const bias = pass.learned.data() + weight(pass.learned).size();
    for_each_piece(pass, [&](std::ptrdiff_t first, int height) {
      float* const to = y + first * out;
      pass.multiply(height, out, in, {x + first * in, in}, {pass.learned.data(), out}, to, out);
      add_row(bias, static_cast<std::size_t>(height), static_cast<std::size_t>(out), to);
    });
  }

  void backward(const Pass& pass, const Gradients& g) const override {
    const int in = shape_.in_features;
    const int out = shape_.out_features;
    const int all = height(pass);
    pass.team->run(part_count(in, kBlockColumns), [&](int /*member*/, int i) {
      const Range r = part(in, kBlockColumns, i);
      pass.multiply(r.size(), out, all, {g.x + r.begin, in, true}, {g.dy, out},
                    g.learned.data() + static_cast<std::ptrdiff_t>(r.begin) * out, out);
    });
    sum_rows(g.dy, static_cast<std::size_t>(all), static_cast<std::size_t>(out),
             g.learned.data() + weight(g.learned).size());
    if (g.dx == nullptr) return;
    for_each_piece(pass, [&](std::ptrdiff_t first, int height) {
      pass.multiply(height, in, out, {g.dy + first * out, out}, {pass.learned.data(), out, true},
                    g.dx + first * in, in);
    });
  }

  bool works_without_dx() const override { return true; }

 private:
  template <class T>
  std::span<T> weight(std::span<T> learned) const {
    return learned.first(learned.size() - static_cast<std::size_t>(shape_.out_features));
  }
  int height(const Pass& pass) const {
    return static_cast<int>(pass.rows * in_size() / static_cast<std::size_t>(shape_.in_features));
  }
  // f(first row, rows)
  template <class F>
  void for_each_piece(const Pass& pass, const F& f) const {
    const int all = height(pass);
    pass.team->run(piece_count(all), [&](int /*member*/, int i) {
      const Range r = piece(all, i);
      f(r.begin, r.size());
    });
  }

  Linear shape_;
};

}  // namespace

template <>
ModulePointer LayerFile<Linear>::make(const Linear& l, const Shape& in) {
  check_linear(l, in[in.count() - 1]);
  return std::make_shared<LinearModule>(l, in);
}

template <>
const LayerText* LayerFile<Linear>::text() {
  static const LayerText kText = {"linear",
                                  Linear{4, 8},
                                  {required<&Linear::in_features>("in_features"),
                                   required<&Linear::out_features>("out_features")}};
  return &kText;
}

}  // namespace actfn::nn
