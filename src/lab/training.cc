// SPDX-License-Identifier: Apache-2.0
#include "lab/training.h"

#include "lab/probe.h"
#include "lab/processor_time.h"
#include "lab/trainer.h"
#include "nn/state_dict.h"

#include <chrono>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace actfn::lab {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLiveEvery = 16;  // batches

void show(Live& live, int batches_done, const Tally& tally) {
  const Score score = tally.score();
  live.batch.store(batches_done, std::memory_order_relaxed);
  live.loss.store(score.loss, std::memory_order_relaxed);
  live.accuracy.store(score.accuracy, std::memory_order_relaxed);
}

// The epochs of one training, and which was the best.
class Course {
 public:
  Course(const Plan& plan, const nn::Architecture& network, const Training& training,
         const Parts& parts, Live& live, const std::stop_token& stop, const Watch& watch)
      : settings_(plan.settings),
        training_(training),
        trainer_(plan, network, training, parts),
        has_test_(parts.test.count > 0),
        live_(live),
        stop_(stop),
        watch_(watch),
        first_weights_(trainer_.weights_hash()) {
    live.batches.store(trainer_.steps());
    if (!settings_.probe) return;
    std::vector<nn::Layer> layers;
    for (const nn::Part& part : network.parts) layers.push_back(part.layer);
    probe_.emplace(layers, parts, settings_.samples,
                   settings_.inspect ? Probe::Scope::all : Probe::Scope::some);
  }

  bool has_ended() const { return ended_; }

  void run_epoch(int epoch) {
    live_.epoch.store(epoch);
    live_.batch.store(0);
    EpochResult row{training_.activation, training_.seed, training_.lr, epoch, {}, {}, {}, 0, {}};
    row.train = epoch == 0 ? trainer_.evaluate_first(stop_) : train_epoch(epoch, row.seconds);
    row.validation = trainer_.validate(stop_);
    judge(row);
    const bool last = epoch == settings_.epochs || waited_in_vain(epoch);
    const bool looks = last || epoch % settings_.every == 0;
    const std::vector<LayerProbe> probes = looks ? look_inside(epoch) : std::vector<LayerProbe>();
    if (has_test_ && (last || !row.validation)) test(row, last);
    // Before the last epoch: whoever has that one has all.
    if (has_test_ && last && row.validation && best_.epoch != epoch) test_best();
    if (stop_.stop_requested()) return;
    if (last && settings_.save) {
      watch_.saved(training_, nn::weights_file(trainer_.network()));
    }
    if (!probes.empty() && watch_.probed) watch_.probed(probes);
    watch_.finished(row);
    ended_ = last;
  }

 private:
  Score train_epoch(int epoch, double& seconds) {
    const auto begin = Clock::now();
    const double processor = processor_time();
    trainer_.begin_epoch(epoch);
    Tally tally;
    for (int i = 0; i < trainer_.steps() && !stop_.stop_requested(); ++i) {
      trainer_.step(i, tally);
      if (i % kLiveEvery == 0 || i + 1 == trainer_.steps()) show(live_, i + 1, tally);
    }
    seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    trained_ += processor_time() - processor;
    return tally.score();
  }

  std::vector<LayerProbe> look_inside(int epoch) {
    if (!probe_) return {};
    std::vector<LayerProbe> all = probe_->measure(trainer_.network(), settings_.label_smoothing);
    const double trained = std::exchange(trained_, 0) / static_cast<double>(all.size());
    for (LayerProbe& layer : all) {
      if (layer.more) layer.more->training_seconds = trained;
      layer.activation = training_.activation;
      layer.seed = training_.seed;
      layer.lr = training_.lr;
      layer.epoch = epoch;
    }
    return all;
  }

  void judge(const EpochResult& row) {
    if (row.epoch == 0 || !row.validation || stop_.stop_requested()) return;
    if (!improves(row.validation->loss, lowest_)) return;
    lowest_ = row.validation->loss;
    best_ = row;
    if (row.epoch < settings_.epochs) snapshot_.take(trainer_.network());
  }

  bool waited_in_vain(int epoch) const {
    return settings_.patience > 0 && epoch - best_.epoch >= settings_.patience;
  }

  void test(EpochResult& row, bool last) {
    Sha256 logits;
    row.test = trainer_.test(stop_, logits);
    if (last) row.sha256 = {first_weights_, trainer_.weights_hash(), logits.digits()};
  }

  void test_best() {
    if (best_.epoch == 0) return;  // no validation loss was finite
    snapshot_.restore(trainer_.network());
    Sha256 logits;
    best_.test = trainer_.test(stop_, logits);
    if (!stop_.stop_requested()) watch_.amended(best_);
  }

  const CompareSettings& settings_;
  const Training& training_;
  Trainer trainer_;
  bool has_test_;
  std::optional<Probe> probe_;
  Live& live_;
  const std::stop_token& stop_;
  const Watch& watch_;
  double lowest_ = std::numeric_limits<double>::infinity();
  EpochResult best_;
  bool ended_ = false;
  double trained_ = 0;  // processor time since the last look, in seconds
  Snapshot snapshot_;
  std::string first_weights_;  // hash
};

}  // namespace

bool train(const Plan& plan, const nn::Architecture& network, const Training& training,
           const Parts& parts, Live& live, const std::stop_token& stop, const Watch& watch) {
  Course course(plan, network, training, parts, live, stop, watch);
  for (int epoch = 0; !course.has_ended() && !stop.stop_requested(); ++epoch) {
    course.run_epoch(epoch);
  }
  return course.has_ended();
}

}  // namespace actfn::lab
