// SPDX-License-Identifier: Apache-2.0
// Update rules. Weight decay acts on the parameters that Parameter::decayed names: of a Sequential
// those of Linear layers. What its other layers learn (prelu's slopes and the like, see layers.h)
// is not decayed.
#pragma once

#include <actfn/nn/parameter.h>

#include <cstdint>
#include <memory>
#include <span>
#include <variant>

namespace actfn::nn {

class Sequential;

/// Adam in PyTorch's form. With the gradient g, to which weight_decay w is added, at step t:
///   m = beta1 m + (1 - beta1) g
///   v = beta2 v + (1 - beta2) g^2
///   w = w - lr / (1 - beta1^t) m / (sqrt(v / (1 - beta2^t)) + eps)
/// Kingma & Ba 2014, arXiv:1412.6980. Keras' default of eps is 1e-7.
struct Adam {
  double lr = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 0;
};

/// Adam with decoupled weight decay, in PyTorch's form. With the gradient g, at step t:
///   m = beta1 m + (1 - beta1) g
///   v = beta2 v + (1 - beta2) g^2
///   w = w - lr weight_decay w - lr / (1 - beta1^t) m / (sqrt(v / (1 - beta2^t)) + eps)
/// Loshchilov & Hutter 2019, arXiv:1711.05101.
struct AdamW {
  double lr = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 1e-2;
};

/// Stochastic gradient descent in PyTorch's form. With the gradient g, to which weight_decay w is
/// added:
///   b = momentum b + (1 - dampening) g, in the first step g
///   w = w - lr b, with nesterov w - lr (g + momentum b)
/// Without momentum, dampening has no effect. nesterov is for a momentum above 0 and a dampening
/// of 0. Sutskever et al. 2013, ICML.
struct Sgd {
  double lr = 1e-2;
  double momentum = 0;
  double weight_decay = 0;
  double dampening = 0;
  bool nesterov = false;
};

/// Any update rule.
using UpdateRule = std::variant<Adam, AdamW, Sgd>;

/// An update rule, and its running averages for one network.
///
///     using namespace actfn::nn;
///     Sequential network{Linear{784, 128}, actfn::Relu{}, Linear{128, 10}};
///     Optimizer optimizer(AdamW{.lr = 1e-4}, network);  // or Sgd{.lr = 0.1, .momentum = 0.9}
///
/// It can also update the parameters of any modules, of several together too:
///
///     std::vector<float> weight(12), gradient(12);
///     const std::vector<actfn::nn::Parameter> parameters = {{"weight", {4, 3}, weight, gradient}};
///     actfn::nn::Optimizer optimizer(actfn::nn::Sgd{}, parameters);
///     optimizer.step(parameters);
class Optimizer {
 public:
  /// Throws Error where a setting is out of range: "[adam] lr must be finite and positive, got 0",
  /// "[sgd] nesterov needs a momentum above 0 and a dampening of 0, got 0 and 0".
  Optimizer(UpdateRule rule, const Sequential& network);
  /// The same, for parameters with these sizes, in this order. Throws Error, too, where a parameter
  /// has fewer or more gradients than values: "[optimizer] 0.bias has 10 values and 9 gradients".
  Optimizer(UpdateRule rule, std::span<const Parameter> parameters);
  Optimizer(Optimizer&&) noexcept;
  Optimizer& operator=(Optimizer&&) noexcept;
  ~Optimizer();

  /// The learning rate of the steps that follow; schedule.h computes one. Running averages stay.
  /// Throws Error: "[adam] lr must be finite and not negative, got -1".
  void set_lr(double lr);
  double lr() const;

  /// Updates the parameters of the network by the gradients of its last backward(). Throws Error
  /// for a network with other parameters: "[optimizer] was made for another network than this one".
  void step(Sequential& network);
  /// Updates parameters by their gradients. Throws Error for parameters of other sizes than those
  /// that the optimizer was made for: "[optimizer] was made for other parameters than these".
  void step(std::span<const Parameter> parameters);

  struct State;  // private to src/nn

 private:
  friend class Sequential;
  std::unique_ptr<State> state_;
};

}  // namespace actfn::nn
