// SPDX-License-Identifier: Apache-2.0
// Features of mean 0 and deviation 1.
#include "data/dataset.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace actfn::data {
namespace {

// In two passes: sums of squares would cancel where the mean is large.
void fit_feature(const Samples& train, std::size_t feature, double& mean, double& deviation) {
  const float first = train.floats[feature];
  const auto n = static_cast<double>(train.count);
  double sum = 0;
  bool is_constant = true;
  for (std::size_t at = feature; at < train.floats.size(); at += train.features) {
    is_constant = is_constant && train.floats[at] == first;
    sum += static_cast<double>(train.floats[at]);
  }
  mean = is_constant ? static_cast<double>(first) : sum / n;
  if (is_constant) return;
  double squares = 0;
  for (std::size_t at = feature; at < train.floats.size(); at += train.features) {
    const double distance = static_cast<double>(train.floats[at]) - mean;
    squares += distance * distance;
  }
  deviation = std::sqrt(squares / n);
}

}  // namespace

Standardisation fit(const Samples& train) {
  if (train.floats.empty()) return {};
  Standardisation found = {std::vector<double>(train.features, 0.0),
                           std::vector<double>(train.features, 1.0)};
  for (std::size_t f = 0; f < train.features; ++f) {
    fit_feature(train, f, found.mean[f], found.deviation[f]);
  }
  return found;
}

void apply(const Standardisation& to, Samples& samples) {
  constexpr auto kMost = static_cast<double>(std::numeric_limits<float>::max());
  for (std::size_t i = 0; i < samples.floats.size(); ++i) {
    const std::size_t f = i % samples.features;
    const double x = (static_cast<double>(samples.floats[i]) - to.mean[f]) / to.deviation[f];
    samples.floats[i] = static_cast<float>(std::clamp(x, -kMost, kMost));
  }
}

}  // namespace actfn::data
