// SPDX-License-Identifier: Apache-2.0
#include "lab/parts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace actfn::lab {
namespace {

// Of all targets at once: one pass for the mean, one for the deviation, in double.
void standardise_targets(Parts& parts) {
  const std::vector<float>& targets = parts.train.targets;
  const auto n = static_cast<double>(targets.size());
  const double mean = std::accumulate(targets.begin(), targets.end(), 0.0) / n;
  double squares = 0;
  for (const double t : targets) squares += (t - mean) * (t - mean);
  const double deviation = squares > 0 ? std::sqrt(squares / n) : 1;
  for (data::Samples* part : {&parts.train, &parts.validation, &parts.test}) {
    for (float& t : part->targets) t = static_cast<float>((t - mean) / deviation);
  }
}

void standardise_features(Parts& parts) {
  const data::Standardisation scale = data::fit(parts.train);
  for (data::Samples* part : {&parts.train, &parts.validation, &parts.test}) {
    data::apply(scale, *part);
  }
}

}  // namespace

Parts parts_of(const data::Dataset& data, double validation) {
  Parts parts;
  if (validation > 0) {
    auto [train, held_out] = data::split(data.train, validation, data.classes.size());
    parts.train = std::move(train);
    parts.validation = std::move(held_out);
  } else {
    parts.train = data.train;
  }
  parts.test = data.test;
  if (data.vocabulary == 0) standardise_features(parts);
  if (data.task == data::Task::regression) standardise_targets(parts);
  return parts;
}

Score chance_of(const data::Samples& train, data::Task task, std::size_t classes) {
  const auto n = static_cast<double>(train.count);
  if (task == data::Task::regression) {
    double squares = 0;
    for (const double t : train.targets) squares += t * t;
    return {squares / n, std::numeric_limits<double>::quiet_NaN()};
  }
  std::vector<double> counts(classes);
  for (const std::uint32_t label : train.labels) ++counts[label];
  Score chance{0, *std::ranges::max_element(counts) / n};
  for (const double count : counts) {
    if (count > 0) chance.loss -= count / n * std::log(count / n);
  }
  return chance;
}

}  // namespace actfn::lab
