// SPDX-License-Identifier: Apache-2.0
#include "lab/weights.h"

#include "data/safetensors.h"

#include <utility>
#include <variant>
#include <vector>

namespace actfn::lab {
namespace {

// Ours are [in, out].
std::vector<float> transposed(const nn::LinearView& linear) {
  const auto in = static_cast<std::size_t>(linear.shape.in_features);
  const auto out = static_cast<std::size_t>(linear.shape.out_features);
  std::vector<float> values(in * out);
  for (std::size_t i = 0; i < in; ++i) {
    for (std::size_t o = 0; o < out; ++o) values[o * in + i] = linear.weight[i * out + o];
  }
  return values;
}

bool is_prelu(const nn::Layer& layer) {
  const auto* const f = std::get_if<Function>(&layer);
  const auto* const learned = f == nullptr ? nullptr : std::get_if<LearnedActivation>(f);
  return learned != nullptr && std::holds_alternative<Prelu>(*learned);
}

}  // namespace

std::string weights_file(nn::Sequential& network, const nn::Architecture& architecture) {
  std::vector<data::NamedTensor> tensors;
  const auto linears = network.linears();
  const auto learned = network.learned();
  auto linear = linears.begin();
  auto other = learned.begin();
  for (std::size_t i = 0; i < architecture.parts.size(); ++i) {
    const nn::Layer& layer = architecture.parts[i].layer;
    const std::string name = std::to_string(i) + ".";
    if (std::holds_alternative<nn::Linear>(layer)) {
      const auto in = static_cast<std::size_t>(linear->shape.in_features);
      tensors.push_back({name + "weight", {linear->bias.size(), in}, transposed(*linear)});
      tensors.push_back(
          {name + "bias", {linear->bias.size()}, {linear->bias.begin(), linear->bias.end()}});
      ++linear;
    } else if (other != learned.end() && other->layer == i) {
      tensors.push_back({name + (is_prelu(layer) ? "weight" : "values"),
                         {other->values.size()},
                         {other->values.begin(), other->values.end()}});
      ++other;
    }
  }
  const std::pair<std::string, std::string> metadata[] = {{"format", "pt"}};
  return data::safetensors(tensors, metadata);
}

}  // namespace actfn::lab
