// SPDX-License-Identifier: Apache-2.0
// A small dataset that can be learnt: images of class c are bright where pixel % 10 == c.
#pragma once

#include "data/dataset.h"

#include <random>
#include <string>

namespace actfn::testing {

inline data::Samples toy_images(std::size_t count, unsigned seed) {
  constexpr std::size_t kSide = 8;
  data::Samples set;
  set.count = count;
  set.features = kSide * kSide;
  std::mt19937 random(seed);
  for (std::size_t i = 0; i < count; ++i) {
    set.labels.push_back(static_cast<std::uint32_t>(random() % 10));
    for (std::size_t pixel = 0; pixel < kSide * kSide; ++pixel) {
      const unsigned light = pixel % 10 == set.labels.back() ? 120 : 0;
      set.bytes.push_back(static_cast<std::uint8_t>(light + random() % 130));
    }
  }
  return set;
}

inline data::Dataset toy_data(std::size_t train = 200, std::size_t test = 60) {
  data::Dataset set;
  set.path = "toy";
  set.shape = {1, 8, 8};
  for (int c = 0; c < 10; ++c) set.classes.push_back(std::to_string(c));
  set.train = toy_images(train, 1);
  set.test = toy_images(test, 2);
  return set;
}

}  // namespace actfn::testing
