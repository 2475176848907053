// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace actfn::lab {

// Numbers of samples, one sample behind the other; of an image each unit has its places one behind
// the other.
struct Features {
  std::span<const float> numbers;
  std::size_t units;
  std::size_t places = 1;
};

// How many directions the features fill: exp of the entropy of the singular values, which are
// divided by their sum. The matrix has a row for each sample and place and a column for each unit,
// and no mean is subtracted: 1 where all rows are multiples of one, the number of units where all
// directions are equally strong. 0 where all numbers are 0, NaN where one is not finite. The same
// on every machine. Source: Roy & Vetterli 2007, EUSIPCO.
double effective_rank(const Features& features);

}  // namespace actfn::lab
