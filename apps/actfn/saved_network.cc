// SPDX-License-Identifier: Apache-2.0
#include "saved_network.h"

#include <actfn/nn/state_dict.h>

#include "catalogue/error.h"
#include "catalogue/grammar.h"
#include "catalogue/quote.h"

namespace actfn::app {
namespace {

Shape shape_of(std::string_view command, const std::string& text) {
  const auto shape = read_shape(text);
  if (shape) return *shape;
  fail(command, {"--input must be lengths, written as 64 or 1x28x28, got ", in_quotes(text)});
}

}  // namespace

void require_fit(std::string_view command, const SavedNetworkArguments& a) {
  if (a.network && !a.weights) fail(command, {"--network says what --weights is of: name both"});
  if (a.input && !a.network) fail(command, {"--input is the shape --network takes: name both"});
}

nn::Sequential read_network(std::string_view command, const SavedNetworkArguments& a) {
  if (!a.network) return nn::load(a.file());
  const auto layers = nn::parse_network(*a.network);
  auto network =
      a.input ? nn::Sequential(shape_of(command, *a.input), layers) : nn::Sequential(layers);
  nn::load(network, a.file());
  return network;
}

}  // namespace actfn::app
