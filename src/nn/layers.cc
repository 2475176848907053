// Layers as text, and the numbers of features that go through them.
#include <actfn/nn/layers.h>

#include "catalogue/error.h"
#include "catalogue/lists.h"
#include "catalogue/text.h"

namespace actfn::nn {
namespace {

std::string text(const Linear& l) {
  return "linear(in_features=" + std::to_string(l.in_features) +
         ",out_features=" + std::to_string(l.out_features) + ")";
}
std::string text(const Function& f) { return actfn::to_string(f); }

int in_features_for(const Layer& layer, int out) {
  const auto* const f = std::get_if<Function>(&layer);
  if (f == nullptr) return out;
  const functions::Lengths lengths = functions::lengths_of(*f);
  if (lengths.x == 0) fail(info(*f).name, {"gives one number for a row: no layer can follow it"});
  const int in = static_cast<int>(lengths.x);
  const int per_group = static_cast<int>(lengths.y);
  if (out % per_group == 0) return out / per_group * in;
  fail(info(*f).name, {"gives a multiple of ", per_group, " features, not ", out});
}

std::optional<Activation> curve(const Activation& f) { return f; }
std::optional<Activation> curve(const RandomActivation& f) { return evaluated(f); }
std::optional<Activation> curve(const LearnedActivation& f) {
  if (const auto* const prelu = std::get_if<Prelu>(&f)) return LeakyRelu{prelu->init};
  return std::get<Learnable>(f).activation;
}
template <class List>
std::optional<Activation> curve(const List& /*f*/) {
  return std::nullopt;
}

}  // namespace

std::vector<Layer> parse_layers(std::string_view spec) {
  std::vector<Layer> layers;
  for (const auto part : functions::split(spec, '+')) layers.emplace_back(parse_function(part));
  return layers;
}

std::string to_string(std::span<const Layer> layers) {
  std::string all;
  for (const Layer& layer : layers) {
    if (!all.empty()) all += "+";
    all += std::visit([](const auto& one) { return text(one); }, layer);
  }
  return all;
}

int in_features_for(std::span<const Layer> layers, int out_features) {
  for (std::size_t i = layers.size(); i-- > 0;) {
    out_features = in_features_for(layers[i], out_features);
  }
  return out_features;
}

std::optional<Activation> curve_of(std::span<const Layer> layers) {
  if (layers.empty()) return std::nullopt;
  const auto* const f = std::get_if<Function>(&layers.front());
  if (f == nullptr) return std::nullopt;
  return std::visit([](const auto& list) { return curve(list); }, *f);
}

}  // namespace actfn::nn
