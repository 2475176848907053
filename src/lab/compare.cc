// SPDX-License-Identifier: Apache-2.0
#include "lab/compare.h"

#include "lab/machine.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

namespace actfn::lab {
namespace {

// Takes trainings from a common list until there are none.
class Runner {
 public:
  Runner(const Plan& plan, std::span<const nn::Architecture> networks, const data::Dataset& data,
         const std::stop_token& stop, const std::function<void(const EpochResult&)>& done)
      : plan_(plan),
        networks_(networks),
        data_(data),
        done_(done),
        hashes_(plan.trainings.size()),
        results_(plan.trainings.size()),
        outer_(stop, [this] { stop_.request_stop(); }) {}

  // By training, then epoch.
  const std::vector<std::vector<EpochResult>>& run(std::span<Live> live) {
    std::vector<std::jthread> jobs;
    const auto count = std::min(results_.size(), live.size());
    try {
      for (std::size_t i = 0; i < count; ++i) {
        jobs.emplace_back([this, &live, i] { work(live[i]); });
      }
    } catch (...) {  // no more threads to be had
      stop_.request_stop();
      throw;
    }
    jobs.clear();
    if (error_) std::rethrow_exception(error_);
    return results_;
  }

  std::vector<TrainingHashes> hashes() const {
    std::vector<TrainingHashes> all;
    for (const auto& finished : hashes_) {
      if (finished) all.push_back(*finished);
    }
    return all;
  }

 private:
  void work(Live& live) {
    for (auto i = next_++; i < results_.size() && !stop_.stop_requested(); i = next_++) {
      live.training.store(static_cast<int>(i));
      try {
        const Training& training = plan_.trainings[i];
        hashes_[i] = train(plan_, networks_[training.activation], training, data_, live,
                           stop_.get_token(), [this, i](const EpochResult& e) { record(i, e); });
      } catch (...) {
        const std::scoped_lock lock(mutex_);
        if (!error_) error_ = std::current_exception();
        stop_.request_stop();
      }
    }
    live.training.store(-1);
  }

  void record(std::size_t training, const EpochResult& epoch) {
    const std::scoped_lock lock(mutex_);
    results_[training].push_back(epoch);
    done_(epoch);
  }

  const Plan& plan_;
  std::span<const nn::Architecture> networks_;
  const data::Dataset& data_;
  const std::function<void(const EpochResult&)>& done_;
  std::atomic<std::size_t> next_{0};
  std::vector<std::optional<TrainingHashes>> hashes_;  // each place is written once, by one thread
  std::mutex mutex_;                                   // guards what follows, and calls of done_
  std::vector<std::vector<EpochResult>> results_;
  std::exception_ptr error_;
  std::stop_source stop_;
  std::stop_callback<std::function<void()>> outer_;
};

// The plan's last layer is a Linear for the usual number of classes.
void set_outputs(nn::Architecture& network, int classes) {
  std::get<nn::Linear>(network.parts.back().layer).out_features = classes;
  network.parts.back().width = classes;
}

}  // namespace

Comparison compare(const Plan& plan, const data::Dataset& data, std::span<Live> live,
                   const std::stop_token& stop,
                   const std::function<void(const EpochResult&)>& done) {
  Comparison result;
  result.settings = plan.settings;
  result.settings.data = data.path.string();
  result.machine = this_machine();
  result.networks = plan.networks;
  result.inputs = data.train.features;
  result.classes = data.classes.size();
  const auto batch = static_cast<std::size_t>(plan.settings.batch);
  const std::size_t rows = std::min(batch, data.train.count);
  for (std::size_t i = 0; i < result.networks.size(); ++i) {
    nn::Architecture& network = result.networks[i];
    network.in_features = static_cast<int>(result.inputs);
    std::get<nn::Linear>(network.parts.front().layer).in_features = network.in_features;
    set_outputs(network, static_cast<int>(result.classes));
    require_memory(plan.settings.activations[i].name, network,
                   std::max(rows, std::min(kEvaluationBatch, data.test.count)));
  }
  result.train_images = data.train.count;
  result.test_images = data.test.count;
  const auto begin = std::chrono::steady_clock::now();
  Runner runner(plan, result.networks, data, stop, done);
  for (const auto& one : runner.run(live)) {
    result.epochs.insert(result.epochs.end(), one.begin(), one.end());
  }
  result.hashes = runner.hashes();
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const auto planned = plan.trainings.size() * static_cast<std::size_t>(plan.settings.epochs);
  result.interrupted = result.epochs.size() < planned;
  return result;
}

}  // namespace actfn::lab
