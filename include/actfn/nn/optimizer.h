// SPDX-License-Identifier: Apache-2.0
// Update rules. Weight decay acts on the parameters of Linear layers only: what other layers learn
// (prelu's slopes and the like, see layers.h) is not decayed.
#pragma once

#include <cstdint>
#include <memory>
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

/// Stochastic gradient descent in PyTorch's form. With the gradient g, to which weight_decay w is
/// added:
///   b = momentum b + g
///   w = w - lr b
struct Sgd {
  double lr = 1e-2;
  double momentum = 0;
  double weight_decay = 0;
};

/// An update rule, and its running averages for one network.
///
///     using namespace actfn::nn;
///     Sequential network{Linear{784, 128}, actfn::Relu{}, Linear{128, 10}};
///     Optimizer optimizer(Adam{.lr = 1e-4}, network);  // or Sgd{.lr = 0.1, .momentum = 0.9}
class Optimizer {
 public:
  /// Throws Error where a setting is out of range: "[adam] lr must be finite and positive, got 0".
  Optimizer(std::variant<Adam, Sgd> rule, const Sequential& network);
  Optimizer(Optimizer&&) noexcept;
  Optimizer& operator=(Optimizer&&) noexcept;
  ~Optimizer();

  /// Updates the parameters of the network by the gradients of its last backward(). Throws Error
  /// for a network with other parameters: "[optimizer] was made for another network than this one".
  void step(Sequential& network);

  struct State;  // private to src/nn

 private:
  friend class Sequential;
  std::unique_ptr<State> state_;
};

}  // namespace actfn::nn
