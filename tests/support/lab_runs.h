// SPDX-License-Identifier: Apache-2.0
// Comparisons on toy data, and their rows without the times.
#pragma once

#include "lab/compare.h"
#include "toy_data.h"

#include <functional>
#include <optional>
#include <tuple>
#include <vector>

namespace actfn::lab {

using Done = std::function<void(const EpochResult&)>;

inline const data::Dataset& data() {
  static const data::Dataset set = testing::toy_data();
  return set;
}

// 300 features are two blocks of the layer behind, so that threads have something to share.
inline CompareSettings settings() {
  CompareSettings s;
  s.activations = {Sigmoid{}, Relu{}, Elu{.alpha = 0.5F}};
  s.seeds = {7, 3};
  s.hidden = {300};
  s.epochs = 2;
  return s;
}

inline const Done kNothing = [](const EpochResult&) {};

inline Comparison run(const CompareSettings& s, const Done& done = kNothing,
                      const std::stop_token& stop = {}) {
  std::vector<Live> live(static_cast<std::size_t>(s.jobs));
  return compare(Plan(s), data(), live, stop, {done, kNothing});
}

using Place = std::tuple<std::size_t, std::uint64_t, int>;

inline std::vector<Place> places(const std::vector<EpochResult>& epochs) {
  std::vector<Place> all;
  for (const auto& e : epochs) all.emplace_back(e.activation, e.seed, e.epoch);
  return all;
}

// All but the time.
using Numbers = std::tuple<Place, double, double, std::optional<double>, std::optional<double>,
                           std::optional<double>, std::optional<double>>;

inline std::optional<double> loss(const std::optional<Score>& s) {
  return s ? std::optional(s->loss) : std::nullopt;
}
inline std::optional<double> accuracy(const std::optional<Score>& s) {
  return s ? std::optional(s->accuracy) : std::nullopt;
}

inline std::vector<Numbers> numbers(const std::vector<EpochResult>& epochs) {
  std::vector<Numbers> all;
  for (const auto& e : epochs) {
    all.emplace_back(Place(e.activation, e.seed, e.epoch), e.train.loss, e.train.accuracy,
                     loss(e.validation), accuracy(e.validation), loss(e.test), accuracy(e.test));
  }
  return all;
}

}  // namespace actfn::lab
