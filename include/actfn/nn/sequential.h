// SPDX-License-Identifier: Apache-2.0
// A feed-forward network. If it has only Linear layers and elementwise activations, a training step
// on a batch of a size that it has seen before does not call operator new.
#pragma once

#include <actfn/nn/init.h>
#include <actfn/nn/layers.h>
#include <actfn/nn/parameter.h>
#include <actfn/threads.h>

#include <concepts>
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

/// A network of layers, one after the other. Its input has the shape that is given first, or what
/// the first Linear takes:
///
///     using namespace actfn::nn;
///     Sequential lenet({1, 28, 28}, Conv2d{1, 6, 5}, actfn::Relu{}, MaxPool2d{2},
///                      Conv2d{6, 16, 5}, actfn::Relu{}, MaxPool2d{2}, Flatten{},
///                      Linear{256, 120}, actfn::Relu{}, Linear{120, 10});
///
/// One training step:
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
  /// For samples of a shape of 1 to 7 dimensions. Throws Error as above, but no Linear is needed:
  /// "[sequential] conv2d takes 3 channels where 1 come in".
  Sequential(const Shape& in, const std::vector<Layer>& layers);
  template <class... L>
    requires(sizeof...(L) > 1 && (std::constructible_from<Layer, L> && ...))
  Sequential(L... layers) : Sequential(std::vector<Layer>{Layer(std::move(layers))...}) {}
  template <class... L>
    requires(sizeof...(L) > 0 && (std::constructible_from<Layer, L> && ...))
  Sequential(const Shape& in, L... layers)
      : Sequential(in, std::vector<Layer>{Layer(std::move(layers))...}) {}
  Sequential(Sequential&&) noexcept;
  Sequential& operator=(Sequential&&) noexcept;
  ~Sequential();

  /// The elements of the samples that forward() takes and gives, and the number of learned
  /// numbers.
  int in_features() const;
  int out_features() const;
  std::size_t parameter_count() const;
  /// The layers that it was made of; learned ones with their first values.
  std::vector<Layer> layers() const;
  /// The shapes of the samples.
  Shape in_shape() const;
  Shape out_shape() const;
  /// Views of the parameters, in the order of the layers; write through them to set weights.
  std::vector<LinearView> linears();
  std::vector<LearnedView> learned();
  /// The same numbers and their gradients by the names that PyTorch gives them, in the order of the
  /// layers: "0.weight" [out_features, in_features], which lies in memory as its transpose,
  /// "0.bias", prelu's slopes "1.weight". PyTorch has no name for what other functions learn:
  /// "1.values". A layer inside of a Residual has its index there, "3.1.weight"; one of a Parallel
  /// its branch and its index, "3.0.1.weight". They stay valid when the network is moved.
  ///
  ///     using namespace actfn::nn;
  ///     Sequential network{Linear{784, 128}, actfn::Gelu{}, Linear{128, 10}};
  ///     for (const Parameter& p : network.parameters()) std::cout << p.name << '\n';
  std::vector<Parameter> parameters();
  /// What layers keep between passes and do not learn, with no gradients: the running statistics of
  /// BatchNorm1d and BatchNorm2d, "1.running_mean", "1.running_var" and "1.num_batches_tracked".
  std::vector<Parameter> buffers();

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
  /// valid until the next call, which it must not be an input of. x must not change before
  /// backward(). Throws Error: "[sequential] x has 10 elements, which are no whole rows of 784",
  /// "[sequential] x overlaps the result of the last forward()".
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
