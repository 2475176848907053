// SPDX-License-Identifier: Apache-2.0
// A network with its optimizer and its samples: steps, and scores of parts.
#pragma once

#include <actfn/nn/nn.h>

#include "lab/batches.h"
#include "lab/sha256.h"
#include "lab/training.h"
#include "nn/buffer.h"

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace actfn::lab {

// Sums over samples.
struct Tally {
  nn::LossSum sum;
  std::size_t samples = 0;
  bool of_classes = true;

  void add(const nn::LossSum& loss, const Batch& batch);
  Score score() const;
};

// All learned numbers of a network, to go back to.
class Snapshot {
 public:
  void take(nn::Sequential& network);
  void restore(nn::Sequential& network) const;

 private:
  std::vector<float> values_;
};

// The gradients of the mean loss of some samples, in evaluation: nothing is learned from them.
// `gradient` gets that by what the network gives.
void differentiate(nn::Sequential& network, const Batch& batch, double label_smoothing,
                   nn::Buffer& gradient);

// Over the first samples, at most so many, in evaluation. `logits` gets what the network gives.
Score score_of(nn::Sequential& network, const data::Samples& samples, std::size_t most,
               double label_smoothing, const std::stop_token& stop, Sha256* logits = nullptr);

class Trainer {
 public:
  Trainer(const Plan& plan, const nn::Architecture& network, const Training& training,
          const Parts& parts);

  nn::Sequential& network() { return network_; }

  // One epoch: begin_epoch(), then each of the steps.
  void begin_epoch(int epoch);
  int steps() const { return train_.count(); }
  void step(int index, Tally& tally);

  // Of epoch 0: the first samples of the training part, as many as are held out. With the label
  // smoothing that the training has; validation and test have none.
  Score evaluate_first(const std::stop_token& stop);
  std::optional<Score> validate(const std::stop_token& stop);
  // `logits` gets the logits of all samples.
  Score test(const std::stop_token& stop, Sha256& logits);
  std::string weights_hash();

 private:
  // The learning rate of the epoch's step `index`.
  void set_rate(int index);
  void update(std::span<const float> gradient);

  nn::Sequential network_;
  std::vector<nn::Parameter> parameters_;
  nn::Optimizer optimizer_;
  const Parts& parts_;
  Batches train_;
  nn::Buffer gradient_;
  std::uint64_t seed_;
  nn::Schedule schedule_;
  double lr_;
  std::int64_t all_steps_;    // of the training
  std::int64_t earlier_ = 0;  // steps of earlier epochs
  double clip_;
  double label_smoothing_;  // of the training loss
};

}  // namespace actfn::lab
