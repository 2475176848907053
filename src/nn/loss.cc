// SPDX-License-Identifier: Apache-2.0
#include <actfn/error.h>
#include <actfn/nn/loss.h>

#include "catalogue/error.h"
#include "catalogue/float_environment.h"
#include "catalogue/number.h"
#include "nn/vector_ops.h"

#include <string>

namespace actfn::nn {
namespace {

std::size_t check(std::span<const float> logits, std::span<const std::uint32_t> labels,
                  double label_smoothing) {
  const bool is_share = label_smoothing >= 0 && label_smoothing <= 1;
  if (!is_share) {
    fail("cross_entropy",
         {"label_smoothing must be in [0, 1], got ", write_number(label_smoothing)});
  }
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

LossSum sum(std::span<const float> logits, std::span<const std::uint32_t> labels, float* gradient,
            double label_smoothing) {
  const FloatEnvironment environment;
  const std::size_t classes = check(logits, labels, label_smoothing);
  const double scale = 1 / static_cast<double>(labels.size());
  LossSum total;
  for (std::size_t r = 0; r < labels.size(); ++r) {
    const std::size_t at = r * classes;
    const RowLoss row = row_cross_entropy(logits.data() + at, classes, {labels[r], label_smoothing},
                                          scale, gradient == nullptr ? nullptr : gradient + at);
    total.loss += row.loss;
    total.correct += row.correct ? 1 : 0;
  }
  return total;
}

void require_size(const char* who, const char* name, std::size_t got, const char* other,
                  std::size_t want) {
  if (got == want) return;
  throw Error(std::string("[") + who + "] " + name + " has " + std::to_string(got) + " elements, " +
              other + " has " + std::to_string(want));
}

}  // namespace

LossSum cross_entropy(std::span<const float> logits, std::span<const std::uint32_t> labels,
                      double label_smoothing) {
  return sum(logits, labels, nullptr, label_smoothing);
}

LossSum cross_entropy(std::span<const float> logits, std::span<const std::uint32_t> labels,
                      std::span<float> gradient, double label_smoothing) {
  require_size("cross_entropy", "gradient", gradient.size(), "logits", logits.size());
  return sum(logits, labels, gradient.data(), label_smoothing);
}

LossSum squared_error(std::span<const float> y, std::span<const float> targets) {
  const FloatEnvironment environment;
  require_size("squared_error", "y", y.size(), "targets", targets.size());
  LossSum total;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double error = static_cast<double>(y[i]) - static_cast<double>(targets[i]);
    total.loss += error * error;
  }
  return total;
}

LossSum squared_error(std::span<const float> y, std::span<const float> targets,
                      std::span<float> gradient) {
  require_size("squared_error", "gradient", gradient.size(), "y", y.size());
  const LossSum total = squared_error(y, targets);
  const FloatEnvironment environment;
  const double scale = 2 / static_cast<double>(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double error = static_cast<double>(y[i]) - static_cast<double>(targets[i]);
    gradient[i] = static_cast<float>(scale * error);
  }
  return total;
}

}  // namespace actfn::nn
