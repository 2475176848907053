// SPDX-License-Identifier: Apache-2.0
// Comparisons in networks with layers of their own: their layers, their trainings, and the probe.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "lab/compare.h"
#include "lab/networks.h"
#include "lab/networks/network.h"
#include "lab/probe.h"
#include "lab/trainer.h"

namespace actfn::lab {

inline Nonlinearity spec(const std::string& text) { return Nonlinearity(nn::parse_layers(text)); }

// A network of --network, and its data, which have 3 classes.
struct NetworkRuns {
  const char* network;
  const data::Dataset& (*data)();

  CompareSettings settings(const std::vector<Nonlinearity>& activations) const {
    CompareSettings s = network_named(network).defaults();
    s.activations = activations;
    s.seeds = {7};
    s.epochs = 2;
    return s;
  }

  Comparison run(const CompareSettings& s) const {
    std::vector<Live> live(static_cast<std::size_t>(s.jobs));
    const auto nothing = [](const EpochResult&) {};
    return compare(Plan(s), data(), live, {}, {nothing, nothing});
  }

  nn::Architecture architecture(const std::string& activation, const SampleForm& form) const {
    return networks_of(settings({spec(activation)}), form, 3).front();
  }
  std::string layers_of(const std::string& activation, const SampleForm& form) const {
    std::vector<nn::Layer> layers;
    for (const nn::Part& part : architecture(activation, form).parts) layers.push_back(part.layer);
    return nn::to_string(layers);
  }
};

// A training that the probe looks into.
struct Probed {
  static constexpr int kMost = 256;  // samples, more than there are

  Probed(const NetworkRuns& runs, const std::string& activation)
      : parts(parts_of(runs.data(), 0.5)),
        plan(runs.settings({spec(activation)})),
        network(runs.architecture(activation, form_of(runs.data()))),
        trainer(plan, network, plan.trainings[0], parts),
        probe(trainer.network().layers(), parts, kMost, Probe::Scope::all) {}

  std::vector<LayerProbe> measure() { return probe.measure(trainer.network(), 0); }
  nn::Parameter parameter(std::string_view name) {
    const auto all = trainer.network().parameters();
    return *std::ranges::find(all, name, &nn::Parameter::name);
  }

  Parts parts;
  Plan plan;
  nn::Architecture network;
  Trainer trainer;
  Probe probe;
};

inline void expect_same_hashes(const Comparison& a, const Comparison& b) {
  ASSERT_EQ(a.epochs.size(), b.epochs.size());
  std::size_t hashed = 0;
  for (std::size_t i = 0; i < a.epochs.size(); ++i) {
    ASSERT_EQ(a.epochs[i].sha256.has_value(), b.epochs[i].sha256.has_value());
    if (!a.epochs[i].sha256) continue;
    ++hashed;
    EXPECT_EQ(a.epochs[i].sha256->last_weights, b.epochs[i].sha256->last_weights);
    EXPECT_EQ(a.epochs[i].sha256->test_logits, b.epochs[i].sha256->test_logits);
  }
  EXPECT_GT(hashed, 0);
}

inline void expect_bits_without_jobs_and_threads(const NetworkRuns& runs, CompareSettings s) {
  for (const bool reproducible : {false, true}) {
    s.reproducible = reproducible;
    s.jobs = s.threads = 1;
    const Comparison one = runs.run(s);
    s.jobs = s.threads = 3;
    expect_same_hashes(one, runs.run(s));
  }
}

// The probe changes no bit, and has so many rows.
inline void expect_probe_changes_nothing(const NetworkRuns& runs, CompareSettings s,
                                         std::size_t rows) {
  const Comparison with = runs.run(s);
  s.probe = false;
  const Comparison without = runs.run(s);
  EXPECT_EQ(with.probes.size(), rows);
  EXPECT_EQ(without.probes.size(), 0);
  expect_same_hashes(with, without);
}

// prelu's slope of a unit without positive pre-activations decides whether it is dead.
inline void expect_learned_slopes_count(const NetworkRuns& runs, const std::string& layer,
                                        const std::string& prelu) {
  Probed c(runs, "prelu");
  std::ranges::fill(c.parameter(layer + ".weight").values, 0.0F);
  std::ranges::fill(c.parameter(layer + ".bias").values, -1.0F);
  EXPECT_EQ(c.measure()[0].units->dead, 0);
  c.parameter(prelu + ".weight").values[0] = 0;
  EXPECT_EQ(c.measure()[0].units->dead, 1);
}

}  // namespace actfn::lab
