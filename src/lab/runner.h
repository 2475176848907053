// SPDX-License-Identifier: Apache-2.0
// Trainings, several at a time.
#pragma once

#include "data/dataset.h"
#include "lab/training.h"

#include <atomic>
#include <exception>
#include <functional>
#include <mutex>
#include <span>
#include <stop_token>
#include <vector>

namespace actfn::lab {

// All of a comparison but what its trainings give. Throws Error where the data do not fit the
// settings, or a network would take too much memory.
Comparison description_of(const Plan& plan, const data::Dataset& data, const Parts& parts);

// Takes trainings from a common list until there are none.
class Runner {
 public:
  // `made` has the networks, by activation. Gives `watch` what finishes, one call at a time. All of
  // them must live longer.
  Runner(const Plan& plan, const Comparison& made, const Parts& parts, const std::stop_token& stop,
         const Watch& watch);

  // What an earlier run has to its end.
  void know(std::span<const EpochResult> earlier, std::span<const LayerProbe> probes);
  // The trainings from begin to end, one for each place of `live` at a time. Throws what one of
  // them has thrown.
  void run(std::size_t begin, std::size_t end, std::span<Live> live);
  bool stopped() const { return stop_.stop_requested(); }
  // The learning rates that have been found, for the trainings that have none yet.
  void choose_rates();

  // By activation, seed, learning rate, epoch.
  std::vector<EpochResult> rows() const;
  std::vector<LayerProbe> probes() const;
  bool all_ended() const;

 private:
  using Rows = std::vector<EpochResult>;

  void work(Live& live);
  void record(const EpochResult& row, const std::function<void(const EpochResult&)>& tell);

  const Plan& plan_;
  const Comparison& made_;
  const Parts& parts_;
  std::vector<Training> trainings_;
  std::atomic<std::size_t> next_{0};
  std::size_t end_ = 0;
  std::mutex mutex_;  // guards what follows, and calls of the watch
  std::vector<Rows> results_;
  std::vector<LayerProbe> probes_;
  std::vector<char> ended_;  // of each training; a job writes those of its own
  std::exception_ptr error_;
  std::stop_source stop_;
  std::stop_callback<std::function<void()>> outer_;
  Watch watch_;
};

}  // namespace actfn::lab
