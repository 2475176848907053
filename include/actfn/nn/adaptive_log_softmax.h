// SPDX-License-Identifier: Apache-2.0
// A softmax for very many classes, of which a few are frequent.
#pragma once

#include <actfn/nn/parameter.h>
#include <actfn/threads.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace actfn::nn {

/// What AdaptiveLogSoftmaxWithLoss takes besides sizes and cutoffs.
struct AdaptiveLogSoftmaxOptions {
  double div_value = 4;        ///< how much fewer features each cluster has than the one before it
  bool head_bias = false;      ///< whether the head adds a bias
  double label_smoothing = 0;  ///< e from 0 to 1; see below
};

/// The log-probabilities of the targets, and the loss.
struct AdaptiveLogSoftmaxResult {
  std::span<const float> output;  ///< [rows]; memory of the module, valid until the next forward()
  double loss = 0;                ///< the mean of -output where label_smoothing is 0
};

/// Adaptive softmax: Grave et al. 2016, arXiv:1609.04309; PyTorch's nn.AdaptiveLogSoftmaxWithLoss.
///
/// Classes must be numbered by frequency, the most frequent one 0. The first cutoff classes are in
/// the head. Cluster i has the classes from cutoffs[i] to cutoffs[i + 1] - 1, or n_classes - 1. The
/// head is a softmax over its own classes and one entry for each cluster; cluster i is a softmax
/// over its classes, of in_features // div_value^(i + 1) features:
///
///   log p(c) = log_softmax(head(x))[c]                                      c in the head
///   log p(c) = log_softmax(head(x))[cutoffs[0] + i] + log_softmax(tail.i(x))[c]  c in cluster i
///
/// Training computes a cluster for the rows whose target is in it alone. That is fast if these are
/// few, so the order of the classes decides: with classes in any other order most rows have their
/// target in the largest clusters.
///
/// label_smoothing e is that of PyTorch's cross_entropy. The loss is then the mean over rows of
///
///   -(1 - e) log p(target) - e / n_classes * (sum over all classes c of log p(c))
///
/// which needs each cluster for every row: a step then costs nearly as much as without clusters.
///
///     using namespace actfn::nn;
///     AdaptiveLogSoftmaxWithLoss softmax(1024, 100000, {2000, 10000});
///     softmax.initialize(1);
///     const std::vector<float> hidden(32 * 1024);     // 32 rows
///     const std::vector<std::uint32_t> targets(32);
///     const double loss = softmax.forward(hidden, targets).loss;
///     const auto gradient = softmax.backward();       // by `hidden`
///
/// The bits of every result do not depend on the number of threads, and with
/// set_reproducible(true) not on the instruction set either. Two threads must not use one module
/// at once.
class AdaptiveLogSoftmaxWithLoss {
 public:
  /// Throws Error where
  ///   sizes are too small    "[adaptive_log_softmax] n_classes must be at least 2, got 1"
  ///   or too large
  ///    "[adaptive_log_softmax] in_features and n_classes must be at most 2^30 - 1, got 2000000000"
  ///   there is no cutoff     "[adaptive_log_softmax] there must be a cutoff"
  ///   one is out of range    "[adaptive_log_softmax] cutoff 0 is 10, cutoffs are from 1 to 9"
  ///   they do not ascend     "[adaptive_log_softmax] cutoff 1 is 3, it must be above cutoff 0, 5"
  ///   div_value is not finite and positive, or label_smoothing not from 0 to 1
  ///   a cluster gets no feature
  ///    "[adaptive_log_softmax] cluster 2 has no features: 16 // div_value^3 is 0 with div_value 4"
  AdaptiveLogSoftmaxWithLoss(int in_features, int n_classes, const std::vector<int>& cutoffs,
                             const AdaptiveLogSoftmaxOptions& options = {});
  AdaptiveLogSoftmaxWithLoss(AdaptiveLogSoftmaxWithLoss&&) noexcept;
  AdaptiveLogSoftmaxWithLoss& operator=(AdaptiveLogSoftmaxWithLoss&&) noexcept;
  ~AdaptiveLogSoftmaxWithLoss();

  int in_features() const;
  int n_classes() const;

  /// Views of the parameters, with PyTorch's names and shapes, so that a state_dict() loads both
  /// ways: head.weight [cutoffs[0] + clusters, in_features], head.bias, and for cluster i
  /// tail.i.0.weight [features, in_features] and tail.i.1.weight [classes, features]. They are 0
  /// at first.
  std::vector<Parameter> parameters();

  /// Draws all parameters as PyTorch does: from the uniform distribution on ±1 / sqrt(fan_in), the
  /// bias of the head included.
  void initialize(std::uint64_t seed);

  /// As Sequential::set_threads(). No bit of a result depends on it.
  /// Throws Error: "[adaptive_log_softmax] threads must be from 1 to 1024, got 0".
  void set_threads(int threads, const Executor* executor = nullptr);

  /// As Sequential::set_reproducible(): whether matrix products add in one fixed order, so that
  /// results, gradients and, from them, learned parameters have the same bits on every instruction
  /// set. At first it is false. It may be called between any two passes.
  void set_reproducible(bool reproducible);

  /// From x [rows, in_features], or one sample, and a target for each row. backward() needs neither
  /// of them: the module keeps copies. Throws Error: "[adaptive_log_softmax] x has 10 elements,
  /// which are no whole rows of 16", "[adaptive_log_softmax] x has 4 rows, targets has 3 elements",
  /// "[adaptive_log_softmax] target 3 is 12, classes are 0 to 9".
  AdaptiveLogSoftmaxResult forward(std::span<const float> x,
                                   std::span<const std::uint32_t> targets);

  /// Computes the gradients of factor * loss of the last forward() by all parameters, and returns
  /// that by x, [rows, in_features]; it is memory of the module and valid until the next call. A
  /// cluster that got no target has gradients of 0; PyTorch gives None.
  /// Throws Error: "[adaptive_log_softmax] there is no forward() before backward()",
  /// "[adaptive_log_softmax] factor must be finite, got nan".
  std::span<const float> backward(double factor = 1);

  /// The same from the gradient of a loss by `output`, [rows].
  /// Throws Error: "[adaptive_log_softmax] dy has 3 elements, the last forward() gave 4".
  std::span<const float> backward(std::span<const float> dy);

  /// The log-probabilities of all classes, into y [rows, n_classes]. Throws Error for x as
  /// forward(); "[adaptive_log_softmax] y has 10 elements, 40 are needed";
  /// "[adaptive_log_softmax] y overlaps x".
  void log_prob(std::span<const float> x, std::span<float> y);

  /// The most probable class of each row, the first of several. It computes a cluster only for the
  /// rows where its entry in the head is more probable than all classes before it.
  std::vector<std::uint32_t> predict(std::span<const float> x);

  struct State;  // private to src/nn

 private:
  std::unique_ptr<State> state_;
};

}  // namespace actfn::nn
