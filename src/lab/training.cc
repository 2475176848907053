// SPDX-License-Identifier: Apache-2.0
#include "lab/training.h"

#include <actfn/nn/nn.h>

#include "lab/batches.h"
#include "lab/sha256.h"
#include "nn/buffer.h"

#include <chrono>

namespace actfn::lab {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLiveEvery = 16;  // batches

struct Score {
  nn::LossSum sum;
  std::size_t images = 0;

  void add(const nn::LossSum& batch, std::size_t rows) {
    sum.loss += batch.loss;
    sum.correct += batch.correct;
    images += rows;
  }
  double loss() const { return sum.loss / static_cast<double>(images); }
  double accuracy() const { return static_cast<double>(sum.correct) / static_cast<double>(images); }
};

void show(Live& live, int batches_done, const Score& score) {
  live.batch.store(batches_done, std::memory_order_relaxed);
  live.loss.store(score.loss(), std::memory_order_relaxed);
  live.accuracy.store(score.accuracy(), std::memory_order_relaxed);
}

class Trainer {
 public:
  Trainer(const Plan& plan, const nn::Architecture& network, std::uint64_t seed,
          const data::Dataset& data)
      : network_(network),
        optimizer_(plan.rule, network_),
        train_(data.train, plan.settings.batch),
        test_(data.test, static_cast<int>(kEvaluationBatch)),
        gradient_(static_cast<std::size_t>(plan.settings.batch) * data.classes.size()) {
    network_.set_reproducible(plan.settings.reproducible);
    network_.initialize(plan.init, seed);
    network_.set_threads(plan.settings.threads);
  }

  Score train_epoch(std::uint64_t seed, int epoch, Live& live, const std::stop_token& stop) {
    train_.shuffle(seed, epoch);
    network_.set_training(true);
    Score score;
    for (int i = 0; i < train_.count() && !stop.stop_requested(); ++i) {
      const Batch batch = train_.get(i);
      score.add(train_batch(batch), batch.labels.size());
      if (i % kLiveEvery == 0 || i + 1 == train_.count()) show(live, i + 1, score);
    }
    return score;
  }

  // `logits` gets the logits of all images.
  Score evaluate(const std::stop_token& stop, Sha256& logits) {
    network_.set_training(false);
    Score score;
    for (int i = 0; i < test_.count() && !stop.stop_requested(); ++i) {
      const Batch batch = test_.get(i);
      const auto y = network_.forward(batch.x);
      logits.add(y);
      score.add(nn::cross_entropy(y, batch.labels), batch.labels.size());
    }
    return score;
  }

  std::string weights_hash() {
    Sha256 hash;
    for (const auto& view : network_.linears()) {
      hash.add(view.weight);
      hash.add(view.bias);
    }
    for (const auto& view : network_.learned()) hash.add(view.values);
    return hash.digits();
  }

 private:
  nn::LossSum train_batch(const Batch& batch) {
    const auto logits = network_.forward(batch.x);
    const auto gradient = std::span<float>(gradient_).first(logits.size());
    const auto sum = nn::cross_entropy(logits, batch.labels, gradient);
    network_.backward(gradient, optimizer_);
    return sum;
  }

  nn::Sequential network_;
  nn::Optimizer optimizer_;
  Batches train_;
  Batches test_;
  nn::Buffer gradient_;
};

}  // namespace

std::optional<TrainingHashes> train(const Plan& plan, const nn::Architecture& network,
                                    const Training& training, const data::Dataset& data, Live& live,
                                    const std::stop_token& stop,
                                    const std::function<void(const EpochResult&)>& done) {
  Trainer trainer(plan, network, training.seed, data);
  TrainingHashes hashes = {training.activation, training.seed, trainer.weights_hash(), {}, {}};
  for (int epoch = 1; epoch <= plan.settings.epochs; ++epoch) {
    live.epoch.store(epoch);
    live.batch.store(0);
    const auto begin = Clock::now();
    const Score train = trainer.train_epoch(training.seed, epoch, live, stop);
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    if (stop.stop_requested()) return std::nullopt;
    Sha256 logits;
    const Score test = trainer.evaluate(stop, logits);
    if (stop.stop_requested()) return std::nullopt;
    hashes.test_logits = logits.digits();
    done({training.activation, training.seed, epoch, train.loss(), train.accuracy(), test.loss(),
          test.accuracy(), seconds});
  }
  hashes.last_weights = trainer.weights_hash();
  return hashes;
}

}  // namespace actfn::lab
