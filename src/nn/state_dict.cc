// SPDX-License-Identifier: Apache-2.0
#include "nn/state_dict.h"

#include <actfn/nn/state_dict.h>

#include "catalogue/quote.h"
#include "catalogue/shape.h"
#include "files/replace_file.h"
#include "files/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>

namespace actfn::nn {
namespace {

using files::Safetensors;

bool is_prelu(const Layer& layer) {
  const auto* const f = std::get_if<Function>(&layer);
  const auto* const learned = f == nullptr ? nullptr : std::get_if<LearnedActivation>(f);
  return learned != nullptr && std::holds_alternative<Prelu>(*learned);
}

// f(here, there): the place of each number in memory, and in PyTorch's layout.
template <class F>
void for_each_place(const Parameter& p, const F& f) {
  if (!p.transposed) {
    for (std::size_t i = 0; i < p.values.size(); ++i) f(i, i);
    return;
  }
  const std::size_t rows = p.shape[0];
  const std::size_t columns = p.shape[1];
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) f(c * rows + r, r * columns + c);
  }
}

std::vector<float> floats_of(std::string_view bytes) {
  std::vector<float> all(bytes.size() / sizeof(float));
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::uint32_t bits = 0;
    for (std::size_t b = sizeof bits; b-- > 0;) {
      bits = bits << 8U | static_cast<unsigned char>(bytes[i * sizeof bits + b]);
    }
    all[i] = std::bit_cast<float>(bits);
  }
  return all;
}

void require_fit(const Safetensors& file, const std::vector<Parameter>& parameters) {
  for (const Parameter& p : parameters) {
    const Safetensors::Entry& entry = file.entry(p.name);
    const std::string name = in_quotes(p.name);
    if (entry.type != "F32") file.fail(name + " is " + entry.type + ": only F32 is read");
    if (!std::ranges::equal(entry.shape, std::span(p.shape.begin(), p.shape.end()))) {
      file.fail(name + " has the shape " + files::shape_text(entry.shape) + ", the network's is " +
                text(p.shape));
    }
  }
  for (const auto& [name, entry] : file.entries()) {
    if (std::ranges::find(parameters, name, &Parameter::name) == parameters.end()) {
      file.fail("the network has no parameter " + in_quotes(name));
    }
  }
}

void take(Sequential& network, const Safetensors& file) {
  const std::vector<Parameter> parameters = named_parameters(network);
  require_fit(file, parameters);
  std::vector<std::vector<float>> all;  // before anything is written: memory may run out
  for (const Parameter& p : parameters) all.push_back(floats_of(file.entry(p.name).bytes));
  for (std::size_t i = 0; i < parameters.size(); ++i) restore(parameters[i], all[i]);
}

}  // namespace

std::vector<Parameter> named_parameters(Sequential& network) {
  std::vector<Parameter> all;
  const std::vector<Layer> layers = network.layers();
  const auto linears = network.linears();
  const auto learned = network.learned();
  auto linear = linears.begin();
  auto other = learned.begin();
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::string name = std::to_string(i) + ".";
    if (std::holds_alternative<Linear>(layers[i])) {
      const auto in = static_cast<std::size_t>(linear->shape.in_features);
      const std::size_t out = linear->bias.size();
      all.push_back({name + "weight", {out, in}, linear->weight, {}, true, true});
      all.push_back({name + "bias", {out}, linear->bias, {}, true, false});
      ++linear;
    } else if (other != learned.end() && other->layer == i) {
      const char* const last = is_prelu(layers[i]) ? "weight" : "values";
      all.push_back({name + last, {other->values.size()}, other->values, {}, false, false});
      ++other;
    }
  }
  return all;
}

std::vector<float> stored(const Parameter& p) {
  std::vector<float> values(p.values.size());
  for_each_place(p, [&](std::size_t here, std::size_t there) { values[there] = p.values[here]; });
  return values;
}

void restore(const Parameter& p, std::span<const float> values) {
  for_each_place(p, [&](std::size_t here, std::size_t there) { p.values[here] = values[there]; });
}

std::string weights_file(Sequential& network) {
  std::vector<files::NamedTensor> tensors;
  for (const Parameter& p : named_parameters(network)) {
    tensors.push_back({p.name, {p.shape.begin(), p.shape.end()}, stored(p)});
  }
  const std::vector<Layer> layers = network.layers();
  const std::pair<std::string, std::string> metadata[] = {{"format", "pt"},
                                                          {"network", to_string(layers)}};
  return files::safetensors(tensors, metadata);
}

void save(Sequential& network, const std::filesystem::path& file) {
  files::replace_file("save", file, weights_file(network));
}

void load(Sequential& network, const std::filesystem::path& file) {
  take(network, Safetensors::read(file));
}

Sequential load(const std::filesystem::path& file) {
  const Safetensors read = Safetensors::read(file);
  Sequential network(parse_network(read.metadata("network")));
  take(network, read);
  return network;
}

}  // namespace actfn::nn
