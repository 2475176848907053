// SPDX-License-Identifier: Apache-2.0
// Functions of the catalogue as layers.
#include <actfn/elementwise.h>
#include <actfn/grouped.h>
#include <actfn/learnable.h>

#include "catalogue/error.h"
#include "kernels/evaluator.h"
#include "nn/cut.h"
#include "nn/learned_parameters.h"
#include "nn/module.h"
#include "nn/team.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace actfn::nn {
namespace {

// Features of a layer's output; Error unless they divide.
std::size_t divided(std::string_view who, const Shape& in, std::size_t by) {
  const std::size_t features = Features(in).count;
  if (features % by == 0) return features / by;
  fail("sequential", {who, " needs a multiple of ", by, " features, ", features, " come in"});
}

std::size_t doubled(std::string_view who, const Shape& in) {
  constexpr std::size_t kMost = std::numeric_limits<int>::max();
  const std::size_t features = Features(in).count;
  if (features <= kMost / 2) return 2 * features;
  fail("sequential", {who, " gives more than ", kMost, " features for ", features});
}

// Samples as tensors whose axis 1 is the features.
class FunctionModule : public Module {
 protected:
  explicit FunctionModule(const Shape& in) : FunctionModule(in, Features(in).count) {}
  FunctionModule(const Shape& in, std::size_t features) : Module(in, with_features(in, features)) {}

  std::size_t size(const Pass& pass) const { return pass.rows * in_size(); }
  ConstTensor in_rows(const Pass& pass, const float* x) const { return {x, shape(pass, in())}; }
  Tensor in_rows(const Pass& pass, float* x) const { return {x, shape(pass, in())}; }
  ConstTensor out_rows(const Pass& pass, const float* y) const { return {y, shape(pass, out())}; }
  Tensor out_rows(const Pass& pass, float* y) const { return {y, shape(pass, out())}; }

 private:
  static Shape shape(const Pass& pass, const Shape& sample) {
    const Features f(sample);
    const std::size_t rows = pass.rows * f.outer;
    return f.inner == 1 ? Shape{rows, f.count} : Shape{rows, f.count, f.inner};
  }
};

// Inside of other layers.
class ActivationModule : public FunctionModule {
 public:
  ActivationModule(const Activation& f, const Shape& in) : FunctionModule(in), f_(f) {}
  void forward(const Pass& pass, const float* x, float* y) const override {
    const kernels::Evaluator f(f_, Type::float32);
    in_pieces(pass, [&](std::size_t at, std::size_t n) {
      f.map(kernels::Order::value, x + at, y + at, n);
    });
  }
  void backward(const Pass& pass, const Gradients& g) const override {
    const kernels::Evaluator f(f_, Type::float32);
    in_pieces(pass, [&](std::size_t at, std::size_t n) {
      f.backward(kernels::Order::derivative, g.x + at, g.dy + at, g.dx + at, n);
    });
  }

 private:
  template <class F>
  void in_pieces(const Pass& pass, const F& f) const {
    const auto n = static_cast<int>(size(pass));
    pass.team->run(part_count(n, kPiece), [&](int /*member*/, int i) {
      const Range r = part(n, kPiece, i);
      f(static_cast<std::size_t>(r.begin), static_cast<std::size_t>(r.size()));
    });
  }

  Activation f_;
};

class GateModule : public FunctionModule {
 public:
  GateModule(const Gate& gate, const Shape& in)
      : FunctionModule(in, divided(to_string(gate), in, 2)), gate_(gate) {}
  void forward(const Pass& pass, const float* x, float* y) const override {
    actfn::forward(gate_, in_rows(pass, x), 1, out_rows(pass, y));
  }
  void backward(const Pass& pass, const Gradients& g) const override {
    actfn::backward(gate_, in_rows(pass, g.x), out_rows(pass, g.dy), 1, in_rows(pass, g.dx));
  }

 private:
  Gate gate_;
};

class RowModule : public FunctionModule {
 public:
  RowModule(const RowActivation& f, const Shape& in) : FunctionModule(in), f_(f) {}
  void forward(const Pass& pass, const float* x, float* y) const override {
    actfn::forward(f_, in_rows(pass, x), 1, out_rows(pass, y));
  }
  void backward(const Pass& pass, const Gradients& g) const override {
    actfn::backward(f_, in_rows(pass, g.y), in_rows(pass, g.dy), 1, in_rows(pass, g.dx));
  }

 private:
  RowActivation f_;
};

// A batch's rows become one feature.
class ReductionModule : public FunctionModule {
 public:
  ReductionModule(const RowReduction& f, const Shape& in) : FunctionModule(in, 1), f_(f) {}
  void forward(const Pass& pass, const float* x, float* y) const override {
    actfn::forward(f_, in_rows(pass, x), 1, out_rows(pass, y));
  }
  void backward(const Pass& pass, const Gradients& g) const override {
    actfn::backward(f_, in_rows(pass, g.x), out_rows(pass, g.dy), 1, in_rows(pass, g.dx));
  }

 private:
  RowReduction f_;
};

class RandomModule : public FunctionModule {
 public:
  RandomModule(const RandomActivation& f, const Shape& in)
      : FunctionModule(in), f_(f), evaluated_(evaluated(f)) {}
  void forward(const Pass& pass, const float* x, float* y) const override {
    const std::size_t n = size(pass);
    if (pass.training) {
      actfn::forward(f_, ConstTensor(x, n), pass.noise, Tensor(y, n));
    } else {
      actfn::forward(evaluated_, ConstTensor(x, n), Tensor(y, n));
    }
  }
  void backward(const Pass& pass, const Gradients& g) const override {
    const std::size_t n = size(pass);
    if (pass.training) {
      actfn::backward(f_, ConstTensor(g.x, n), ConstTensor(g.dy, n), pass.noise, Tensor(g.dx, n));
    } else {
      actfn::backward(evaluated_, ConstTensor(g.x, n), ConstTensor(g.dy, n), Tensor(g.dx, n));
    }
  }

 private:
  RandomActivation f_;
  Activation evaluated_;
};

class RandomRowModule : public FunctionModule {
 public:
  RandomRowModule(const RandomRow& f, const Shape& in)
      : FunctionModule(in), f_(f), evaluated_(evaluated(f)) {}
  void forward(const Pass& pass, const float* x, float* y) const override {
    if (pass.training) {
      actfn::forward(f_, in_rows(pass, x), 1, pass.noise, out_rows(pass, y));
    } else {
      actfn::forward(evaluated_, in_rows(pass, x), 1, out_rows(pass, y));
    }
  }
  void backward(const Pass& pass, const Gradients& g) const override {
    if (pass.training) {
      actfn::backward(f_, in_rows(pass, g.x), in_rows(pass, g.dy), 1, pass.noise,
                      in_rows(pass, g.dx));
    } else {
      actfn::backward(evaluated_, in_rows(pass, g.y), in_rows(pass, g.dy), 1, in_rows(pass, g.dx));
    }
  }

 private:
  RandomRow f_;
  RowActivation evaluated_;
};

class PReluModule : public FunctionModule {
 public:
  PReluModule(const Prelu& p, const Shape& in) : FunctionModule(in), p_(p) {
    const auto count = static_cast<std::size_t>(p.num_parameters);
    if (count != 1 && count != Features(in).count) {
      fail("sequential", {"prelu's num_parameters must be 1 or the number of features, ",
                          Features(in).count, ", got ", count});
    }
    learn({.name = "weight", .shape = {count}, .decayed = false});
  }
  void initialize(std::span<float> learned, WeightSource* /*source*/) const override {
    for (float& slope : learned) slope = static_cast<float>(p_.init);
  }
  void forward(const Pass& pass, const float* x, float* y) const override {
    prelu(in_rows(pass, x), pass.learned, in_rows(pass, y));
  }
  void backward(const Pass& pass, const Gradients& g) const override {
    prelu_backward(in_rows(pass, g.x), pass.learned, in_rows(pass, g.dy), in_rows(pass, g.dx),
                   g.learned);
  }

 private:
  Prelu p_;
};

class LearnableModule : public FunctionModule {
 public:
  LearnableModule(const Learnable& layer, const Shape& in)
      : FunctionModule(in), parameters_(layer.activation) {
    learn({.name = "values", .shape = {parameters_.count()}, .decayed = false});
  }
  void initialize(std::span<float> learned, WeightSource* /*source*/) const override {
    parameters_.initialize(learned);
  }
  void forward(const Pass& pass, const float* x, float* y) const override {
    const std::size_t n = size(pass);
    if (diverged(pass)) return fill_nan({y, n});
    actfn::forward(parameters_.with(pass.learned), ConstTensor(x, n), Tensor(y, n));
  }
  void backward(const Pass& pass, const Gradients& g) const override {
    const std::size_t n = size(pass);
    if (diverged(pass)) {
      fill_nan({g.dx, n});
      return fill_nan(g.learned);
    }
    parameters_.gradient(pass.learned, {g.x, n}, {g.dy, n}, g.learned);
    actfn::backward(parameters_.with(pass.learned), ConstTensor(g.x, n), ConstTensor(g.dy, n),
                    Tensor(g.dx, n));
  }

 private:
  // No activation takes such parameters. A Linear with such weights gives NaN.
  static bool diverged(const Pass& pass) {
    return !std::ranges::all_of(pass.learned, [](float raw) { return std::isfinite(raw); });
  }
  static void fill_nan(std::span<float> all) {
    std::ranges::fill(all, std::numeric_limits<float>::quiet_NaN());
  }

  LearnedParameters parameters_;
};

class CreluModule : public FunctionModule {
 public:
  explicit CreluModule(const Shape& in) : FunctionModule(in, doubled("crelu", in)) {}
  void forward(const Pass& pass, const float* x, float* y) const override {
    crelu(in_rows(pass, x), 1, out_rows(pass, y));
  }
  void backward(const Pass& pass, const Gradients& g) const override {
    crelu_backward(in_rows(pass, g.x), out_rows(pass, g.dy), 1, in_rows(pass, g.dx));
  }
};

class MaxoutModule : public FunctionModule {
 public:
  MaxoutModule(const Maxout& m, const Shape& in)
      : FunctionModule(in, divided("maxout", in, static_cast<std::size_t>(m.group))),
        group_(static_cast<std::size_t>(m.group)) {}
  void forward(const Pass& pass, const float* x, float* y) const override {
    maxout(in_rows(pass, x), 1, group_, out_rows(pass, y));
  }
  void backward(const Pass& pass, const Gradients& g) const override {
    maxout_backward(in_rows(pass, g.x), out_rows(pass, g.dy), 1, group_, in_rows(pass, g.dx));
  }

 private:
  std::size_t group_;
};

ModulePointer module_of(const Activation& f, const Shape& in) {
  return std::make_shared<ActivationModule>(f, in);
}
ModulePointer module_of(const Gate& f, const Shape& in) {
  return std::make_shared<GateModule>(f, in);
}
ModulePointer module_of(const RowActivation& f, const Shape& in) {
  return std::make_shared<RowModule>(f, in);
}
ModulePointer module_of(const RowReduction& f, const Shape& in) {
  return std::make_shared<ReductionModule>(f, in);
}
ModulePointer module_of(const RandomActivation& f, const Shape& in) {
  return std::make_shared<RandomModule>(f, in);
}
ModulePointer module_of(const RandomRow& f, const Shape& in) {
  return std::make_shared<RandomRowModule>(f, in);
}
ModulePointer module_of(const Prelu& f, const Shape& in) {
  return std::make_shared<PReluModule>(f, in);
}
ModulePointer module_of(const Learnable& f, const Shape& in) {
  return std::make_shared<LearnableModule>(f, in);
}
ModulePointer module_of(const Crelu& /*f*/, const Shape& in) {
  return std::make_shared<CreluModule>(in);
}
ModulePointer module_of(const Maxout& f, const Shape& in) {
  return std::make_shared<MaxoutModule>(f, in);
}
template <class... F>  // a list of these, or of their lists
ModulePointer module_of(const std::variant<F...>& f, const Shape& in) {
  return std::visit([&in](const auto& one) { return module_of(one, in); }, f);
}

}  // namespace

template <>
ModulePointer LayerFile<Function>::make(const Function& layer, const Shape& in) {
  validate(layer);
  return module_of(layer, in);
}

template <>
const LayerText* LayerFile<Function>::text() {
  return nullptr;
}

}  // namespace actfn::nn
