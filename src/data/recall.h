// SPDX-License-Identifier: Apache-2.0
// Associative recall, a task for networks that attend: pairs of a key and a value, then one of the
// keys with a question mark. The class is the value of that key. Made from a seed, the same
// everywhere.
#pragma once

#include "data/dataset.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace actfn::data {

struct Recall {
  int pairs = 4;
  int keys = 8;  // different ones; those of a sample differ
  int values = 8;
  int samples = 20'000;  // for training; the test part has a tenth as many
  std::uint64_t seed = 1;
};

// Whether a path means such data: "recall", "recall(pairs=6,seed=3)". Throws Error for parameters
// that are unknown or out of range: "[recall] pairs must be from 1 to keys, 8, got 9".
std::optional<Recall> parse_recall(std::string_view text);

// Sequences of pairs + 1 items of 2 tokens. Keys are the tokens from 0 on, then come values, and
// the question mark.
Dataset make(const Recall& recall);

}  // namespace actfn::data
