// SPDX-License-Identifier: Apache-2.0
// Layers as text: what the files of layers say of their arguments, for all layers of the list.
#include <actfn/nn/layers.h>
#include <actfn/nn/state_dict.h>

#include "catalogue/error.h"
#include "catalogue/float_environment.h"
#include "catalogue/grammar.h"
#include "catalogue/lists.h"
#include "catalogue/names.h"
#include "catalogue/quote.h"
#include "catalogue/suggest.h"
#include "nn/layers/text.h"
#include "nn/module.h"

#include <array>

namespace actfn::nn {
namespace {

// Each reads the text inside of the one around it: a file could make the stack overflow.
constexpr int kMostDepth = 32;

// The parameter is there for its type.
template <class... L>
auto collect(const std::variant<L...>* /*list*/) {
  return std::array{LayerFile<L>::text()...};
}

// In the order of the list; null for functions, which have the catalogue's grammar.
const auto& all_texts() {
  static const auto all = collect(static_cast<const AnyLayer*>(nullptr));
  return all;
}

// "conv2d", "Conv2d" or "nn.Conv2d"; null where no layer has the name.
const LayerText* find_layer(std::string_view name) {
  for (; !name.empty(); name = functions::without_module(name)) {
    const std::string wanted = plain(name);
    for (const LayerText* text : all_texts()) {
      if (text != nullptr && plain(text->name) == wanted) return text;
    }
  }
  return nullptr;
}

[[noreturn]] void fail_unknown(std::string_view name) {
  std::vector<std::string_view> names;
  for (const LayerText* text : all_texts()) {
    if (text != nullptr) names.push_back(text->name);
  }
  for (const std::string_view function : functions::readable_names()) names.push_back(function);
  fail("parse", {"unknown layer or function ", in_quotes(name), did_you_mean(name, names)});
}

Layer read_layer(std::string_view spec, int depth) {
  const auto parts = functions::parts_of(functions::trimmed(spec));
  if (parts.name.empty()) fail("parse", {"the name of a layer is missing"});
  if (const LayerText* const text = find_layer(parts.name)) {
    return read(*text, functions::list_of(text->name, parts), depth);
  }
  if (!functions::find_known_name(parts.name)) fail_unknown(parts.name);
  return parse_function(spec);
}

}  // namespace

std::vector<Layer> read_layers(std::string_view spec, int depth) {
  if (depth > kMostDepth) {
    fail("parse", {"there are layers inside of more than ", kMostDepth, " others"});
  }
  std::vector<Layer> layers;
  for (const auto part : functions::split(spec, '+')) layers.push_back(read_layer(part, depth));
  return layers;
}

std::vector<Layer> parse_network(std::string_view spec) {
  const FloatEnvironment environment;
  return read_layers(spec, 0);
}

std::string to_string(std::span<const Layer> layers) {
  std::string all;
  for (const Layer& layer : layers) {
    all.append(all.empty() ? "" : "+");
    const LayerText* const text = all_texts()[layer.index()];
    all.append(text == nullptr ? actfn::to_string(std::get<Function>(layer)) : write(*text, layer));
  }
  return all;
}

}  // namespace actfn::nn
