// Copies between memory of any type and stride and contiguous blocks of float or double.
#pragma once

#include <actfn/array.h>

#include "kernels/blocks.h"
#include "kernels/interleaving.h"

#include <cstddef>

namespace actfn {

// The largest number of elements in a block.
inline constexpr std::size_t kMaxBlock = 512;

// Each copies n elements; in the block they begin at element `first`. In memory they are `stride`
// elements apart, or those of two blocks are interleaved: a0 b0 a1 b1 …. 16-bit types are widened
// to float and rounded back.
struct Moves {
  using Move = void (*)(const Moves&, char* memory, std::ptrdiff_t stride, void* block,
                        std::size_t first, std::size_t n);
  using MovePair = void (*)(const Moves&, char* memory, void* a, void* b, std::size_t first,
                            std::size_t n);
  Move load, store;
  MovePair load_pair, store_pair;
  const kernels::Blocks* blocks;
  const kernels::Interleaving* interleaving;
};

// The copies for the instruction set in use.
Moves moves_of(Type type);

}  // namespace actfn
