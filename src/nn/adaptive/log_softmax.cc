// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/adaptive_log_softmax.h>

#include "catalogue/error.h"
#include "catalogue/float_environment.h"
#include "catalogue/number.h"
#include "nn/adaptive/state.h"
#include "nn/sample_shape.h"
#include "nn/weight_source.h"

#include <cmath>
#include <string>

namespace actfn::nn {

AdaptiveLogSoftmaxWithLoss::AdaptiveLogSoftmaxWithLoss(int in_features, int n_classes,
                                                       const std::vector<int>& cutoffs,
                                                       const AdaptiveLogSoftmaxOptions& options)
    : state_(std::make_unique<State>(AdaptiveLayout(in_features, n_classes, cutoffs, options))) {
  set_threads(1);
}

AdaptiveLogSoftmaxWithLoss::AdaptiveLogSoftmaxWithLoss(AdaptiveLogSoftmaxWithLoss&&) noexcept =
    default;
AdaptiveLogSoftmaxWithLoss& AdaptiveLogSoftmaxWithLoss::operator=(
    AdaptiveLogSoftmaxWithLoss&&) noexcept = default;
AdaptiveLogSoftmaxWithLoss::~AdaptiveLogSoftmaxWithLoss() = default;

int AdaptiveLogSoftmaxWithLoss::in_features() const { return state_->layout.in_features; }
int AdaptiveLogSoftmaxWithLoss::n_classes() const { return state_->layout.n_classes; }

std::vector<Parameter> AdaptiveLogSoftmaxWithLoss::parameters() {
  const AdaptiveLayout& layout = state_->layout;
  std::vector<Parameter> all;
  const auto add = [&](std::string name, const Shape& shape, std::size_t place) {
    const std::size_t size = size_of(shape).value();
    all.push_back({std::move(name), shape, std::span(state_->parameters).subspan(place, size),
                   std::span(state_->gradients).subspan(place, size)});
  };
  const auto in = static_cast<std::size_t>(layout.in_features);
  const auto entries = static_cast<std::size_t>(layout.entries);
  add("head.weight", {entries, in}, layout.head_weight);
  if (layout.head_bias) add("head.bias", {entries}, layout.bias);
  for (std::size_t i = 0; i < layout.clusters.size(); ++i) {
    const AdaptiveCluster& cluster = layout.clusters[i];
    const auto features = static_cast<std::size_t>(cluster.features);
    const std::string name = "tail." + std::to_string(i);
    add(name + ".0.weight", {features, in}, cluster.projection);
    add(name + ".1.weight", {static_cast<std::size_t>(cluster.classes), features}, cluster.weight);
  }
  return all;
}

void AdaptiveLogSoftmaxWithLoss::initialize(std::uint64_t seed) {
  const FloatEnvironment environment;
  WeightSource source(Init::lecun_uniform, seed);
  for (const Parameter& p : parameters()) {
    const bool bias = p.shape.count() == 1;
    const std::size_t fan_in = bias ? static_cast<std::size_t>(in_features()) : p.shape[1];
    source.draw_uniform(1 / std::sqrt(static_cast<double>(fan_in)), p.values);
  }
}

void AdaptiveLogSoftmaxWithLoss::set_threads(int threads, const Executor* executor) {
  require_threads(kAdaptive, threads);
  state_->team = std::make_unique<Team>(threads, executor);
}

void AdaptiveLogSoftmaxWithLoss::set_reproducible(bool reproducible) {
  state_->products = reproducible ? kReproducible : ProductKind();
}

AdaptiveLogSoftmaxResult AdaptiveLogSoftmaxWithLoss::forward(
    std::span<const float> x, std::span<const std::uint32_t> targets) {
  const FloatEnvironment environment;
  State& s = *state_;
  const int rows = s.rows_of(x);
  s.check_targets(rows, targets);
  s.rows = 0;  // until it is done: memory may run out
  s.assign_rows(targets);
  s.forward_head(x);
  for (std::size_t i = 0; i < s.clusters.size(); ++i) s.forward_cluster(i);
  s.rows = rows;
  for (std::size_t r = 0; r < targets.size(); ++r) {
    s.output[r] = static_cast<float>(s.results[r].label);
  }
  return {std::span(s.output).first(targets.size()), s.mean_loss()};
}

std::span<const float> AdaptiveLogSoftmaxWithLoss::backward(double factor) {
  const FloatEnvironment environment;
  State& s = *state_;
  if (s.rows == 0) fail(kAdaptive, {"there is no forward() before backward()"});
  if (!std::isfinite(factor)) {
    fail(kAdaptive, {"factor must be finite, got ", write_number(factor)});
  }
  const double scale = -factor / s.rows;
  const double e = s.layout.label_smoothing;
  return s.backward({s.labels.size(), {scale * (1 - e), scale * e / s.layout.n_classes}});
}

std::span<const float> AdaptiveLogSoftmaxWithLoss::backward(std::span<const float> dy) {
  const FloatEnvironment environment;
  State& s = *state_;
  if (s.rows == 0) fail(kAdaptive, {"there is no forward() before backward()"});
  if (dy.size() != s.labels.size()) {
    fail(kAdaptive, {"dy has ", dy.size(), " elements, the last forward() gave ", s.labels.size()});
  }
  std::vector<RowGradient> by_row;
  for (const float d : dy) by_row.push_back({static_cast<double>(d), 0});
  return s.backward(std::move(by_row));
}

}  // namespace actfn::nn
