#include "learnable/channels.h"

#include <cmath>
#include <limits>

namespace actfn::learnable {
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
    const std::size_t in_pattern = std::max<std::size_t>(1, kLineBlock / row);
    pattern_ = in_pattern * row;
    // At least 16 rows: a task's sums are small beside its elements.
    const std::size_t rows = std::max<std::size_t>(16, kPerTask / row);
    rows_per_task_ = parts(rows, in_pattern) * in_pattern;
    tasks_ = parts(rows_, rows_per_task_);
  } else {
    pieces_ = parts(rest_, kPerTask);
    rows_per_task_ = std::max<std::size_t>(1, kPerTask / rest_);
    tasks_ = parts(rows_, rows_per_task_) * pieces_ * channels_;
  }
}

std::vector<double> Channels::totals(const std::vector<double>& sums) const {
  std::vector<double> all(channels_);
  const std::size_t each = sums_per_task();
  for (std::size_t task = 0; task < tasks_; ++task) {
    const double* const of_task = &sums[task * each];
    if (is_short_) {
      for (std::size_t i = 0; i < each; ++i) all[channel_of_place(i)] += of_task[i];
    } else {
      all[channel_of_task(task)] += total(of_task);
    }
  }
  for (double& sum : all) {
    if (std::isnan(sum)) sum = std::numeric_limits<double>::quiet_NaN();
  }
  return all;
}

}  // namespace actfn::learnable
