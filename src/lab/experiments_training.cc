// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/training.h"

#include <algorithm>
#include <cstddef>

#include "nn/inside.h"

namespace actfn::lab::experiments {
namespace {

constexpr int kEvaluationBatch = 256;

std::vector<nn::Parameter> parameters_of(nn::Sequential& network, bool decay_all) {
  std::vector<nn::Parameter> parameters = network.parameters();
  for (nn::Parameter& p : parameters) p.decayed = p.decayed || decay_all;
  return parameters;
}

// Whether all parameters are updated together, after the whole backward pass.
bool at_once(const Recipe& recipe) { return recipe.clip != 0 || recipe.decay_all; }

// Sums over samples, as a mean.
class Mean {
 public:
  void add(const nn::LossSum& sum, std::size_t samples) {
    loss_ += sum.loss;
    correct_ += static_cast<double>(sum.correct);
    samples_ += static_cast<double>(samples);
  }
  Score score() const { return {loss_ / samples_, correct_ / samples_}; }

 private:
  double loss_ = 0, correct_ = 0, samples_ = 0;
};

}  // namespace

std::vector<nn::Layer> dense(const std::vector<int>& widths, std::string_view between) {
  const std::vector<nn::Layer> inner = nn::parse_layers(between);
  std::vector<nn::Layer> layers;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
    const bool last = i + 2 == widths.size();
    const int out = last ? widths[i + 1] : nn::in_features_for(inner, widths[i + 1]);
    layers.emplace_back(nn::Linear{widths[i], out});
    if (!last) layers.insert(layers.end(), inner.begin(), inner.end());
  }
  return layers;
}

std::vector<int> widths_of(int hidden, int width) {
  std::vector<int> widths(static_cast<std::size_t>(hidden) + 2, width);
  widths.front() = kPixels;
  widths.back() = kClasses;
  return widths;
}

nn::Sequential initialized(nn::Sequential network, nn::Init init, std::uint64_t seed) {
  network.set_reproducible(true);
  network.initialize(init, seed);
  return network;
}

data::Samples first_of(const data::Samples& samples, std::size_t count) {
  data::Samples some;
  some.count = std::min(count, samples.count);
  some.features = samples.features;
  const auto take = [](const auto& from, std::size_t n, auto& to) {
    const auto end = from.begin() + static_cast<std::ptrdiff_t>(std::min(n, from.size()));
    to.assign(from.begin(), end);
  };
  take(samples.bytes, some.count * some.features, some.bytes);
  take(samples.floats, some.count * some.features, some.floats);
  take(samples.labels, some.count, some.labels);
  take(samples.targets, some.count, some.targets);
  return some;
}

Images first_images(std::size_t train, std::size_t test) {
  const data::Dataset& all = Materials::images();
  return {first_of(all.train, train), first_of(all.test, test)};
}

Score mean_score(const data::Samples& samples, int batch, const Materials& materials,
                 const std::function<nn::LossSum(const Batch&)>& loss) {
  Batches batches(samples, batch);
  Mean mean;
  for (int i = 0; i < batches.count(); ++i) {
    materials.go_on();
    const Batch one = batches.get(i);
    mean.add(loss(one), one.rows());
  }
  return mean.score();
}

Study::Study(const Recipe& recipe, const data::Samples& train)
    : network_(initialized(nn::Sequential(recipe.in, recipe.layers), recipe.init, recipe.seed)),
      parameters_(parameters_of(network_, recipe.decay_all)),
      optimizer_(at_once(recipe) ? nn::Optimizer(recipe.rule, parameters_)
                                 : nn::Optimizer(recipe.rule, network_)),
      batches_(train, recipe.batch),
      seed_(recipe.seed),
      clip_(recipe.clip),
      at_once_(at_once(recipe)) {}

Score Study::train_epoch(const Materials& materials) {
  network_.set_training(true);
  batches_.shuffle(seed_, ++epoch_);
  Mean mean;
  for (int i = 0; i < batches_.count(); ++i) {
    materials.go_on();
    const Batch batch = batches_.get(i);
    const auto logits = network_.forward(batch.x);
    gradient_.resize(logits.size());
    mean.add(nn::cross_entropy(logits, batch.labels, gradient_), batch.rows());
    if (at_once_) {
      network_.backward(gradient_);
      if (clip_ != 0) nn::clip_grad_norm(parameters_, clip_);
      optimizer_.step(parameters_);
    } else {
      network_.backward(gradient_, optimizer_);
    }
  }
  return mean.score();
}

Score Study::score(const data::Samples& samples, const Materials& materials) {
  network_.set_training(false);
  return mean_score(samples, kEvaluationBatch, materials, [&](const Batch& batch) {
    return nn::cross_entropy(network_.forward(batch.x), batch.labels);
  });
}

void Study::look(const data::Samples& samples, std::size_t count) {
  network_.set_training(false);
  Batches batches(samples, static_cast<int>(std::min(count, samples.count)));
  const Batch batch = batches.get(0);
  looked_at_.assign(batch.x.begin(), batch.x.end());
  last_ = network_.forward(looked_at_);
}

std::span<const float> Study::output(std::size_t index) const {
  if (index + 1 == network_.layers().size()) return last_;
  return nn::Inside(network_).output({index});
}

}  // namespace actfn::lab::experiments
