#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace actfn::nn {

struct LossSum {
  double loss = 0;          // sum over rows of -log softmax(logits)[label], in nats
  std::size_t correct = 0;  // rows whose largest logit is the label's
};

// Softmax cross-entropy of logits [rows, classes] against one label a row, 0 <= label < classes.
// Throws Error where a label or a size is out of range.
LossSum cross_entropy(std::span<const float> logits, std::span<const std::uint8_t> labels);

// The same, and the gradient of the mean loss over the rows: (softmax - one hot) / rows.
// gradient may be logits.
LossSum cross_entropy(std::span<const float> logits, std::span<const std::uint8_t> labels,
                      std::span<float> gradient);

}  // namespace actfn::nn
