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

void require_function(const Layer& layer) {
  if (std::holds_alternative<Function>(layer)) return;
  fail("sequential", {to_string(std::span(&layer, 1)),
                      " before the first Linear: the shape of the samples must be given"});
}

// What the first Linear takes, seen through the layers before it.
std::size_t in_features_before(const std::vector<Layer>& layers) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto* linear = std::get_if<Linear>(&layers[i]);
    if (linear == nullptr) {
      require_function(layers[i]);
      continue;
    }
    check_linear(*linear, 0);
    const int in = in_features_for(std::span(layers).first(i), linear->in_features);
    return static_cast<std::size_t>(in);
  }
  fail("sequential", {"there is no Linear layer"});
}

Part part_of(const Layer& layer, ModulePointer module, const Shape& out) {
  check_sample(layer, out);
  return {layer, std::move(module), out, static_cast<int>(out[out.count() - 1]),
          static_cast<int>(size_of(out).value())};
}

Part make_part(const Layer& layer, const Shape& before) {
  if (const auto* linear = std::get_if<Linear>(&layer)) {
    check_linear(*linear, before[before.count() - 1]);
    return part_of(layer, nullptr,
                   with_last(before, static_cast<std::size_t>(linear->out_features)));
  }
  auto module = make_module(layer, before);
  const Shape out = module == nullptr ? before : module->out();
  return part_of(layer, std::move(module), out);
}

void check_input(const Shape& in) {
  if (in.count() < 1 || in.count() >= kMaxDimensions) {
    fail("sequential",
         {"samples must have from 1 to ", kMaxDimensions - 1, " dimensions, got ", in.count()});
  }
  const Size size = size_of(in);
  if (size < Size(1) || size > Size(kMostFeatures)) {
    fail("sequential",
         {"samples must have from 1 to ", kMostFeatures, " elements, got the shape ", text(in)});
  }
}

struct Numbers {
  Size parameters = 0;
  Size of_a_row = 0;
  Size workspaces = 0;
};

// The products of a Linear's blocks are kept beside its output and the gradient of that.
void add_linear(const Linear& linear, int size, Numbers& n) {
  const auto in = static_cast<std::size_t>(linear.in_features);
  const auto out = static_cast<std::size_t>(linear.out_features);
  const auto blocks = static_cast<std::size_t>(part_count(linear.in_features, kBlockRows));
  n.parameters = n.parameters + Size(in + 1) * out;
  n.of_a_row = n.of_a_row + Size(blocks > 1 ? blocks + 2 : 2) * static_cast<std::size_t>(size);
}

Numbers numbers_of(const Architecture& network, std::size_t rows) {
  Numbers n;
  n.of_a_row = static_cast<std::size_t>(network.in_features);
  for (const Part& part : network.parts) {
    if (const auto* const linear = std::get_if<Linear>(&part.layer)) {
      add_linear(*linear, part.size, n);
      continue;
    }
    n.of_a_row = n.of_a_row + Size(2) * static_cast<std::size_t>(part.size);
    if (part.module == nullptr) continue;
    n.parameters = n.parameters + part.module->parameter_count();
    n.workspaces = n.workspaces + part.module->workspace_size(rows);
  }
  return n;
}

}  // namespace

std::size_t parameter_count(const Architecture& network) {
  return numbers_of(network, 0).parameters.value();
}

std::size_t training_size(const Architecture& network, std::size_t rows) {
  const Numbers n = numbers_of(network, rows);
  return (Size(4) * n.parameters + rows * n.of_a_row + n.workspaces).value();
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
    : Architecture({in_features_before(layers)}, layers) {}

Architecture::Architecture(const Shape& samples, const std::vector<Layer>& layers) : in(samples) {
  check_input(in);
  if (layers.empty()) fail("sequential", {"there are no layers"});
  in_features = static_cast<int>(size_of(in).value());
  Shape shape = in;
  for (const Layer& layer : layers) {
    parts.push_back(make_part(layer, shape));
    shape = parts.back().shape;
  }
}

}  // namespace actfn::nn
