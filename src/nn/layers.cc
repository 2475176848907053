// Layers as text, and the numbers of features that go through them.
#include <actfn/nn/layers.h>

#include <actfn/catalogue.h>
#include <actfn/error.h>

#include "api/number.h"
#include "api/spec.h"
#include "api/suggest.h"
#include "api/text.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace actfn::nn {
namespace {

constexpr std::array<std::string_view, 4> kOwn = {"prelu", "learnable", "crelu", "maxout"};

std::string_view name_of(std::string_view spec) {
  std::string_view name = spec.substr(0, spec.find('('));
  while (name.starts_with(' ')) name.remove_prefix(1);
  while (name.ends_with(' ')) name.remove_suffix(1);
  return name;
}

// What a list calls its alternatives.
template <class List, std::size_t... i>
std::vector<std::string> names_of(std::index_sequence<i...> /*all*/) {
  return {std::string(name_of(to_string(List(std::variant_alternative_t<i, List>{}))))...};
}
template <class List>
std::vector<std::string> names_of() {
  return names_of<List>(std::make_index_sequence<std::variant_size_v<List>>());
}

template <class List>
bool has(std::string_view name) {
  const auto names = names_of<List>();
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_activation(std::string_view name) {
  const auto all = catalogue();
  return std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
}

[[noreturn]] void fail_unknown(std::string_view name) {
  if (name.empty()) throw Error("[parse] the name of a layer is missing");
  std::vector<std::string> all(kOwn.begin(), kOwn.end());
  for (const auto& one : catalogue()) all.emplace_back(one.name);
  for (auto&& names : {names_of<Gate>(), names_of<RowActivation>(), names_of<RandomActivation>()}) {
    all.insert(all.end(), names.begin(), names.end());
  }
  const std::vector<std::string_view> views(all.begin(), all.end());
  throw Error("[parse] unknown layer " + in_quotes(name) + did_you_mean(name, views));
}

int whole(std::string_view who, std::string_view name, double value) {
  if (value >= 1 && value <= 1 << 30 && value == std::floor(value)) return static_cast<int>(value);
  throw Error("[" + std::string(who) + "] " + std::string(name) +
              " must be a whole number from 1 on, got " + write_number(value));
}

Layer parse_prelu(std::string_view spec) {
  const PRelu usual;
  double count = usual.num_parameters;
  double init = usual.init;
  read_numbers(spec, "prelu",
               std::array{NamedNumber{"num_parameters", &count}, NamedNumber{"init", &init}});
  return PRelu{whole("prelu", "num_parameters", count), init};
}

Layer parse_maxout(std::string_view spec) {
  double group = Maxout{}.group;
  read_numbers(spec, "maxout", std::array{NamedNumber{"group", &group}});
  return Maxout{whole("maxout", "group", group)};
}

Layer parse_learnable(std::string_view spec) {
  const std::size_t open = spec.find('(');
  const std::size_t close = spec.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    throw Error("[learnable] wants an activation in parentheses: learnable(swish)");
  }
  return Learnable(parse(spec.substr(open + 1, close - open - 1)));
}

Layer parse_layer(std::string_view spec) {
  const std::string_view name = name_of(spec);
  if (is_activation(name)) return parse(spec);
  if (has<Gate>(name)) return parse_gate(spec);
  if (has<RowActivation>(name)) return parse_row_activation(spec);
  if (has<RandomActivation>(name)) return parse_random_activation(spec);
  if (name == "prelu") return parse_prelu(spec);
  if (name == "maxout") return parse_maxout(spec);
  if (name == "learnable") return parse_learnable(spec);
  if (name == "crelu") {
    read_numbers(spec, "crelu", {});
    return Crelu{};
  }
  fail_unknown(name);
}

std::string text(const Linear& l) {
  return "linear(in_features=" + std::to_string(l.in_features) +
         ",out_features=" + std::to_string(l.out_features) + ")";
}
std::string text(const Activation& f) { return to_string(f); }
std::string text(const Gate& f) { return to_string(f); }
std::string text(const RowActivation& f) { return to_string(f); }
std::string text(const RandomActivation& f) { return to_string(f); }
std::string text(const PRelu& p) {
  const PRelu usual;
  double count = p.num_parameters, usual_count = usual.num_parameters;
  double init = p.init, usual_init = usual.init;
  return write_spec(
      "prelu", std::array{NamedNumber{"num_parameters", &count}, NamedNumber{"init", &init}},
      std::array{NamedNumber{"num_parameters", &usual_count}, NamedNumber{"init", &usual_init}});
}
std::string text(const Learnable& l) { return "learnable(" + to_string(l.activation) + ")"; }
std::string text(const Crelu& /*c*/) { return "crelu"; }
std::string text(const Maxout& m) {
  double group = m.group, usual = Maxout{}.group;
  return write_spec("maxout", std::array{NamedNumber{"group", &group}},
                    std::array{NamedNumber{"group", &usual}});
}

int in_features_for(const Layer& layer, int out) {
  if (std::holds_alternative<Gate>(layer)) return 2 * out;
  if (const auto* maxout = std::get_if<Maxout>(&layer)) return maxout->group * out;
  if (!std::holds_alternative<Crelu>(layer)) return out;
  if (out % 2 == 0) return out / 2;
  throw Error("[crelu] gives an even number of features, not " + std::to_string(out));
}

}  // namespace

std::vector<Layer> parse_layers(std::string_view spec) {
  std::vector<Layer> layers;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= spec.size(); ++i) {
    if (i < spec.size()) depth += spec[i] == '(' ? 1 : spec[i] == ')' ? -1 : 0;
    if (i < spec.size() && (spec[i] != '+' || depth > 0)) continue;
    layers.push_back(parse_layer(spec.substr(begin, i - begin)));
    begin = i + 1;
  }
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
  const Layer& first = layers.front();
  if (const auto* f = std::get_if<Activation>(&first)) return *f;
  if (const auto* f = std::get_if<RandomActivation>(&first)) return evaluated(*f);
  if (const auto* p = std::get_if<PRelu>(&first)) return LeakyRelu{p->init};
  if (const auto* l = std::get_if<Learnable>(&first)) return l->activation;
  return std::nullopt;
}

}  // namespace actfn::nn
