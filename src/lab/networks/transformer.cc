// SPDX-License-Identifier: Apache-2.0
// A Transformer's encoder: two pre-norm blocks of attention and two linear layers, with the
// activation between these (Vaswani et al. 2017, arXiv:1706.03762; Xiong et al. 2020,
// arXiv:2002.04745). Tokens are embedded; an item of two has the embeddings of both, half as wide.
// Of images each row of pixels is an item.
#include "lab/networks/network.h"

#include <fmt/format.h>

namespace actfn::lab {
namespace {

constexpr int kWidth = 64;
constexpr int kHeads = 4;

std::string needs(const SampleForm& form) {
  if (form.kind == SampleForm::Kind::numbers) return "images or sequences of tokens";
  const bool fits = form.kind == SampleForm::Kind::image || kWidth % form.shape.width == 0;
  return fits ? "" : fmt::format("items whose number of tokens divides {}", kWidth);
}

// Appends what makes a sequence [length, kWidth] of a sample, and returns the sample's shape.
Shape add_embedding(std::vector<nn::Layer>& layers, const SampleForm& form) {
  const data::SampleShape& shape = form.shape;
  if (form.kind == SampleForm::Kind::tokens) {
    const int tokens = static_cast<int>(shape.width);  // of an item
    layers.emplace_back(nn::Embedding{static_cast<int>(form.vocabulary), kWidth / tokens});
    layers.emplace_back(nn::Flatten{.start_dim = 2});
    return {shape.height, shape.width};
  }
  layers.emplace_back(nn::Flatten{.start_dim = 1, .end_dim = 2});
  layers.emplace_back(nn::Linear{static_cast<int>(shape.width), kWidth});
  return {shape.channels, shape.height, shape.width};
}

int length_of(const SampleForm& form) {
  return static_cast<int>(form.shape.channels * form.shape.height);
}

void add_block(std::vector<nn::Layer>& layers, int units, const Nonlinearity& nonlinearity) {
  layers.emplace_back(nn::Residual{nn::LayerNorm{{kWidth}},
                                   nn::SelfAttention{.embed_dim = kWidth, .num_heads = kHeads}});
  std::vector<nn::Layer> inner = {nn::LayerNorm{{kWidth}}};
  add_hidden(inner, units, nonlinearity, [](int out) { return nn::Linear{kWidth, out}; });
  inner.emplace_back(nn::Linear{units, kWidth});
  layers.emplace_back(nn::Residual{std::move(inner)});
}

nn::Architecture build(std::span<const int> widths, const Nonlinearity& nonlinearity,
                       const SampleForm& form, int outputs) {
  std::vector<nn::Layer> layers;
  const Shape in = add_embedding(layers, form);
  layers.emplace_back(nn::LearnedPositionalEncoding{.d_model = kWidth, .max_len = length_of(form)});
  for (const int units : widths) add_block(layers, units, nonlinearity);
  layers.emplace_back(nn::LayerNorm{{kWidth}});
  layers.emplace_back(nn::Flatten{});
  const int flat = nn::Architecture(in, layers).parts.back().size;
  layers.emplace_back(nn::Linear{flat, outputs});
  return {in, layers};
}

std::string text(std::span<const int> widths, const SampleForm& form, std::size_t outputs) {
  return fmt::format("{} – {} blocks of attention, {} heads of {}, and {} hidden units – {}",
                     to_string(form), widths.size(), kHeads, kWidth / kHeads, widths[0], outputs);
}

CompareSettings defaults() {
  CompareSettings s;
  s.network = "transformer";
  s.hidden = {};
  s.epochs = 10;
  s.batch = 64;
  s.lr = {0.001};
  s.schedule = "cosine";
  s.warmup = 100;
  s.clip = 1;
  return s;
}

}  // namespace

extern constinit const Network kTransformer = {
    .name = "transformer",
    .summary = "two blocks of attention and two linear layers",
    .defaults = defaults,
    .has_hidden = false,
    .widths =
        [](const CompareSettings& /*s*/) {
          return std::vector{2 * kWidth, 2 * kWidth};
        },
    .usual = {SampleForm::Kind::image, {1, 28, 28}},
    .needs = needs,
    .build = build,
    .text = text,
    .units = "Each unit of a layer has a value for every token of a sample.",
};

}  // namespace actfn::lab
