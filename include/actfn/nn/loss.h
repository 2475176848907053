// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace actfn::nn {

/// The result of a loss. Divide by the number of rows for the mean loss and the accuracy.
struct LossSum {
  double loss = 0;          ///< the sum over rows, of cross_entropy() in nats
  std::size_t correct = 0;  ///< the number of rows whose largest logit is that of the label
};

/// Softmax cross-entropy of logits [rows, classes], row-major. There is one label for each row,
/// from 0 to classes - 1; the number of labels gives the number of rows. With a label_smoothing
/// above 0, the loss of a row is the sum over classes c of -target[c] log softmax(logits)[c], where
///   target = (1 - label_smoothing) one_hot + label_smoothing / classes
/// as in PyTorch; Szegedy et al. 2015, arXiv:1512.00567. Throws Error: "[cross_entropy] 10 logits
/// are no whole rows for 4 labels", "[cross_entropy] label 7 of row 0 is not below the number of
/// classes, 3", "[cross_entropy] label_smoothing must be in [0, 1], got 2".
///
///     std::vector<float> logits(32 * 10), gradient(32 * 10);
///     const auto loss = actfn::nn::cross_entropy(logits, labels, gradient);
///     std::cout << loss.loss / 32 << '\n';
///     actfn::nn::cross_entropy(logits, labels, gradient, 0.1);  // label_smoothing
LossSum cross_entropy(std::span<const float> logits, std::span<const std::uint32_t> labels,
                      double label_smoothing = 0);

/// The same, and the gradient of the mean loss with respect to the logits: (softmax - target) /
/// rows, where target is one_hot without label_smoothing. gradient has the size of logits and may
/// be logits itself.
LossSum cross_entropy(std::span<const float> logits, std::span<const std::uint32_t> labels,
                      std::span<float> gradient, double label_smoothing = 0);

/// The sum of (y - target)^2 over all elements, in double; correct is 0. Divide by the number of
/// elements for the mean. Throws Error: "[squared_error] y has 4 elements, targets has 3".
///
///     std::vector<float> y(32), targets(32), gradient(32);
///     const auto loss = actfn::nn::squared_error(y, targets, gradient);
///     std::cout << loss.loss / 32 << '\n';
LossSum squared_error(std::span<const float> y, std::span<const float> targets);

/// The same, and the gradient of the mean with respect to y: 2 (y - target) / n for n elements.
/// gradient has the size of y and may be y itself.
LossSum squared_error(std::span<const float> y, std::span<const float> targets,
                      std::span<float> gradient);

}  // namespace actfn::nn
