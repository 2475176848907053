// SPDX-License-Identifier: Apache-2.0
#include "lab/trainer.h"

#include "lab/networks.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace actfn::lab {
namespace {

// Training samples that epoch 0 is measured on where none are held out.
constexpr std::size_t kFirstSamples = 5000;

template <class F>
void for_each_learned(nn::Sequential& network, const F& visit) {
  for (const auto& linear : network.linears()) {
    visit(linear.weight);
    visit(linear.bias);
  }
  for (const auto& learned : network.learned()) visit(learned.values);
}

nn::LossSum loss_of(const Batch& batch, std::span<const float> y, double label_smoothing,
                    std::span<float> gradient) {
  if (batch.targets.empty()) return nn::cross_entropy(y, batch.labels, gradient, label_smoothing);
  return nn::squared_error(y, batch.targets, gradient);
}

nn::LossSum loss_of(const Batch& batch, std::span<const float> y, double label_smoothing) {
  if (batch.targets.empty()) return nn::cross_entropy(y, batch.labels, label_smoothing);
  return nn::squared_error(y, batch.targets);
}

}  // namespace

void Tally::add(const nn::LossSum& loss, const Batch& batch) {
  sum.loss += loss.loss;
  sum.correct += loss.correct;
  samples += batch.rows();
  of_classes = batch.targets.empty();
}

Score Tally::score() const {
  const auto n = static_cast<double>(samples);
  const double accuracy = static_cast<double>(sum.correct) / n;
  return {sum.loss / n, of_classes ? accuracy : std::numeric_limits<double>::quiet_NaN()};
}

void Snapshot::take(nn::Sequential& network) {
  values_.clear();
  for_each_learned(network,
                   [&](std::span<float> v) { values_.insert(values_.end(), v.begin(), v.end()); });
}

void Snapshot::restore(nn::Sequential& network) const {
  auto from = values_.begin();
  for_each_learned(network, [&](std::span<float> v) {
    const auto end = from + static_cast<std::ptrdiff_t>(v.size());
    std::copy(std::exchange(from, end), end, v.begin());
  });
}

void differentiate(nn::Sequential& network, const Batch& batch, double label_smoothing,
                   nn::Buffer& gradient) {
  network.set_training(false);
  const auto y = network.forward(batch.x);
  gradient.resize(y.size());
  loss_of(batch, y, label_smoothing, gradient);
  network.backward(gradient);
}

Score score_of(nn::Sequential& network, const data::Samples& samples, std::size_t most,
               double label_smoothing, const std::stop_token& stop, Sha256* logits) {
  network.set_training(false);
  Batches batches(samples, static_cast<int>(std::min(kEvaluationBatch, most)));
  Tally tally;
  for (int i = 0; i < batches.count() && tally.samples < most && !stop.stop_requested(); ++i) {
    const Batch batch = batches.get(i);
    const auto y = network.forward(batch.x);
    if (logits != nullptr) logits->add(y);
    tally.add(loss_of(batch, y, label_smoothing), batch);
  }
  return tally.score();
}

Trainer::Trainer(const Plan& plan, const nn::Architecture& network, const Training& training,
                 const Parts& parts)
    : network_(network),
      parameters_(network_.parameters()),
      optimizer_(plan.rule(training.lr), network_),
      parts_(parts),
      train_(parts.train, plan.settings.batch),
      gradient_(static_cast<std::size_t>(plan.settings.batch) *
                static_cast<std::size_t>(network_.out_features())),
      seed_(training.seed),
      schedule_(plan.schedule(train_.count())),
      lr_(training.lr),
      all_steps_(std::int64_t{plan.settings.epochs} * train_.count()),
      clip_(plan.settings.clip),
      label_smoothing_(plan.settings.label_smoothing) {
  network_.set_reproducible(plan.settings.reproducible);
  network_.initialize(init_of(plan.settings, plan.settings.activations[training.activation]),
                      seed_);
  network_.set_threads(plan.settings.threads);
}

void Trainer::begin_epoch(int epoch) {
  train_.shuffle(seed_, epoch);
  network_.set_training(true);
  earlier_ = std::int64_t{epoch - 1} * steps();
}

void Trainer::set_rate(int index) {
  if (schedule_ == nn::Schedule{}) return;
  optimizer_.set_lr(nn::learning_rate(schedule_, lr_, earlier_ + index, all_steps_));
}

// The norm of all gradients takes all of them, before the first update.
void Trainer::update(std::span<const float> gradient) {
  if (clip_ == 0) return network_.backward(gradient, optimizer_);
  network_.backward(gradient);
  nn::clip_grad_norm(parameters_, clip_);
  optimizer_.step(network_);
}

void Trainer::step(int index, Tally& tally) {
  const Batch batch = train_.get(index);
  const auto y = network_.forward(batch.x);
  const auto gradient = std::span<float>(gradient_).first(y.size());
  tally.add(loss_of(batch, y, label_smoothing_, gradient), batch);
  set_rate(index);
  update(gradient);
}

Score Trainer::evaluate_first(const std::stop_token& stop) {
  const std::size_t held_out = parts_.validation.count;
  return score_of(network_, parts_.train, held_out == 0 ? kFirstSamples : held_out,
                  label_smoothing_, stop);
}

std::optional<Score> Trainer::validate(const std::stop_token& stop) {
  if (parts_.validation.count == 0) return std::nullopt;
  return score_of(network_, parts_.validation, parts_.validation.count, 0, stop);
}

Score Trainer::test(const std::stop_token& stop, Sha256& logits) {
  return score_of(network_, parts_.test, parts_.test.count, 0, stop, &logits);
}

std::string Trainer::weights_hash() {
  Sha256 hash;
  for_each_learned(network_, [&](std::span<const float> v) { hash.add(v); });
  return hash.digits();
}

}  // namespace actfn::lab
