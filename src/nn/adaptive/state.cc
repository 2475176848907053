// SPDX-License-Identifier: Apache-2.0
// The passes of an adaptive softmax.
#include "nn/adaptive/state.h"

#include "catalogue/error.h"
#include "nn/vector_ops.h"

#include <algorithm>
#include <limits>

namespace actfn::nn {
namespace {

// Products of projections are cut into so many rows, or so many columns of their gradients.
constexpr int kProjectedRows = 128;
constexpr int kProjectionColumns = 256;

}  // namespace

AdaptiveLogSoftmaxWithLoss::State::State(const AdaptiveLayout& sizes)
    : layout(sizes),
      parameters(sizes.parameter_count),
      gradients(sizes.parameter_count),
      head(sizes.in_features, sizes.entries, sizes.cluster_sizes()) {
  for (const AdaptiveCluster& cluster : layout.clusters) clusters.emplace_back(cluster);
}

int AdaptiveLogSoftmaxWithLoss::State::rows_of(std::span<const float> samples) const {
  const std::size_t in = index(layout.in_features);
  if (samples.empty() || samples.size() % in != 0) {
    fail(kAdaptive,
         {"x has ", samples.size(), " elements, which are no whole rows of ", layout.in_features});
  }
  constexpr int kMost = std::numeric_limits<int>::max();
  if (samples.size() / in > index(kMost)) {
    fail(kAdaptive, {"x has ", samples.size() / in, " rows, more than ", kMost});
  }
  return static_cast<int>(samples.size() / in);
}

void AdaptiveLogSoftmaxWithLoss::State::check_targets(
    int count, std::span<const std::uint32_t> targets) const {
  if (targets.size() != index(count)) {
    fail(kAdaptive, {"x has ", count, " rows, targets has ", targets.size(), " elements"});
  }
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (targets[i] < static_cast<std::uint32_t>(layout.n_classes)) continue;
    fail(kAdaptive,
         {"target ", i, " is ", targets[i], ", classes are 0 to ", layout.n_classes - 1});
  }
}

SoftmaxParameters AdaptiveLogSoftmaxWithLoss::State::head_parameters() {
  const bool bias = layout.head_bias;
  return {head_weight.matrix(), bias ? parameters.data() + layout.bias : nullptr,
          gradients.data() + layout.head_weight, bias ? gradients.data() + layout.bias : nullptr,
          products};
}

SoftmaxParameters AdaptiveLogSoftmaxWithLoss::State::cluster_parameters(std::size_t i) {
  const AdaptiveCluster& cluster = layout.clusters[i];
  return {{parameters.data() + cluster.weight, cluster.features},
          nullptr,
          gradients.data() + cluster.weight,
          nullptr,
          products};
}

Matrix AdaptiveLogSoftmaxWithLoss::State::projection(std::size_t i, bool transposed) const {
  return {parameters.data() + layout.clusters[i].projection, layout.in_features, transposed};
}

void AdaptiveLogSoftmaxWithLoss::State::project(std::size_t i, const PaddedRows& samples, int count,
                                                PaddedRows& hidden) {
  const int features = layout.clusters[i].features;
  hidden.resize(count, features);
  team->run(part_count(count, kProjectedRows), [&](int /*member*/, int block) {
    const Range r = part(count, kProjectedRows, block);
    products.multiply(r.size(), features, layout.in_features, samples.matrix(r.begin),
                      projection(i, true), hidden.row(r.begin), hidden.stride());
  });
}

std::size_t AdaptiveLogSoftmaxWithLoss::State::cluster_of(int target) const {
  if (target < layout.shortlist) return layout.clusters.size();
  std::size_t i = layout.clusters.size() - 1;
  while (target < layout.clusters[i].first) --i;
  return i;
}

void AdaptiveLogSoftmaxWithLoss::State::assign_rows(std::span<const std::uint32_t> targets) {
  labels.resize(targets.size());
  for (AdaptiveClusterState& cluster : clusters) {
    cluster.rows.clear();
    cluster.labels.clear();
  }
  for (std::size_t r = 0; r < targets.size(); ++r) {
    const int target = static_cast<int>(targets[r]);
    const std::size_t own = cluster_of(target);
    labels[r] = own == clusters.size() ? target : layout.shortlist + static_cast<int>(own);
    for (std::size_t i = 0; i < clusters.size(); ++i) {
      if (i != own && layout.label_smoothing == 0) continue;
      clusters[i].rows.push_back(static_cast<int>(r));
      clusters[i].labels.push_back(i == own ? target - layout.clusters[i].first : kNoLabel);
    }
  }
}

void AdaptiveLogSoftmaxWithLoss::State::forward_head(std::span<const float> samples) {
  const int count = static_cast<int>(labels.size());
  const int in = layout.in_features;
  results.resize(labels.size());
  if (output.size() < labels.size()) output.resize(labels.size());
  if (x_gradient.size() < samples.size()) x_gradient.resize(samples.size());
  x.resize(count, in);
  x.copy(*team, samples.data(), in, {0, count});
  head_weight.resize(layout.entries, in);
  head_weight.copy(*team, parameters.data() + layout.head_weight, in, {0, layout.entries});
  head.reserve(count);
  const bool sums = layout.label_smoothing > 0;
  head.forward(*team, head_parameters(), x, labels, sums, results);
}

void AdaptiveLogSoftmaxWithLoss::State::forward_cluster(std::size_t i) {
  AdaptiveClusterState& c = clusters[i];
  if (c.rows.empty()) return;
  const int count = static_cast<int>(c.rows.size());
  c.x.resize(count, layout.in_features);
  c.x.gather(x, layout.in_features, c.rows);
  c.results.resize(c.rows.size());
  c.softmax.reserve(count);
  project(i, c.x, count, c.hidden);
  const bool sums = layout.label_smoothing > 0;
  c.softmax.forward(*team, cluster_parameters(i), c.hidden, c.labels, sums, c.results);
  for (int r = 0; r < count; ++r) {
    RowResult& all = results[index(c.rows[index(r)])];
    all.label += c.results[index(r)].label;
    all.sum += c.results[index(r)].sum;
  }
}

double AdaptiveLogSoftmaxWithLoss::State::mean_loss() const {
  const double e = layout.label_smoothing;
  double sum = 0;
  for (int r = 0; r < rows; ++r) {
    const RowResult& of = results[index(r)];
    sum -= (1 - e) * of.label;
    if (e > 0) sum -= e / layout.n_classes * of.sum;
  }
  return sum / rows;
}

void AdaptiveLogSoftmaxWithLoss::State::differentiate_projection(std::size_t i) {
  const AdaptiveClusterState& c = clusters[i];
  const int in = layout.in_features;
  const int count = static_cast<int>(c.rows.size());
  team->run(part_count(in, kProjectionColumns), [&](int /*member*/, int block) {
    const Range columns = part(in, kProjectionColumns, block);
    Matrix samples = c.x.matrix();
    samples.data += columns.begin;
    products.multiply(layout.clusters[i].features, columns.size(), count,
                      c.hidden_gradient.matrix(0, true), samples,
                      gradients.data() + layout.clusters[i].projection + columns.begin, in);
  });
}

void AdaptiveLogSoftmaxWithLoss::State::add_x_gradient(std::size_t i) {
  AdaptiveClusterState& c = clusters[i];
  const int in = layout.in_features;
  const int count = static_cast<int>(c.rows.size());
  c.x_gradient.resize(count, in);
  team->run(part_count(count, kProjectedRows), [&](int /*member*/, int block) {
    const Range r = part(count, kProjectedRows, block);
    products.multiply(r.size(), in, layout.clusters[i].features, c.hidden_gradient.matrix(r.begin),
                      projection(i, false), c.x_gradient.row(r.begin), c.x_gradient.stride());
    for (int row = r.begin; row < r.end; ++row) {
      float* to = x_gradient.data() + index(c.rows[index(row)]) * index(in);
      add_row(c.x_gradient.row(row), 1, index(in), to);
    }
  });
}

void AdaptiveLogSoftmaxWithLoss::State::backward_cluster(std::size_t i) {
  const AdaptiveCluster& sizes = layout.clusters[i];
  AdaptiveClusterState& c = clusters[i];
  if (c.rows.empty()) {
    const std::size_t projected = index(sizes.features) * index(layout.in_features);
    std::fill_n(gradients.data() + sizes.projection, projected, 0.0F);
    std::fill_n(gradients.data() + sizes.weight, index(sizes.classes) * index(sizes.features),
                0.0F);
    return;
  }
  c.hidden_gradient.resize(static_cast<int>(c.rows.size()), sizes.features);
  c.softmax.backward(*team, cluster_parameters(i), c.hidden, c.labels, c.gradients,
                     c.hidden_gradient);
  differentiate_projection(i);
  add_x_gradient(i);
}

std::span<const float> AdaptiveLogSoftmaxWithLoss::State::backward(
    std::vector<RowGradient> by_row) {
  const int in = layout.in_features;
  for (AdaptiveClusterState& c : clusters) {
    c.gradients.clear();
    for (const int r : c.rows) c.gradients.push_back(by_row[index(r)]);
  }
  head_x_gradient.resize(rows, in);
  head.backward(*team, head_parameters(), x, labels, by_row, head_x_gradient);
  for (int r = 0; r < rows; ++r) {
    std::copy_n(head_x_gradient.row(r), in, x_gradient.data() + index(r) * index(in));
  }
  for (std::size_t i = 0; i < clusters.size(); ++i) backward_cluster(i);
  return std::span(x_gradient).first(index(rows) * index(in));
}

}  // namespace actfn::nn
