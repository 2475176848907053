// SPDX-License-Identifier: Apache-2.0
// Comparisons made up from curves.
#pragma once

#include "lab/results.h"

#include <cmath>
#include <cstdint>
#include <vector>

namespace actfn::testing {

struct Curve {
  Activation activation;
  std::vector<double> loss;  // in training, by epoch from 1; held out it is 0.01 more
  std::vector<double> held_out = {};
  double accuracy = 0.87;         // of the test; 0.01 less for each further seed
  std::vector<double> wins = {};  // by seed, added to the accuracy
};

inline lab::EpochResult row_of(const lab::Comparison& c, const Curve& curve, std::uint64_t seed,
                               int epoch) {
  const auto i = static_cast<std::size_t>(epoch) - 1;
  const auto s = static_cast<std::size_t>(seed) - 1;
  const double shift = 0.001 * static_cast<double>(s);
  const double held_out = curve.held_out.empty() ? curve.loss[i] + 0.01 : curve.held_out[i];
  const double accuracy = curve.accuracy - 10 * shift + (curve.wins.empty() ? 0 : curve.wins[s]);
  lab::EpochResult row;
  row.activation = c.settings.activations.size() - 1;
  row.seed = seed;
  row.lr = 0.001;
  row.epoch = epoch;
  row.train = {curve.loss[i] + shift, accuracy + 0.01};
  row.validation = lab::Score{held_out + shift, accuracy};
  if (epoch == c.settings.epochs) row.test = row.validation;
  row.seconds = 2;
  return row;
}

// The test of a training's best epoch, where that is not the last.
inline void test_best(std::vector<lab::EpochResult>& rows, std::size_t begin) {
  const std::span training = std::span(rows).subspan(begin);
  const int best = lab::best_epoch(training);
  for (lab::EpochResult& row : training) {
    if (row.epoch == best) row.test = row.validation;
  }
}

inline lab::Comparison comparison_of(const std::vector<Curve>& curves, int seeds = 1) {
  lab::Comparison c;
  c.settings.data = "/data/fashion-mnist";
  c.samples = {54000, 6000, 10000};
  c.chance = {std::log(10.0), 0.1};
  c.machine = {"A processor", 4, "AVX2", "1.2.3", "2024-05-06T07:08:09Z"};
  c.settings.epochs = static_cast<int>(curves.empty() ? 0 : curves[0].loss.size());
  for (int s = 1; s <= seeds; ++s) c.settings.seeds.push_back(static_cast<std::uint64_t>(s));
  for (const Curve& curve : curves) {
    c.settings.activations.emplace_back(curve.activation);
    c.inits.push_back(c.settings.init);
    c.steps.push_back({c.settings.activations.size() - 1, 1e-4, 0.9e-4, 1.1e-4, 1e-4});
    for (const std::uint64_t seed : c.settings.seeds) {
      const std::size_t begin = c.epochs.size();
      for (int epoch = 1; epoch <= static_cast<int>(curve.loss.size()); ++epoch) {
        c.epochs.push_back(row_of(c, curve, seed, epoch));
      }
      test_best(c.epochs, begin);
    }
  }
  return c;
}

}  // namespace actfn::testing
