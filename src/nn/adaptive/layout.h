// SPDX-License-Identifier: Apache-2.0
// The head and the clusters of an adaptive softmax: their classes, sizes, and parameters.
#pragma once

#include <actfn/nn/adaptive_log_softmax.h>

#include <cstddef>
#include <string_view>
#include <vector>

namespace actfn::nn {

inline constexpr std::string_view kAdaptive = "adaptive_log_softmax";

struct AdaptiveCluster {
  int first, classes;              // from class `first` on
  int features;                    // after the projection
  std::size_t projection, weight;  // places of tail.i.0.weight and tail.i.1.weight
};

struct AdaptiveLayout {
  // Throws Error for what does not fit.
  AdaptiveLayout(int in_features, int n_classes, const std::vector<int>& cutoffs,
                 const AdaptiveLogSoftmaxOptions& options);

  int in_features, n_classes;
  int shortlist;  // classes in the head
  int entries;    // of the head: its classes, and the clusters
  bool head_bias;
  double label_smoothing;
  std::vector<AdaptiveCluster> clusters;
  std::size_t head_weight = 0, bias = 0;  // places
  std::size_t parameter_count = 0;

  std::vector<int> cluster_sizes() const;
};

}  // namespace actfn::nn
