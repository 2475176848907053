// SPDX-License-Identifier: Apache-2.0
// A feed-forward network. If it has only Linear layers and elementwise activations, a training step
// on a batch of a size that it has seen before does not call operator new.
#pragma once

#include <actfn/nn/init.h>
#include <actfn/nn/layers.h>
#include <actfn/threads.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <variant>
#include <vector>

namespace actfn::nn {

class Optimizer;
struct Architecture;  // layers that were checked; private to src
class Inside;         // what layers gave; private to src

/// The parameters of one Linear, row-major float32.
struct LinearView {
  Linear shape;
  std::span<float> weight, bias;
  std::span<const float> weight_gradient, bias_gradient;  ///< of the last backward()
};

/// The learned numbers of a layer that is not a Linear: prelu's slopes, a Learnable's parameters.
struct LearnedView {
  std::size_t layer;  ///< the index of the layer in the network
  std::span<float> values;
  std::span<const float> gradients;  ///< of the last backward()
};

/// A network of layers, one after the other. One training step:
///
///     using namespace actfn::nn;
///     Sequential network{Linear{784, 128}, actfn::Gelu{}, Linear{128, 10}};
///     network.initialize(Init::he_normal, 1);
///     Optimizer optimizer(Adam{}, network);
///     const auto logits = network.forward(images);  // 32 rows of 784
///     std::vector<float> gradient(logits.size());
///     cross_entropy(logits, labels, gradient);
///     network.backward(gradient, optimizer);
///
/// The bits of every result depend on the input and the parameters, not on the number of threads,
/// and with set_reproducible(true) not on the instruction set either.
/// Two threads must not use one network at once.
class Sequential {
 public:
  /// Throws Error where there is no Linear ("[sequential] there is no Linear layer"), sizes do not
  /// fit ("[sequential] a Linear takes 64 features where 128 come in"), or a parameter of a layer
  /// is out of range.
  explicit Sequential(const std::vector<Layer>& layers);
  explicit Sequential(const Architecture& architecture);
  template <class... L>
    requires(sizeof...(L) > 1)
  Sequential(L... layers) : Sequential(std::vector<Layer>{Layer(std::move(layers))...}) {}
  Sequential(Sequential&&) noexcept;
  Sequential& operator=(Sequential&&) noexcept;
  ~Sequential();

  /// The lengths of the rows that forward() takes and gives, and the number of learned numbers.
  int in_features() const;
  int out_features() const;
  std::size_t parameter_count() const;
  /// The layers that it was made of; learned ones with their first values.
  std::vector<Layer> layers() const;
  /// Views of the parameters, in the order of the layers; write through them to set weights.
  std::vector<LinearView> linears();
  std::vector<LearnedView> learned();

  /// Draws all weights from the seed, sets biases to 0, and sets other learned numbers to their
  /// first values. Random functions draw from this seed from now on, with other noise in each pass.
  void initialize(Init init, std::uint64_t seed);

  /// In training, which is the state at first, random functions draw; otherwise evaluated() takes
  /// their place.
  void set_training(bool training);

  /// Whether matrix products add in one fixed order, by kernels of our own, so that weights and
  /// results have the same bits on every instruction set. At first it is false: oneDNN computes the
  /// products, and their bits depend on the CPU. NaN is NaN everywhere, but may be another NaN. It
  /// may be called between any two passes:
  ///
  ///     using namespace actfn::nn;
  ///     Sequential network{Linear{784, 128}, actfn::Gelu{}, Linear{128, 10}};
  ///     network.set_reproducible(true);
  ///     network.initialize(Init::glorot_uniform, 1);
  void set_reproducible(bool reproducible);

  /// The number of threads that one pass may use, the caller's own included; 1 at first. They come
  /// from the pool that Threads describes, which has 64 at most, or from the executor, which must
  /// live as long as it is set. Throws Error: "[sequential] threads must be from 1 to 1024, got 0".
  void set_threads(int threads, const Executor* executor = nullptr);

  /// From x [rows, in_features] to [rows, out_features]. The result is memory of the network and is
  /// valid until the next call. x must not change before backward().
  /// Throws Error: "[sequential] x has 10 elements, which are no whole rows of 784".
  std::span<const float> forward(std::span<const float> x);

  /// Computes the gradients of all parameters from dy [rows, out_features], the gradient of the
  /// loss with respect to the result of the last forward().
  /// Throws Error: "[sequential] dy has 10 elements, the last forward() gave 320".
  void backward(std::span<const float> dy);

  /// The same, and updates each block of parameters while it is in cache. The bits are those of
  /// backward() and optimizer.step(*this). Gradients are not kept.
  void backward(std::span<const float> dy, Optimizer& optimizer);

  struct State;  // private to src/nn

 private:
  friend class Optimizer;
  friend class Inside;
  std::unique_ptr<State> state_;
};

}  // namespace actfn::nn
