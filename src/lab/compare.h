// Trainings of several activations with several seeds, side by side.
#pragma once

#include "data/idx.h"
#include "lab/results.h"
#include "lab/training.h"

#include <functional>
#include <span>
#include <stop_token>

namespace actfn::lab {

struct Training {
  Nonlinearity activation;
  std::uint64_t seed;
};

// In the order of the results: by activation, then seed.
std::vector<Training> trainings(const CompareSettings& settings);

// Throws Error where a setting is out of range: "[compare] epochs must be at least 1, got 0".
void validate(const CompareSettings& settings);

// Runs them all, settings.jobs at a time, each with the bits that it has alone. `live` has one
// place a job. `done` gets every finished epoch, one at a time, from any thread. When `stop` is
// requested, the rest is dropped and the result says so.
Comparison compare(const CompareSettings& settings, const data::Dataset& data, std::span<Live> live,
                   const std::stop_token& stop,
                   const std::function<void(const EpochResult&)>& done);

}  // namespace actfn::lab
