// SPDX-License-Identifier: Apache-2.0
#include "lab/choose_cost.h"

#include <algorithm>
#include <cmath>
#include <variant>

namespace actfn::lab {
namespace {

// Seconds. Of small networks, where the caches hold all but the samples.
constexpr double kInput = 1e-9;        // a number of a sample: gathered for a batch
constexpr double kProduct = 0.027e-9;  // a multiplication and an addition in a matrix product
constexpr double kElement = 3e-9;      // an element of a layer without weights, there and back
constexpr double kParameter = 0.4e-9;  // an update
constexpr double kLayer = 1.5e-6;      // a layer of a batch, however small
constexpr double kFirst = 30e-9;       // a parameter: drawn, hashed before and after

struct Counts {
  double inputs = 0;    // of a sample
  double products = 0;  // forward, of a sample
  double first = 0;     // those of the first layer with weights: no gradient goes through it
  double elements = 0;  // of a sample
  double parameters = 0;
  double layers = 0;
};

// How many numbers of a sample each weight is multiplied with: the places of an image, the items of
// a sequence.
double places(const nn::Part& part) {
  const bool image = std::holds_alternative<nn::Conv2d>(part.layer) ||
                     std::holds_alternative<nn::ConvTranspose2d>(part.layer);
  const std::size_t features = image ? part.shape[0] : static_cast<std::size_t>(part.width);
  return static_cast<double>(part.size) / static_cast<double>(std::max<std::size_t>(1, features));
}

double weights(const nn::Part& part) {
  if (const auto* const linear = std::get_if<nn::Linear>(&part.layer)) {
    return static_cast<double>(linear->in_features) * linear->out_features;
  }
  return part.module == nullptr ? 0 : static_cast<double>(part.module->parameter_count().value());
}

Counts counts_of(const nn::Architecture& network) {
  Counts c;
  c.inputs = network.in_features;
  for (const nn::Part& part : network.parts) {
    const double products = weights(part) * places(part);
    if (products > 0 && c.products == 0) c.first = products;
    c.products += products;
    c.elements += part.size;
    ++c.layers;
  }
  c.parameters = static_cast<double>(nn::parameter_count(network));
  return c;
}

double batches(double samples, int batch) { return std::ceil(samples / batch); }

}  // namespace

Cost cost_of(const nn::Architecture& network, int batch) {
  const Counts c = counts_of(network);
  const double of_a_sample =
      c.inputs * kInput + (3 * c.products - c.first) * kProduct + c.elements * kElement;
  return {.setup = c.parameters * kFirst,
          .step = batch * of_a_sample + c.parameters * kParameter + c.layers * kLayer,
          .sample = c.inputs * kInput + c.products * kProduct + c.elements * kElement / 3};
}

double training_seconds(const Cost& cost, const Stage& stage, const SampleCounts& samples,
                        int batch, bool tested) {
  const auto validation = static_cast<double>(samples.validation);
  const double trained = std::max(1.0, stage.share * static_cast<double>(samples.train));
  const double epoch = batches(trained, batch) * cost.step + validation * cost.sample;
  // Before training it is evaluated on two parts, in the end twice on the test part.
  double evaluated = 2 * validation;
  if (tested) evaluated += 2 * static_cast<double>(samples.test);
  return cost.setup + stage.epochs * epoch + evaluated * cost.sample;
}

}  // namespace actfn::lab
