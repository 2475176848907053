// A feed-forward network of Linear layers and activations, trained without an allocation in a
// step.
#pragma once

#include <actfn/activation.h>
#include <actfn/nn/init.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <variant>
#include <vector>

namespace actfn::nn {

class Optimizer;

// y = x W + b; x [rows, in_features], W [in_features, out_features], b [out_features].
// (PyTorch stores the transpose of W.)
struct Linear {
  int in_features;
  int out_features;
};

using Layer = std::variant<Linear, Activation>;

// The parameters of one Linear, row-major float32.
struct LinearView {
  Linear shape;
  std::span<float> weight, bias;
  std::span<const float> weight_gradient, bias_gradient;  // of the last backward()
};

// auto net = nn::Sequential{nn::Linear{784, 128}, actfn::Gelu{}, nn::Linear{128, 10}};
//
// The bits of every result depend on the input and the parameters alone, not on the number of
// threads. Not safe for use by two threads at once.
class Sequential {
 public:
  // Throws Error where there is no Linear, a size is below 1, or the sizes of neighbours differ.
  explicit Sequential(const std::vector<Layer>& layers);
  template <class... L>
    requires(sizeof...(L) > 1)
  Sequential(L... layers) : Sequential(std::vector<Layer>{Layer(std::move(layers))...}) {}
  Sequential(Sequential&&) noexcept;
  Sequential& operator=(Sequential&&) noexcept;
  ~Sequential();

  int in_features() const;
  int out_features() const;
  std::size_t parameter_count() const;
  std::vector<LinearView> linears();

  // Draws all weights, from the seed alone, and sets the biases to 0.
  void initialize(Init init, std::uint64_t seed);

  // Threads that one pass may use, this one included; at first 1.
  void set_threads(int threads);

  // x [rows, in_features] to [rows, out_features]. The result lives in the network until the next
  // call; x must stay as it is until backward().
  std::span<const float> forward(std::span<const float> x);

  // dy [rows, out_features], the gradient of the loss by the last forward()'s result. Computes all
  // parameters' gradients.
  void backward(std::span<const float> dy);

  // The same, and moves the parameters at once, each block while it is in cache. The bits are
  // those of backward() and optimizer.step(*this). Gradients are not kept.
  void backward(std::span<const float> dy, Optimizer& optimizer);

  struct State;  // private to src/nn

 private:
  friend class Optimizer;
  std::unique_ptr<State> state_;
};

}  // namespace actfn::nn
