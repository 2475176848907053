#pragma once

#include <cstdint>
#include <memory>
#include <variant>

namespace actfn::nn {

class Sequential;

// Decay is for Linears: what other layers learn (prelu's slopes) is moved without, see layers.h.

// Kingma & Ba 2014, arXiv:1412.6980, in PyTorch's form. With the gradient g (weight_decay * w
// added), step t:
//   m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2
//   w -= lr / (1 - beta1^t) * m / (sqrt(v / (1 - beta2^t)) + eps)
struct Adam {
  double lr = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;  // Keras: 1e-7
  double weight_decay = 0;
};

// b = momentum b + g;  w -= lr b, with weight_decay * w added to g; PyTorch's form.
struct Sgd {
  double lr = 1e-2;
  double momentum = 0;
  double weight_decay = 0;
};

// An update rule and its running averages, for one network.
class Optimizer {
 public:
  // Throws Error where a setting is out of range: "[adam] lr must be finite and positive, got 0".
  Optimizer(std::variant<Adam, Sgd> rule, const Sequential& network);
  Optimizer(Optimizer&&) noexcept;
  Optimizer& operator=(Optimizer&&) noexcept;
  ~Optimizer();

  // Moves the parameters by the gradients of the last backward().
  void step(Sequential& network);

  struct State;  // private to src/nn

 private:
  friend class Sequential;
  std::unique_ptr<State> state_;
};

}  // namespace actfn::nn
