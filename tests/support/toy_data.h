// SPDX-License-Identifier: Apache-2.0
// A small dataset that can be learnt: images of class c are bright where pixel % 10 == c.
#pragma once

#include "data/idx.h"

#include <random>

namespace actfn::testing {

inline data::Labelled toy_images(std::size_t count, unsigned seed) {
  constexpr std::size_t kSide = 8;
  data::Labelled set;
  set.images = {count, kSide, kSide, {}};
  std::mt19937 random(seed);
  for (std::size_t i = 0; i < count; ++i) {
    set.labels.push_back(static_cast<std::uint8_t>(random() % 10));
    for (std::size_t pixel = 0; pixel < kSide * kSide; ++pixel) {
      const unsigned light = pixel % 10 == set.labels.back() ? 120 : 0;
      set.images.pixels.push_back(static_cast<std::uint8_t>(light + random() % 130));
    }
  }
  return set;
}

inline data::Dataset toy_data() { return {"toy", toy_images(200, 1), toy_images(60, 2)}; }

}  // namespace actfn::testing
