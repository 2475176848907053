// SPDX-License-Identifier: Apache-2.0
// What holds for all samples that are read.
#pragma once

#include <algorithm>
#include <cmath>

#include "data/dataset.h"
#include "support/require.h"

namespace actfn::fuzz {

inline void require_samples(const data::Dataset& set, const data::Samples& samples) {
  const auto is_finite = [](float x) { return std::isfinite(x); };
  const bool has_classes = set.task == data::Task::classification;
  require(samples.count > 0 && samples.features > 0, "no samples");
  require(samples.bytes.size() + samples.floats.size() == samples.count * samples.features,
          "a wrong number of features");
  require(samples.bytes.empty() || samples.floats.empty(), "bytes and floats");
  require(samples.labels.size() == (has_classes ? samples.count : 0), "a wrong number of labels");
  require(samples.targets.size() == (has_classes ? 0 : samples.count), "a wrong number of targets");
  require(std::ranges::all_of(samples.floats, is_finite), "a feature that is not finite");
  require(std::ranges::all_of(samples.targets, is_finite), "a target that is not finite");
  require(
      std::ranges::all_of(samples.labels, [&](auto label) { return label < set.classes.size(); }),
      "a label that is no class");
}

// Of one that has no test part yet.
inline void require_dataset(const data::Dataset& set) {
  require_samples(set, set.train);
  require(set.shape.size() == set.train.features, "a shape of another size");
  require(set.feature_names.empty() || set.feature_names.size() == set.train.features,
          "a wrong number of names");
  const bool has_classes = set.task == data::Task::classification;
  require(has_classes ? set.classes.size() >= 2 : set.classes.empty(), "classes");
  const auto [first, second] = data::split(set.train, 0.2, set.classes.size());
  require(first.count + second.count == set.train.count, "a sample that is in no part");
  if (first.count > 0) require_samples(set, first);
  if (second.count > 0) require_samples(set, second);
}

}  // namespace actfn::fuzz
