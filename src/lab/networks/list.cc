// SPDX-License-Identifier: Apache-2.0
#include "catalogue/suggest.h"
#include "lab/networks/network.h"

#include <actfn/error.h>
#include <fmt/format.h>

namespace actfn::lab {

extern const Network kMlp;  // each in a file of that name
extern const Network kCnn;
extern const Network kTransformer;

namespace {

constexpr const Network* kNetworks[] = {&kMlp, &kCnn, &kTransformer};

}  // namespace

std::span<const Network* const> all_networks() { return kNetworks; }

std::vector<std::string_view> network_names() {
  std::vector<std::string_view> names;
  for (const Network* network : kNetworks) names.push_back(network->name);
  return names;
}

const Network& network_named(std::string_view name) {
  return *kNetworks[choose("compare", "network", network_names(), name)];
}

void require_form(const Network& network, const SampleForm& form) {
  const std::string needs = network.needs(form);
  if (needs.empty()) return;
  throw Error(
      fmt::format("[compare] --network {} needs {}, got {}", network.name, needs, to_string(form)));
}

}  // namespace actfn::lab
