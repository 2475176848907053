// SPDX-License-Identifier: Apache-2.0
// Layers of functions as text, and layers as a curve.
#include <actfn/nn/layers.h>

#include "catalogue/lists.h"

#include <utility>

namespace actfn::nn {

Residual::Residual(std::vector<Layer> all) : layers(std::move(all)) {}
Residual::Residual(const Residual&) = default;
Residual::Residual(Residual&&) noexcept = default;
Residual& Residual::operator=(const Residual&) = default;
Residual& Residual::operator=(Residual&&) noexcept = default;
Residual::~Residual() = default;

Parallel::Parallel(std::vector<std::vector<Layer>> all) : branches(std::move(all)) {}
Parallel::Parallel(const Parallel&) = default;
Parallel::Parallel(Parallel&&) noexcept = default;
Parallel& Parallel::operator=(const Parallel&) = default;
Parallel& Parallel::operator=(Parallel&&) noexcept = default;
Parallel::~Parallel() = default;

std::vector<Layer> parse_layers(std::string_view spec) {
  std::vector<Layer> layers;
  for (const auto part : functions::split(spec, '+')) layers.emplace_back(parse_function(part));
  return layers;
}

std::optional<Activation> curve_of(std::span<const Layer> layers) {
  const auto* const f = layers.empty() ? nullptr : std::get_if<Function>(&layers.front());
  if (f == nullptr) return std::nullopt;
  if (const auto* const activation = std::get_if<Activation>(f)) return *activation;
  if (const auto* const random = std::get_if<RandomActivation>(f)) return evaluated(*random);
  const auto* const learned = std::get_if<LearnedActivation>(f);
  if (learned == nullptr) return std::nullopt;
  if (const auto* const prelu = std::get_if<Prelu>(learned)) return LeakyRelu{prelu->init};
  return std::get<Learnable>(*learned).activation;
}

}  // namespace actfn::nn
