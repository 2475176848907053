// SPDX-License-Identifier: Apache-2.0
#include "nn/module.h"

#include <actfn/elementwise.h>
#include <actfn/grouped.h>
#include <actfn/learnable.h>

#include "catalogue/error.h"
#include "nn/learned_parameters.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace actfn::nn {
namespace {

// Features of a layer's output; Error unless they divide.
int divided(std::string_view who, int in, int by) {
  if (in % by == 0) return in / by;
  fail("sequential", {who, " needs a multiple of ", by, " features, ", in, " come in"});
}

int doubled(std::string_view who, int in) {
  constexpr int kMost = std::numeric_limits<int>::max();
  if (in <= kMost / 2) return 2 * in;
  fail("sequential", {who, " gives more than ", kMost, " features for ", in});
}

class GateModule : public Module {
 public:
  GateModule(const Gate& gate, int in) : Module(in, divided(to_string(gate), in, 2)), gate_(gate) {}
  void forward(const Pass& pass, const float* x, float* y) const override {
    actfn::forward(gate_, in_rows(pass, x), 1, out_rows(pass, y));
  }
  void backward(const Pass& pass, const float* x, const float* /*y*/, const float* dy, float* dx,
                std::span<float> /*gradients*/) const override {
    actfn::backward(gate_, in_rows(pass, x), out_rows(pass, dy), 1, in_rows(pass, dx));
  }

 private:
  Gate gate_;
};

class RowModule : public Module {
 public:
  RowModule(const RowActivation& f, int in) : Module(in, in), f_(f) {}
  void forward(const Pass& pass, const float* x, float* y) const override {
    actfn::forward(f_, in_rows(pass, x), 1, out_rows(pass, y));
  }
  void backward(const Pass& pass, const float* /*x*/, const float* y, const float* dy, float* dx,
                std::span<float> /*gradients*/) const override {
    actfn::backward(f_, in_rows(pass, y), in_rows(pass, dy), 1, in_rows(pass, dx));
  }

 private:
  RowActivation f_;
};

// A batch's rows become one feature.
class ReductionModule : public Module {
 public:
  ReductionModule(const RowReduction& f, int in) : Module(in, 1), f_(f) {}
  void forward(const Pass& pass, const float* x, float* y) const override {
    actfn::forward(f_, in_rows(pass, x), 1, out_rows(pass, y));
  }
  void backward(const Pass& pass, const float* x, const float* /*y*/, const float* dy, float* dx,
                std::span<float> /*gradients*/) const override {
    actfn::backward(f_, in_rows(pass, x), out_rows(pass, dy), 1, in_rows(pass, dx));
  }

 private:
  RowReduction f_;
};

class RandomModule : public Module {
 public:
  RandomModule(const RandomActivation& f, int in)
      : Module(in, in), f_(f), evaluated_(evaluated(f)) {}
  void forward(const Pass& pass, const float* x, float* y) const override {
    const std::size_t n = size(pass);
    if (pass.training) {
      actfn::forward(f_, ConstTensor(x, n), pass.noise, Tensor(y, n));
    } else {
      actfn::forward(evaluated_, ConstTensor(x, n), Tensor(y, n));
    }
  }
  void backward(const Pass& pass, const float* x, const float* /*y*/, const float* dy, float* dx,
                std::span<float> /*gradients*/) const override {
    const std::size_t n = size(pass);
    if (pass.training) {
      actfn::backward(f_, ConstTensor(x, n), ConstTensor(dy, n), pass.noise, Tensor(dx, n));
    } else {
      actfn::backward(evaluated_, ConstTensor(x, n), ConstTensor(dy, n), Tensor(dx, n));
    }
  }

 private:
  std::size_t size(const Pass& pass) const {
    return pass.rows * static_cast<std::size_t>(in_features());
  }

  RandomActivation f_;
  Activation evaluated_;
};

class RandomRowModule : public Module {
 public:
  RandomRowModule(const RandomRow& f, int in) : Module(in, in), f_(f), evaluated_(evaluated(f)) {}
  void forward(const Pass& pass, const float* x, float* y) const override {
    if (pass.training) {
      actfn::forward(f_, in_rows(pass, x), 1, pass.noise, out_rows(pass, y));
    } else {
      actfn::forward(evaluated_, in_rows(pass, x), 1, out_rows(pass, y));
    }
  }
  void backward(const Pass& pass, const float* x, const float* y, const float* dy, float* dx,
                std::span<float> /*gradients*/) const override {
    if (pass.training) {
      actfn::backward(f_, in_rows(pass, x), in_rows(pass, dy), 1, pass.noise, in_rows(pass, dx));
    } else {
      actfn::backward(evaluated_, in_rows(pass, y), in_rows(pass, dy), 1, in_rows(pass, dx));
    }
  }

 private:
  RandomRow f_;
  RowActivation evaluated_;
};

class PReluModule : public Module {
 public:
  PReluModule(const Prelu& p, int in) : Module(in, in), p_(p) {
    if (p.num_parameters != 1 && p.num_parameters != in) {
      fail("sequential", {"prelu's num_parameters must be 1 or the number of features, ", in,
                          ", got ", p.num_parameters});
    }
  }
  std::size_t parameter_count() const override {
    return static_cast<std::size_t>(p_.num_parameters);
  }
  void initialize(std::span<float> learned) const override {
    for (float& slope : learned) slope = static_cast<float>(p_.init);
  }
  void forward(const Pass& pass, const float* x, float* y) const override {
    prelu(in_rows(pass, x), pass.learned, in_rows(pass, y));
  }
  void backward(const Pass& pass, const float* x, const float* /*y*/, const float* dy, float* dx,
                std::span<float> gradients) const override {
    prelu_backward(in_rows(pass, x), pass.learned, in_rows(pass, dy), in_rows(pass, dx), gradients);
  }

 private:
  Prelu p_;
};

class LearnableModule : public Module {
 public:
  LearnableModule(const Learnable& layer, int in) : Module(in, in), parameters_(layer.activation) {}
  std::size_t parameter_count() const override { return parameters_.count(); }
  void initialize(std::span<float> learned) const override { parameters_.initialize(learned); }
  void forward(const Pass& pass, const float* x, float* y) const override {
    const std::size_t n = size(pass);
    if (diverged(pass)) return fill_nan({y, n});
    actfn::forward(parameters_.with(pass.learned), ConstTensor(x, n), Tensor(y, n));
  }
  void backward(const Pass& pass, const float* x, const float* /*y*/, const float* dy, float* dx,
                std::span<float> gradients) const override {
    const std::size_t n = size(pass);
    if (diverged(pass)) {
      fill_nan({dx, n});
      return fill_nan(gradients);
    }
    parameters_.gradient(pass.learned, {x, n}, {dy, n}, gradients);
    actfn::backward(parameters_.with(pass.learned), ConstTensor(x, n), ConstTensor(dy, n),
                    Tensor(dx, n));
  }

 private:
  std::size_t size(const Pass& pass) const {
    return pass.rows * static_cast<std::size_t>(in_features());
  }
  // No activation takes such parameters. A Linear with such weights gives NaN.
  static bool diverged(const Pass& pass) {
    return !std::ranges::all_of(pass.learned, [](float raw) { return std::isfinite(raw); });
  }
  static void fill_nan(std::span<float> all) {
    std::ranges::fill(all, std::numeric_limits<float>::quiet_NaN());
  }

  LearnedParameters parameters_;
};

class CreluModule : public Module {
 public:
  explicit CreluModule(int in) : Module(in, doubled("crelu", in)) {}
  void forward(const Pass& pass, const float* x, float* y) const override {
    crelu(in_rows(pass, x), 1, out_rows(pass, y));
  }
  void backward(const Pass& pass, const float* x, const float* /*y*/, const float* dy, float* dx,
                std::span<float> /*gradients*/) const override {
    crelu_backward(in_rows(pass, x), out_rows(pass, dy), 1, in_rows(pass, dx));
  }
};

class MaxoutModule : public Module {
 public:
  MaxoutModule(const Maxout& m, int in)
      : Module(in, divided("maxout", in, m.group)), group_(static_cast<std::size_t>(m.group)) {}
  void forward(const Pass& pass, const float* x, float* y) const override {
    maxout(in_rows(pass, x), 1, group_, out_rows(pass, y));
  }
  void backward(const Pass& pass, const float* x, const float* /*y*/, const float* dy, float* dx,
                std::span<float> /*gradients*/) const override {
    maxout_backward(in_rows(pass, x), out_rows(pass, dy), 1, group_, in_rows(pass, dx));
  }

 private:
  std::size_t group_;
};

using Pointer = std::shared_ptr<const Module>;

Pointer module_of(const Activation& /*f*/, int /*in*/) { return nullptr; }
Pointer module_of(const Gate& f, int in) { return std::make_shared<GateModule>(f, in); }
Pointer module_of(const RowActivation& f, int in) { return std::make_shared<RowModule>(f, in); }
Pointer module_of(const RowReduction& f, int in) {
  return std::make_shared<ReductionModule>(f, in);
}
Pointer module_of(const RandomActivation& f, int in) {
  return std::make_shared<RandomModule>(f, in);
}
Pointer module_of(const RandomRow& f, int in) { return std::make_shared<RandomRowModule>(f, in); }
Pointer module_of(const Prelu& f, int in) { return std::make_shared<PReluModule>(f, in); }
Pointer module_of(const Learnable& f, int in) { return std::make_shared<LearnableModule>(f, in); }
Pointer module_of(const Crelu& /*f*/, int in) { return std::make_shared<CreluModule>(in); }
Pointer module_of(const Maxout& f, int in) { return std::make_shared<MaxoutModule>(f, in); }
template <class... F>  // a list of these, or of their lists
Pointer module_of(const std::variant<F...>& f, int in) {
  return std::visit([in](const auto& one) { return module_of(one, in); }, f);
}

}  // namespace

std::shared_ptr<const Module> make_module(const Function& f, int in) {
  validate(f);
  return module_of(f, in);
}

}  // namespace actfn::nn
