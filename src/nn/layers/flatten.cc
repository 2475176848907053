// SPDX-License-Identifier: Apache-2.0
#include "catalogue/error.h"
#include "nn/layers/text.h"
#include "nn/module.h"
#include "nn/pieces.h"

#include <vector>

namespace actfn::nn {
namespace {

class FlattenModule : public Module {
 public:
  FlattenModule(const Shape& in, const Shape& out) : Module(in, out) {}
  void forward(const Pass& pass, const float* x, float* y) const override {
    copy(*pass.team, pass.rows * in_size(), x, y);
  }
  void backward(const Pass& pass, const Gradients& g) const override {
    copy(*pass.team, pass.rows * in_size(), g.dy, g.dx);
  }
};

// Of the batch, whose dimension 0 must stay.
std::size_t dimension(std::string_view name, int number, const Shape& in) {
  const int all = static_cast<int>(in.count()) + 1;
  const int from_begin = number < 0 ? number + all : number;
  if (from_begin >= 1 && from_begin < all) return static_cast<std::size_t>(from_begin);
  fail("flatten",
       {name, " must be from 1 to ", all - 1, " or from ", 1 - all, " to -1, got ", number});
}

Shape flattened(const Flatten& l, const Shape& in) {
  const std::size_t start = dimension("start_dim", l.start_dim, in);
  const std::size_t end = dimension("end_dim", l.end_dim, in);
  if (start > end) fail("flatten", {"start_dim must not be behind end_dim"});
  std::vector<std::size_t> lengths(in.begin(), in.begin() + start);
  for (std::size_t i = start; i < end; ++i) lengths.back() *= in[i];
  lengths.insert(lengths.end(), in.begin() + end, in.end());
  return Shape(lengths);
}

}  // namespace

template <>
ModulePointer LayerFile<Flatten>::make(const Flatten& l, const Shape& in) {
  return std::make_shared<FlattenModule>(in, flattened(l, in));
}

template <>
const LayerText* LayerFile<Flatten>::text() {
  static const LayerText kText = {
      "flatten",
      Flatten{},
      {optional<&Flatten::start_dim>("start_dim"), optional<&Flatten::end_dim>("end_dim")}};
  return &kText;
}

}  // namespace actfn::nn
