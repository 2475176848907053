// SPDX-License-Identifier: Apache-2.0
#include "nn/architecture.h"

#include "catalogue/error.h"
#include "catalogue/lists.h"
#include "catalogue/size.h"
#include "nn/network.h"

#include <limits>
#include <utility>

namespace actfn::nn {
namespace {

constexpr std::size_t kMostFeatures = std::numeric_limits<int>::max();

void check_linear(const Linear& l, int before) {
  if (l.in_features < 1 || l.out_features < 1) {
    fail("sequential",
         {"a Linear's sizes must be at least 1, got ", l.in_features, " and ", l.out_features});
  }
  if (before != 0 && l.in_features != before) {
    fail("sequential", {"a Linear takes ", l.in_features, " features where ", before, " come in"});
  }
}

// What the first Linear takes, seen through the layers before it.
int in_features_before(const std::vector<Layer>& layers) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto* linear = std::get_if<Linear>(&layers[i]);
    if (linear == nullptr) continue;
    check_linear(*linear, 0);
    return in_features_for(std::span(layers).first(i), linear->in_features);
  }
  fail("sequential", {"there is no Linear layer"});
}

Part make_part(const Layer& layer, int before) {
  if (const auto* linear = std::get_if<Linear>(&layer)) {
    check_linear(*linear, before);
    return {layer, nullptr, linear->out_features};
  }
  auto module = make_module(std::get<Function>(layer), before);
  const int width = module == nullptr ? before : module->out_features();
  return {layer, std::move(module), width};
}

struct Numbers {
  Size parameters = 0;
  Size of_a_row = 0;
};

// The products of a Linear's blocks are kept beside its output and the gradient of that.
void add_linear(const Linear& linear, Numbers& n) {
  const auto in = static_cast<std::size_t>(linear.in_features);
  const auto out = static_cast<std::size_t>(linear.out_features);
  const auto blocks = static_cast<std::size_t>(part_count(linear.in_features, kBlockRows));
  n.parameters = n.parameters + Size(in + 1) * out;
  n.of_a_row = n.of_a_row + Size(blocks > 1 ? blocks + 2 : 2) * out;
}

Numbers numbers_of(const Architecture& network) {
  Numbers n;
  n.of_a_row = static_cast<std::size_t>(network.in_features);
  for (const Part& part : network.parts) {
    if (const auto* const linear = std::get_if<Linear>(&part.layer)) {
      add_linear(*linear, n);
      continue;
    }
    if (part.module) n.parameters = n.parameters + part.module->parameter_count();
    n.of_a_row = n.of_a_row + Size(2) * static_cast<std::size_t>(part.width);
  }
  return n;
}

}  // namespace

std::size_t parameter_count(const Architecture& network) {
  return numbers_of(network).parameters.value();
}

std::size_t training_size(const Architecture& network, std::size_t rows) {
  const Numbers n = numbers_of(network);
  return (Size(4) * n.parameters + rows * n.of_a_row).value();
}

int in_features_for(std::span<const Layer> layers, int out_features) {
  for (std::size_t i = layers.size(); i-- > 0;) {
    const auto* const f = std::get_if<Function>(&layers[i]);
    if (f == nullptr) continue;
    const auto [x, y] = functions::lengths_of(*f);
    const std::string_view who = info(*f).name;
    if (x == 0) fail(who, {"gives one number for a row: no layer can follow it"});
    const auto out = static_cast<std::size_t>(out_features);
    if (out % y != 0) fail(who, {"gives a multiple of ", y, " features, not ", out});
    const Size in = Size(out / y) * x;
    if (in > kMostFeatures) fail(who, {"takes more than ", kMostFeatures, " features for ", out});
    out_features = static_cast<int>(in.value());
  }
  return out_features;
}

Architecture::Architecture(const std::vector<Layer>& layers)
    : in_features(in_features_before(layers)) {
  int width = in_features;
  for (const Layer& layer : layers) {
    parts.push_back(make_part(layer, width));
    width = parts.back().width;
  }
}

}  // namespace actfn::nn
