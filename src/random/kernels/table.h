// SPDX-License-Identifier: Apache-2.0
// The loops of random functions: they draw Philox's words for positions, and compute functions from
// these words.
#pragma once

#include <actfn/random.h>

#include "kernels/entry.h"

#include <cstddef>
#include <cstdint>

namespace actfn {
namespace random {

// The number of words that a buffer needs beyond its elements: Philox writes, and formulas read,
// whole vectors.
inline constexpr std::size_t kExtraWords = 96;

struct Key {
  std::uint64_t seed;
  std::uint32_t stream, purpose;  // the upper half of the counter: see random/kernels/philox.h
};

// One random word for each of some consecutive elements.
struct Words {
  const std::uint32_t* blocks;  // whole blocks of four words
  std::size_t before;           // the index of the first element's word
};

// Arrays of up to kBlock elements; an output may be the same array as an input. `f` points to
// the function's struct.
template <class T>
struct Loops {
  void (*forward)(const void* f, const Words& words, const T* x, T* y, std::size_t n);
  void (*backward)(const void* f, const Words& words, const T* x, const T* dy, T* dx,
                   std::size_t n);
};

// For a function of rows: z = x + noise.
template <class T>
struct Perturb {
  void (*perturb)(const Words& words, const T* x, T* z, std::size_t n);
};

struct Table {
  // words[4 i + k] = word k of Philox's block (first + i) modulo 2^62, for i < blocks.
  void (*words)(const Key& key, std::uint64_t first, std::size_t blocks, std::uint32_t* words);
  // Computes n independent standard normal numbers from n words (Box & Muller). n must be even.
  void (*normals)(const std::uint32_t* words, double* normals, std::size_t n);
};

const Table& table(kernels::Target target);

}  // namespace random

// What takes a function's place in evaluation is `evaluated`; the gradient of a function of rows is
// that of `relaxed`.
template <>
struct kernels::EntryOf<RandomActivation> {
  const functions::Descriptor& (*descriptor)();
  Activation (*evaluated)(const void* f);
  PerTarget<PerType<random::Loops, float, double>> loops;
};
template <>
struct kernels::EntryOf<RandomRow> {
  const functions::Descriptor& (*descriptor)();
  RowActivation (*evaluated)(const void* f);
  RowActivation (*relaxed)(const void* f);
  PerTarget<PerType<random::Perturb, float, double>> loops;
};

}  // namespace actfn
