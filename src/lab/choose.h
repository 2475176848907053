// SPDX-License-Identifier: Apache-2.0
// Which activation for some data: pairs of an activation and a learning rate in rungs, each with
// half as many pairs that train twice as long, and a final with several seeds.
//
// Source of the halving: Jamieson & Talwalkar 2016, arXiv:1502.07943.
#pragma once

#include "lab/results.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace actfn::lab {

struct ChooseSettings {
  // Its activations are the candidates, and its lr the grid. What it has of seeds and epochs does
  // not count: they follow from the budget.
  CompareSettings training;
  double budget = 20;  // minutes of the machine that costs are counted for: see choose_cost.h
  double speed = 1;    // of this machine, in units of that one
  int finalists = 24;  // at most
  int seeds = 0;       // of the final; 0: what the budget has room for
};

inline constexpr int kFewestFinalSeeds = 3;
inline constexpr int kMostFinalSeeds = 100;

// A rung, or the final: trainings that are alike but for activation, learning rate and seed.
struct Stage {
  std::size_t pairs = 0;  // of the final: activations
  double share = 1;       // of the training samples; less than 1: of each class so much
  int epochs = 1;
  std::vector<std::uint64_t> seeds;  // no other stage has them

  std::size_t trainings() const { return pairs * seeds.size(); }
  bool operator==(const Stage&) const = default;
};

// What is trained: follows from the settings and the size of the data, and from no measurement.
struct ChoosePlan {
  std::vector<Stage> rungs;  // none where all pairs fit into the final
  Stage final;
  double seconds = 0;  // counted, of one core

  bool operator==(const ChoosePlan&) const = default;
};

// A pair at the end of a rung.
struct Standing {
  std::size_t activation = 0;  // its index in the settings
  double lr = 0;
  double loss = 0;  // the lowest of the validation part after an epoch; infinite: none was finite
  bool operator==(const Standing&) const = default;
};

// What the rungs and the final have given.
struct Choice {
  ChooseSettings settings;
  ChoosePlan plan;
  std::vector<std::vector<Standing>> rungs;  // of each finished one its pairs, the best first
  std::vector<Standing> finalists;           // in the order of the last rung
  // Of the finalists alone: its settings have them in the order of `finalists`, and the rates of
  // these for lr.
  Comparison final;
  std::vector<EpochResult> rows;  // of all stages; activations by their index in `settings`
  double seconds = 0;             // wall time
  bool interrupted = false;       // then there may be no final
};

// All functions of the catalogue that may stand behind a hidden layer, with their defaults: those
// of single elements, gates, random ones that are more than noise, learned and grouped ones.
// Without those that do not fit the widths of the settings' network.
std::vector<Nonlinearity> all_candidates(const CompareSettings& settings);

// The share of so many training samples that is held out where nobody says another one.
double usual_validation(std::size_t samples);

// The command that repeats the run, quoted for a POSIX shell.
std::string command_line(const ChooseSettings& settings);

// Throws Error where a setting is out of range: "[choose] --budget must be …".
void require_settings(const ChooseSettings& settings);

}  // namespace actfn::lab
