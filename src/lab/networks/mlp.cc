// SPDX-License-Identifier: Apache-2.0
// Linear layers of settings.hidden, with the activation behind each but the last.
#include "lab/networks/network.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace actfn::lab {
namespace {

nn::Architecture build(std::span<const int> widths, const Nonlinearity& nonlinearity,
                       const SampleForm& form, int outputs) {
  std::vector<nn::Layer> layers;
  int width = static_cast<int>(form.size());
  for (const int units : widths) {
    add_hidden(layers, units, nonlinearity, [width](int out) { return nn::Linear{width, out}; });
    width = units;
  }
  layers.emplace_back(nn::Linear{width, outputs});
  return nn::Architecture(layers);
}

std::string text(std::span<const int> widths, const SampleForm& form, std::size_t outputs) {
  return fmt::format("{}–{}–{}, fully connected", form.size(), fmt::join(widths, "–"), outputs);
}

}  // namespace

extern constinit const Network kMlp = {
    .name = "mlp",
    .summary = "linear layers of --hidden units",
    .defaults = [] { return CompareSettings(); },
    .has_hidden = true,
    .widths = [](const CompareSettings& s) { return s.hidden; },
    .usual = {},
    .needs =
        [](const SampleForm& form) {
          const bool fits = form.kind != SampleForm::Kind::tokens;
          return std::string(fits ? "" : "images or columns of numbers");
        },
    .build = build,
    .text = text,
};

}  // namespace actfn::lab
