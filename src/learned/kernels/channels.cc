// SPDX-License-Identifier: Apache-2.0
#include "learned/kernels/channels.h"

#include "kernels/type.h"

#include <algorithm>

namespace actfn::learned {
namespace {

std::size_t parts(std::size_t n, std::size_t of) { return (n + of - 1) / of; }

}  // namespace

Channels::Channels(const ConstTensor& x, bool one_channel) {
  if (one_channel) {
    rest_ = x.size();
  } else {
    rows_ = x.shape()[0];
    channels_ = x.shape()[1];
    for (std::size_t i = 2; i < x.dimensions(); ++i) rest_ *= x.shape()[i];
  }
  if (x.size() == 0) return;
  is_short_ = channels_ > 1 && rest_ < kShort;
  if (is_short_) {
    const std::size_t row = channels_ * rest_;
    const std::size_t in_pattern = std::max<std::size_t>(1, kBlock / row);
    pattern_ = in_pattern * row;
    // With at least 16 rows a task has far fewer sums than elements.
    const std::size_t rows = std::max<std::size_t>(16, kPerTask / row);
    rows_per_task_ = parts(rows, in_pattern) * in_pattern;
    tasks_ = parts(rows_, rows_per_task_);
  } else {
    pieces_ = parts(rest_, kPerTask);
    rows_per_task_ = std::max<std::size_t>(1, kPerSums / rest_);
    const std::size_t of_channel = rows_per_task_ * std::min(rest_, kPerTask);
    channels_per_task_ = std::clamp<std::size_t>(kPerTask / of_channel, 1, channels_);
    channel_parts_ = parts(channels_, channels_per_task_);
    tasks_ = parts(rows_, rows_per_task_) * channel_parts_ * pieces_;
  }
}

Channels::Part Channels::part(std::size_t task) const {
  const std::size_t piece = task % pieces_;
  const std::size_t channel = task / pieces_ % channel_parts_ * channels_per_task_;
  const std::size_t row = task / pieces_ / channel_parts_ * rows_per_task_;
  return {row,
          std::min(rows_, row + rows_per_task_),
          channel,
          std::min(channels_, channel + channels_per_task_),
          piece * kPerTask,
          std::min(rest_, (piece + 1) * kPerTask)};
}

void Channels::add_up(std::span<const double> sums, std::span<double> totals) const {
  std::fill(totals.begin(), totals.end(), 0.0);
  const std::size_t each = sums_per_task();
  for (std::size_t task = 0; task < tasks_; ++task) {
    const double* const of_task = &sums[task * each];
    if (is_short_) {
      const std::size_t row = channels_ * rest_;
      for (std::size_t i = 0; i < each; ++i) totals[i % row / rest_] += of_task[i];
      continue;
    }
    const Part p = part(task);
    for (std::size_t c = p.channel; c < p.channels_end; ++c) {
      totals[c] += total(of_task + (c - p.channel) * kSums);
    }
  }
  for (double& sum : totals) sum = kernels::canonical(sum);
}

}  // namespace actfn::learned
