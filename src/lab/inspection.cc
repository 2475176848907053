// SPDX-License-Identifier: Apache-2.0
#include "lab/inspection.h"

#include "lab/machine.h"
#include "lab/parts.h"
#include "lab/probe.h"
#include "lab/probes_io.h"
#include "lab/trainer.h"

#include <actfn/error.h>
#include <fmt/format.h>

#include <algorithm>

namespace actfn::lab {
namespace {

void require(bool holds, const std::string& what) {
  if (!holds) throw Error("[inspect] " + what);
}

void require_fit(const nn::Sequential& network, const data::Dataset& data) {
  const std::size_t in = data.train.features;
  require(static_cast<std::size_t>(network.in_features()) == in,
          fmt::format("the network takes {} numbers, a sample has {}", network.in_features(), in));
  const bool of_classes = data.task == data::Task::classification;
  const std::size_t out = of_classes ? data.classes.size() : 1;
  require(static_cast<std::size_t>(network.out_features()) == out,
          fmt::format("the network gives {} number{}, the data have {}", network.out_features(),
                      network.out_features() == 1 ? "" : "s",
                      of_classes ? fmt::format("{} classes", out) : "one target"));
}

}  // namespace

std::string probes_of(const Inspection& inspection) {
  std::string text = probes_heading(true);
  for (const LayerProbe& p : inspection.layers) text += probe_csv(p, inspection.network.name);
  return text;
}

Inspection inspect(nn::Sequential& network, const data::Dataset& data,
                   const InspectionSettings& settings) {
  require_fit(network, data);
  const Parts parts = parts_of(data, settings.validation);
  const std::vector<nn::Layer> layers = network.layers();
  Probe probe(layers, parts, settings.samples, Probe::Scope::all);
  require(probe.layers() > 0, "the network has no layer with weights that a function follows");
  Inspection found;
  found.network.layers = nn::to_string(layers);
  found.network.parameters = network.parameter_count();
  found.machine = this_machine();
  found.validation = settings.validation;
  found.part = parts.validation.count > 0 ? "held-out" : "training";
  found.samples = static_cast<int>(
      std::min<std::size_t>(probed(parts).count, static_cast<std::size_t>(settings.samples)));
  found.layers = probe.measure(network, 0);
  // Nothing was trained.
  for (LayerProbe& layer : found.layers) {
    if (layer.more) layer.more->change = std::nullopt;
  }
  found.test = score_of(network, parts.test, parts.test.count, 0, {});
  return found;
}

}  // namespace actfn::lab
