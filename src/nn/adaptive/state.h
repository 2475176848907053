// SPDX-License-Identifier: Apache-2.0
// The inside of an AdaptiveLogSoftmaxWithLoss.
#pragma once

#include <actfn/nn/adaptive_log_softmax.h>

#include "nn/adaptive/layout.h"
#include "nn/adaptive/softmax.h"
#include "nn/buffer.h"
#include "nn/team.h"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace actfn::nn {

// What a cluster keeps of a pass over the rows that it takes part in.
struct AdaptiveClusterState {
  explicit AdaptiveClusterState(const AdaptiveCluster& cluster)
      : softmax(cluster.features, cluster.classes) {}

  AdaptiveSoftmax softmax;
  std::vector<int> rows, labels;
  std::vector<RowResult> results;
  std::vector<RowGradient> gradients;
  PaddedRows x, hidden, hidden_gradient, x_gradient;
};

struct AdaptiveLogSoftmaxWithLoss::State {
  explicit State(const AdaptiveLayout& sizes);

  // How many there are. Error where they are no whole rows.
  int rows_of(std::span<const float> samples) const;
  void check_targets(int count, std::span<const std::uint32_t> targets) const;

  SoftmaxParameters head_parameters();
  SoftmaxParameters cluster_parameters(std::size_t i);
  Matrix projection(std::size_t i, bool transposed) const;
  // hidden = samples times the projection of cluster i.
  void project(std::size_t i, const PaddedRows& samples, int count, PaddedRows& hidden);

  // Which cluster a class is in; clusters.size() for the head.
  std::size_t cluster_of(int target) const;
  // Which rows need which cluster, and the labels there.
  void assign_rows(std::span<const std::uint32_t> targets);
  void forward_head(std::span<const float> samples);
  void forward_cluster(std::size_t i);
  double mean_loss() const;

  // From the gradient of the loss by the log-probabilities.
  std::span<const float> backward(std::vector<RowGradient> by_row);
  void backward_cluster(std::size_t i);
  void differentiate_projection(std::size_t i);
  void add_x_gradient(std::size_t i);

  AdaptiveLayout layout;
  Buffer parameters, gradients;
  std::unique_ptr<Team> team;
  ProductKind products;

  // Of the last forward().
  int rows = 0;  // 0 where there was none
  AdaptiveSoftmax head;
  PaddedRows head_weight, x, head_x_gradient;
  std::vector<int> labels;  // entries of the head
  std::vector<RowResult> results;
  std::vector<AdaptiveClusterState> clusters;
  Buffer output, x_gradient;
};

}  // namespace actfn::nn
