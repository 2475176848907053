// SPDX-License-Identifier: Apache-2.0
// Samples as trainings take them: in three parts, on one scale.
#pragma once

#include "data/dataset.h"
#include "lab/results.h"

namespace actfn::lab {

struct Parts {
  data::Samples train;
  data::Samples validation;  // empty: none
  data::Samples test;
};

// Holds `validation` (0: nothing) of the training samples out, the same ones at each call, from
// each class by its share. Features that are neither bytes nor tokens get mean 0 and deviation 1
// over what is left for training, targets of a regression too.
Parts parts_of(const data::Dataset& data, double validation);

// What guessing gives on the training part: by the frequencies of the classes, or the mean.
Score chance_of(const data::Samples& train, data::Task task, std::size_t classes);

}  // namespace actfn::lab
