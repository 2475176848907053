// The loops of random functions, one table per instruction set: they draw Philox's words for
// positions, and compute functions from these words.
#pragma once

#include <actfn/random.h>

#include "kernels/entry.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace actfn::random {

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

// Arrays of up to kBlock elements; an output may be the same array as an input.
template <class T>
struct Loops {
  // f must hold the function that these loops belong to.
  void (*forward)(const RandomActivation& f, const Words& words, const T* x, T* y, std::size_t n);
  void (*backward)(const RandomActivation& f, const Words& words, const T* x, const T* dy, T* dx,
                   std::size_t n);
};

// z = x + noise, for a function of rows.
template <class T>
using Perturb = void (*)(const Words& words, const T* x, T* z, std::size_t n);

template <class T>
struct TableOf {
  std::array<Loops<T>, std::variant_size_v<RandomActivation>> activations;
  std::array<Perturb<T>, std::variant_size_v<RandomRow>> rows;
};

struct Table {
  // words[4 i + k] = word k of Philox's block (first + i) modulo 2^62, for i < blocks.
  void (*words)(const Key& key, std::uint64_t first, std::size_t blocks, std::uint32_t* words);
  // Computes n independent standard normal numbers from n words (Box & Muller). n must be even.
  void (*normals)(const std::uint32_t* words, double* normals, std::size_t n);
  TableOf<float> of_float;
  TableOf<double> of_double;

  template <class T>
  const TableOf<T>& of() const {
    if constexpr (sizeof(T) == 4) {
      return of_float;
    } else {
      return of_double;
    }
  }
};

const Table& table(kernels::Target target);

// RandomMath<F>::Evaluated() and RandomMath<F>::Relaxed() of the function F that f holds.
Activation evaluated(const RandomActivation& f);
RowActivation evaluated(const RandomRow& f);
RowActivation relaxed(const RandomRow& f);

}  // namespace actfn::random
