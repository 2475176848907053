// The loops of random functions, by instruction set: words of Philox for positions, and each
// function given these words.
#pragma once

#include <actfn/random.h>

#include "kernels/entry.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace actfn::random {

// Words are drawn by whole vectors of Philox's blocks of four, and read by whole vectors: a buffer
// needs so many more than its elements.
inline constexpr std::size_t kExtraWords = 96;

struct Key {
  std::uint64_t seed;
  std::uint32_t stream, purpose;  // the upper half of the counter: see philox.h
};

// One word for each of some consecutive elements.
struct Words {
  const std::uint32_t* blocks;  // whole blocks of four
  std::size_t before;           // words in front of the first element's
};

// Arrays of up to kLineBlock elements; an output may be the same array as an input.
template <class T>
struct Loops {
  // f holds the function whose loops these are.
  void (*forward)(const RandomActivation& f, const Words& words, const T* x, T* y, std::size_t n);
  void (*backward)(const RandomActivation& f, const Words& words, const T* x, const T* dy, T* dx,
                   std::size_t n);
};

// z = x + noise, of a function of rows.
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
  // An even number n of words gives n independent standard normal numbers, by Box and Muller.
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

// RandomMath<F>::Evaluated() of the function that f holds, and RandomMath<F>::Relaxed().
Activation evaluated(const RandomActivation& f);
RowActivation evaluated(const RandomRow& f);
RowActivation relaxed(const RandomRow& f);

}  // namespace actfn::random
