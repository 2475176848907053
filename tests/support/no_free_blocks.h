// SPDX-License-Identifier: Apache-2.0
// Calls that have to allocate, as first ones do.
#pragma once

#include <array>

#include "memory/scratch.h"

namespace actfn::testing {

// Takes all the blocks that earlier calls have left for later ones.
class NoFreeBlocks {
 private:
  struct Block {
    memory::Scratch scratch{1};
  };
  std::array<Block, 16> all_;
};

}  // namespace actfn::testing
