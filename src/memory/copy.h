// SPDX-License-Identifier: Apache-2.0
// Copies between memory of any type and strides and contiguous blocks.
#pragma once

#include <actfn/types.h>

#include <cstddef>

namespace actfn::memory {

// What a block holds: the elements as they are; or converted to the type that results are computed
// in, float, and double for float64; or always converted to double.
enum class BlockType { stored, computed, doubles };

// Elements in memory: `rows` rows of n elements. Strides are in elements.
struct Strided {
  char* at;
  std::ptrdiff_t stride;
  std::size_t n;
  std::size_t rows = 1;
  std::ptrdiff_t row_stride = 0;
};

// To and from a block that holds row after row. Numbers of 16 bits are rounded from float.
struct Copies {
  void (*load)(const Strided& from, void* block);
  void (*store)(const void* block, const Strided& to);
  std::size_t size, block_size;  // of an element in memory and in a block, in bytes

  bool converts() const { return size != block_size; }
};

// The copies for the instruction set in use. A program links those of the blocks that it uses.
template <BlockType block>
const Copies& copies(Type type);
inline const Copies& computed_copies(Type type) { return copies<BlockType::computed>(type); }

// The same for one row each of two operands whose elements are interleaved in memory: a0 b0 a1 b1
// …. Blocks hold the type that results are computed in.
struct PairCopies {
  void (*load)(const char* from, void* a, void* b, std::size_t n);
  void (*store)(const void* a, const void* b, char* to, std::size_t n);
};
const PairCopies& pair_copies(Type type);

}  // namespace actfn::memory
