// A feed-forward network of Linear layers and what stands between them, trained without an
// allocation in a step where that is activations.
#pragma once

#include <actfn/nn/init.h>
#include <actfn/nn/layers.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <variant>
#include <vector>

namespace actfn::nn {

class Optimizer;

// The parameters of one Linear, row-major float32.
struct LinearView {
  Linear shape;
  std::span<float> weight, bias;
  std::span<const float> weight_gradient, bias_gradient;  // of the last backward()
};

// What is learned by a layer that is no Linear: prelu's slopes, the parameters of a Learnable.
struct LearnedView {
  std::size_t layer;  // its place among the network's layers
  std::span<float> values;
  std::span<const float> gradients;  // of the last backward()
};

// auto net = nn::Sequential{nn::Linear{784, 128}, actfn::Gelu{}, nn::Linear{128, 10}};
//
// The bits of every result depend on the input and the parameters alone, not on the number of
// threads. Not safe for use by two threads at once.
class Sequential {
 public:
  // Throws Error where there is no Linear, a size is below 1, the sizes of neighbours differ, or a
  // layer's parameters are out of range.
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
  std::vector<LearnedView> learned();

  // Draws all weights, from the seed alone, and sets the biases to 0 and what else is learned to
  // its first values. RandomActivations draw from the seed from now on, each pass anew.
  void initialize(Init init, std::uint64_t seed);

  // RandomActivations draw while a network is trained, as it is at first, and take their mean
  // (evaluated()) while it is not.
  void set_training(bool training);

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
