// SPDX-License-Identifier: Apache-2.0
// What networks must have reached before a claim about trained ones can be judged. Each function
// says what is missing, for Experiment::missing; nothing where they have reached it.
//
// A claim about what trained networks are like needs all of them to have learned. One about which
// learns faster, or gets lower, needs one that has: others may have failed by then.
#pragma once

#include "lab/experiments/seeds.h"
#include "lab/experiments/training.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab::experiments {

// A kind of networks, and a number that tells how far its training has come, by seed.
struct Progress {
  std::string name;
  std::vector<double> values;
};
// Of each of several activations, at the end.
std::vector<Progress> progress(const Readings& readings, std::span<const char* const> activations,
                               std::string_view column);

// A network has learned where its training loss is below half of what guessing has. What counts is
// the mean over seeds, without those that have diverged.
double learned_loss(int classes = kClasses);
std::string unless_all_learned(std::span<const Progress> losses, int classes = kClasses);
std::string unless_one_learned(std::span<const Progress> losses, int classes = kClasses);

// The same with accuracies, which are to be so high.
std::string unless_all_reach(double accuracy, std::span<const Progress> accuracies);
std::string unless_one_reaches(double accuracy, std::span<const Progress> accuracies);

// Each activation's test loss has been lowest before the last epoch, in the median over seeds.
std::string unless_over_fitted(const Readings& readings, std::span<const char* const> activations);

// "at least 5 epochs are needed, and there are 2"
std::string unless_as_many(std::size_t run, std::size_t least, std::string_view what);

// By seed, the epoch with the lowest test loss, and that loss.
struct Lowest {
  std::vector<double> epochs, losses;
};
Lowest lowest_test_loss(const Readings& kind);

}  // namespace actfn::lab::experiments
