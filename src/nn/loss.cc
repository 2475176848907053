// SPDX-License-Identifier: Apache-2.0
#include <actfn/error.h>
#include <actfn/nn/loss.h>

#include "catalogue/float_environment.h"
#include "nn/vector_ops.h"

#include <string>

namespace actfn::nn {
namespace {

std::size_t check(std::span<const float> logits, std::span<const std::uint32_t> labels) {
  if (labels.empty() || logits.empty() || logits.size() % labels.size() != 0) {
    throw Error("[cross_entropy] " + std::to_string(logits.size()) +
                " logits are no whole rows for " + std::to_string(labels.size()) + " labels");
  }
  const std::size_t classes = logits.size() / labels.size();
  for (std::size_t r = 0; r < labels.size(); ++r) {
    if (labels[r] < classes) continue;
    throw Error("[cross_entropy] label " + std::to_string(labels[r]) + " of row " +
                std::to_string(r) + " is not below the number of classes, " +
                std::to_string(classes));
  }
  return classes;
}

LossSum sum(std::span<const float> logits, std::span<const std::uint32_t> labels, float* gradient) {
  const FloatEnvironment environment;
  const std::size_t classes = check(logits, labels);
  const float scale = 1.0F / static_cast<float>(labels.size());
  LossSum total;
  for (std::size_t r = 0; r < labels.size(); ++r) {
    const std::size_t at = r * classes;
    const RowLoss row = row_cross_entropy(logits.data() + at, classes, labels[r], scale,
                                          gradient == nullptr ? nullptr : gradient + at);
    total.loss += row.loss;
    total.correct += row.correct ? 1 : 0;
  }
  return total;
}

}  // namespace

LossSum cross_entropy(std::span<const float> logits, std::span<const std::uint32_t> labels) {
  return sum(logits, labels, nullptr);
}

LossSum cross_entropy(std::span<const float> logits, std::span<const std::uint32_t> labels,
                      std::span<float> gradient) {
  if (gradient.size() != logits.size()) {
    throw Error("[cross_entropy] gradient has " + std::to_string(gradient.size()) +
                " elements, logits has " + std::to_string(logits.size()));
  }
  return sum(logits, labels, gradient.data());
}

}  // namespace actfn::nn
