// SPDX-License-Identifier: Apache-2.0
#include "lab/networks.h"

#include "lab/networks/network.h"

#include <actfn/elementwise.h>
#include <actfn/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace actfn::lab {
namespace {

// The networks of one comparison.
class Builder {
 public:
  Builder(const CompareSettings& settings, const SampleForm& form, std::size_t outputs)
      : network_(network_named(settings.network)),
        widths_(network_.widths(settings)),
        form_(form),
        outputs_(static_cast<int>(outputs)) {
    require_form(network_, form);
  }

  nn::Architecture network(const Nonlinearity& nonlinearity) const {
    return network_.build(widths_, nonlinearity, form_, outputs_);
  }

  // What the widths themselves give, and one in a hundred more for what layers learn besides.
  std::size_t most_parameters() const {
    const std::size_t plain = nn::parameter_count(network(Nonlinearity(Relu{})));
    return plain + plain / 100;
  }

  // The widest network with at most so many parameters, its hidden layers narrower by n / kSteps.
  nn::Architecture narrowed(const Nonlinearity& nonlinearity, std::size_t most) const {
    int fits = 0;  // so far
    for (int step = kSteps / 2; step > 0; step /= 2) {
      if (nn::parameter_count(narrowed_by(fits + step, nonlinearity)) <= most) fits += step;
    }
    return narrowed_by(fits, nonlinearity);
  }

 private:
  static constexpr int kSteps = 1024;

  nn::Architecture narrowed_by(int n, const Nonlinearity& nonlinearity) const {
    std::vector<int> widths;
    for (const int units : widths_) {
      widths.push_back(std::max(1, static_cast<int>(std::int64_t{units} * n / kSteps)));
    }
    return network_.build(widths, nonlinearity, form_, outputs_);
  }

  const Network& network_;
  std::vector<int> widths_;
  const SampleForm& form_;
  int outputs_;
};

bool rectifies(const Activation& f) {
  constexpr float kFar = 8;
  const std::array<float, 2> x = {-kFar, kFar};
  std::array<float, 2> y{};
  forward(f, std::span<const float>(x), std::span<float>(y));
  return y[1] > kFar / 2 && std::abs(y[0]) < y[1] / 2;
}

}  // namespace

std::vector<nn::Architecture> networks_of(const CompareSettings& s, const SampleForm& form,
                                          std::size_t outputs) {
  const Builder builder(s, form, outputs);
  std::vector<nn::Architecture> networks;
  const std::size_t most = builder.most_parameters();
  for (const Nonlinearity& nonlinearity : s.activations) {
    networks.push_back(builder.network(nonlinearity));
    if (s.match == "parameters" && nn::parameter_count(networks.back()) > most) {
      networks.back() = builder.narrowed(nonlinearity, most);
    }
    require_memory(nonlinearity.name, networks.back(), 1);
  }
  return networks;
}

std::vector<nn::Architecture> usual_networks_of(const CompareSettings& settings) {
  return networks_of(settings, network_named(settings.network).usual, kUsualOutputs);
}

std::vector<int> widths_of(const CompareSettings& settings) {
  return network_named(settings.network).widths(settings);
}

std::string network_text(const CompareSettings& settings, const SampleForm& form,
                         std::size_t outputs) {
  const Network& network = network_named(settings.network);
  return network.text(widths_of(settings), form, outputs);
}

nn::Init init_of(const CompareSettings& settings, const Nonlinearity& nonlinearity) {
  if (settings.init != "auto") return nn::parse_init(settings.init);
  if (nonlinearity.name.starts_with("selu")) return nn::Init::lecun_normal;
  const bool rectifier = nonlinearity.curve && rectifies(*nonlinearity.curve);
  return rectifier ? nn::Init::he_uniform : nn::Init::glorot_uniform;
}

std::vector<std::string> inits_of(const CompareSettings& settings) {
  std::vector<std::string> names;
  for (const Nonlinearity& a : settings.activations) {
    names.emplace_back(nn::to_string(init_of(settings, a)));
  }
  return names;
}

void require_memory(const std::string& name, const nn::Architecture& network, std::size_t rows) {
  constexpr std::size_t kMost = std::size_t{1} << 29U;
  constexpr double kPerGib = 0x1p30 / sizeof(float);
  const std::size_t numbers = nn::training_size(network, rows);
  if (numbers <= kMost) return;
  throw Error(
      fmt::format("[compare] a network with {} needs {:.3g} GiB in training, more than {} "
                  "GiB: take fewer units, or smaller batches",
                  name, static_cast<double>(numbers) / kPerGib, kMost / kPerGib));
}

}  // namespace actfn::lab
