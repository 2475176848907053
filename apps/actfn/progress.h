// SPDX-License-Identifier: Apache-2.0
// What a comparison shows on standard error while it runs: a line for each finished epoch; on a
// terminal also a live line for each running training, and one for the whole with the time left.
#pragma once

#include "lab/compare.h"
#include "output.h"

#include <chrono>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace actfn::app {

class Progress {
 public:
  Progress(const lab::Plan& plan, std::span<const lab::Live> live);

  void epoch_done(const lab::EpochResult& epoch);  // from any thread
  void redraw();                                   // several times a second
  void say(const std::string& line);               // above the live lines
  void finish();                                   // takes the live lines away

 private:
  std::string live_line(const lab::Live& live) const;
  std::string whole_line() const;
  std::string finished_line(const lab::EpochResult& epoch) const;
  std::string head(std::size_t activation, std::uint64_t seed, int epoch) const;
  std::string erase_and_flush();

  const lab::Plan& plan_;
  std::span<const lab::Live> live_;
  std::size_t name_width_ = 0;
  Terminal terminal_;
  std::mutex mutex_;
  std::vector<lab::EpochResult> pending_;  // finished, to be shown above the live lines
  int epochs_done_ = 0;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  int live_lines_ = 0;  // on the screen now
};

}  // namespace actfn::app
