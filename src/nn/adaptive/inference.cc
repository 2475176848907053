// SPDX-License-Identifier: Apache-2.0
// The log-probabilities of all classes, and the most probable one. The memory of the last
// forward() stays as it is.
#include <actfn/nn/adaptive_log_softmax.h>

#include "catalogue/error.h"
#include "catalogue/float_environment.h"
#include "memory/overlap.h"
#include "nn/adaptive/state.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace actfn::nn {
namespace {

using State = AdaptiveLogSoftmaxWithLoss::State;

// f(row, log-probabilities of the head's entries) for all rows.
template <class F>
void for_each_head_row(State& s, const PaddedRows& x, int rows, F&& f) {
  PaddedRows weight;
  weight.resize(s.layout.entries, s.layout.in_features);
  weight.copy(*s.team, s.parameters.data() + s.layout.head_weight, s.layout.in_features,
              {0, s.layout.entries});
  SoftmaxParameters p = s.head_parameters();
  p.weight = weight.matrix();
  AdaptiveSoftmax head(s.layout.in_features, s.layout.entries);
  head.reserve(rows);
  head.for_each_row(*s.team, p, x, f);
}

// The same for cluster i.
template <class F>
void for_each_cluster_row(State& s, std::size_t i, const PaddedRows& x, int rows, F&& f) {
  PaddedRows hidden;
  s.project(i, x, rows, hidden);
  AdaptiveSoftmax softmax(s.layout.clusters[i].features, s.layout.clusters[i].classes);
  softmax.reserve(rows);
  softmax.for_each_row(*s.team, s.cluster_parameters(i), hidden, f);
}

PaddedRows padded_copy(State& s, std::span<const float> x, int rows) {
  PaddedRows copy;
  copy.resize(rows, s.layout.in_features);
  copy.copy(*s.team, x.data(), s.layout.in_features, {0, rows});
  return copy;
}

// The best class so far, and what the entries of the clusters say.
struct Best {
  std::vector<std::uint32_t> classes;
  std::vector<float> log_probs;  // of these
  Buffer entries;                // [rows, clusters]
};

Best best_of_head(State& s, const PaddedRows& x, int rows) {
  const std::size_t count = s.layout.clusters.size();
  Best best{std::vector<std::uint32_t>(index(rows)), std::vector<float>(index(rows)),
            Buffer(index(rows) * count)};
  for_each_head_row(s, x, rows, [&](int row, const float* log_probs) {
    const float* end = log_probs + s.layout.shortlist;
    const float* most = std::max_element(log_probs, end);
    best.classes[index(row)] = static_cast<std::uint32_t>(most - log_probs);
    best.log_probs[index(row)] = *most;
    std::copy_n(end, count, best.entries.begin() + static_cast<std::ptrdiff_t>(index(row) * count));
  });
  return best;
}

void look_into_cluster(State& s, std::size_t i, const PaddedRows& x, Best& best) {
  const std::size_t count = s.layout.clusters.size();
  std::vector<int> rows;
  for (std::size_t r = 0; r < best.classes.size(); ++r) {
    if (best.entries[r * count + i] > best.log_probs[r]) rows.push_back(static_cast<int>(r));
  }
  if (rows.empty()) return;
  const AdaptiveCluster& cluster = s.layout.clusters[i];
  PaddedRows some;
  some.resize(static_cast<int>(rows.size()), s.layout.in_features);
  some.gather(x, s.layout.in_features, rows);
  for_each_cluster_row(s, i, some, static_cast<int>(rows.size()), [&](int row, const float* z) {
    const std::size_t r = index(rows[index(row)]);
    const float* most = std::max_element(z, z + cluster.classes);
    const float log_prob = best.entries[r * count + i] + *most;
    if (!(log_prob > best.log_probs[r])) return;
    best.log_probs[r] = log_prob;
    best.classes[r] = static_cast<std::uint32_t>(cluster.first + (most - z));
  });
}

void check_output(int rows, int classes, std::span<const float> x, std::span<float> y) {
  const std::size_t needed = index(rows) * index(classes);
  if (y.size() != needed) {
    fail(kAdaptive, {"y has ", y.size(), " elements, ", needed, " are needed"});
  }
  if (memory::overlap(x, y)) fail(kAdaptive, {"y overlaps x"});
}

}  // namespace

void AdaptiveLogSoftmaxWithLoss::log_prob(std::span<const float> x, std::span<float> y) {
  const FloatEnvironment environment;
  State& s = *state_;
  const int rows = s.rows_of(x);
  check_output(rows, n_classes(), x, y);
  const PaddedRows samples = padded_copy(s, x, rows);
  const std::size_t count = s.clusters.size();
  Buffer entries(index(rows) * count);
  const auto row_of = [&](int row) { return y.data() + index(row) * index(n_classes()); };
  for_each_head_row(s, samples, rows, [&](int row, const float* log_probs) {
    std::copy_n(log_probs, s.layout.shortlist, row_of(row));
    std::copy_n(log_probs + s.layout.shortlist, count, entries.data() + index(row) * count);
  });
  for (std::size_t i = 0; i < count; ++i) {
    const AdaptiveCluster& cluster = s.layout.clusters[i];
    for_each_cluster_row(s, i, samples, rows, [&](int row, const float* z) {
      const float entry = entries[index(row) * count + i];
      std::transform(z, z + cluster.classes, row_of(row) + cluster.first,
                     [entry](float log_prob) { return entry + log_prob; });
    });
  }
}

std::vector<std::uint32_t> AdaptiveLogSoftmaxWithLoss::predict(std::span<const float> x) {
  const FloatEnvironment environment;
  State& s = *state_;
  const int rows = s.rows_of(x);
  const PaddedRows samples = padded_copy(s, x, rows);
  Best best = best_of_head(s, samples, rows);
  for (std::size_t i = 0; i < s.clusters.size(); ++i) look_into_cluster(s, i, samples, best);
  return std::move(best.classes);
}

}  // namespace actfn::nn
