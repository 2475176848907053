// SPDX-License-Identifier: Apache-2.0
// Divides a tensor with channels into tasks. The division depends on the shape only, and so does
// the order in which terms are added.
#pragma once

#include <actfn/tensor.h>

#include "kernels/blocks.h"
#include "learned/kernels/sums.h"

#include <algorithm>
#include <cstddef>
#include <span>

namespace actfn::learned {

using kernels::kBlock;

// A tensor as (rows, channels, rest): all in one channel, or axis 1 as channels.
//
// Where `rest` is long, a task is some channels of some rows. It consists of lines along `rest`,
// and element i of a line is added to sum i % kSums of its channel. Where `rest` is short, a task
// is some whole rows. It consists of patterns of one or several rows, and each place in the pattern
// has a sum of its own.
class Channels {
 public:
  Channels(const ConstTensor& x, bool one_channel);

  std::size_t count() const { return channels_; }
  std::size_t tasks() const { return tasks_; }
  std::size_t sums_per_task() const { return is_short_ ? pattern_ : channels_per_task_ * kSums; }

  // n <= kBlock elements in row-major order, from element `at` on. `sums` is the index of the first
  // of their sums among those of the task.
  struct Segment {
    std::size_t at, n, sums;
  };
  template <class Body>
  void for_segments(std::size_t task, const Body& body) const {
    if (is_short_) {
      for_pattern_segments(task, body);
    } else {
      for_line_segments(task, body);
    }
  }

  // In tasks of whole rows, a segment's elements have the places sums, sums + 1, … of a pattern of
  // this length, and element i of the pattern is in channel_at(i). It is 0 in tasks of lines, whose
  // segments are in one channel each.
  std::size_t pattern() const { return is_short_ ? pattern_ : 0; }
  std::size_t channel_at(std::size_t place) const { return place / rest_ % channels_; }
  std::size_t channel_of(const Segment& segment) const { return channel_at(segment.at); }

  // Adds the terms of a segment to the sums of its task.
  void add(const double* terms, const Segment& segment, double* sums) const {
    (is_short_ ? add_each : add_in_turn)(terms, segment.n, sums + segment.sums);
  }

  // Adds the sums of all tasks up to one number per channel. A NaN gets the sign +.
  void add_up(std::span<const double> sums, std::span<double> totals) const;

 private:
  static constexpr std::size_t kPerTask = std::size_t{1} << 16;
  static constexpr std::size_t kPerSums = std::size_t{1} << 11;  // elements per set of sums
  static constexpr std::size_t kShort = 64;

  template <class Body>
  void for_pattern_segments(std::size_t task, const Body& body) const {
    const std::size_t row = channels_ * rest_;
    const std::size_t end = std::min(rows_, (task + 1) * rows_per_task_) * row;
    for (std::size_t at = task * rows_per_task_ * row; at < end; at += pattern_) {
      const std::size_t length = std::min(pattern_, end - at);
      for (std::size_t place = 0; place < length; place += kBlock) {
        body(Segment{at + place, std::min(kBlock, length - place), place});
      }
    }
  }

  // The rows and channels of a task, and the piece of their lines.
  struct Part {
    std::size_t row, rows_end, channel, channels_end, from, end;
  };
  Part part(std::size_t task) const;

  template <class Body>
  void for_line_segments(std::size_t task, const Body& body) const {
    const Part p = part(task);
    for (std::size_t row = p.row; row < p.rows_end; ++row) {
      for (std::size_t c = p.channel; c < p.channels_end; ++c) {
        const std::size_t line = (row * channels_ + c) * rest_;
        for (std::size_t from = p.from; from < p.end; from += kBlock) {
          body(Segment{line + from, std::min(kBlock, p.end - from), (c - p.channel) * kSums});
        }
      }
    }
  }

  std::size_t rows_ = 1, channels_ = 1, rest_ = 1;
  bool is_short_ = false;
  std::size_t pattern_ = 0;  // elements: a whole number of rows
  std::size_t pieces_ = 1;   // the number of pieces of a line
  std::size_t channels_per_task_ = 1;
  std::size_t channel_parts_ = 1;
  std::size_t rows_per_task_ = 1;  // a whole number of patterns
  std::size_t tasks_ = 0;
};

}  // namespace actfn::learned
