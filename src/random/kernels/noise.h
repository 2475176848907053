// The loops of what draws: words of Philox for positions, and activations given the words.
#pragma once

#include "kernels/entry.h"

#include <cstddef>
#include <cstdint>

namespace actfn::noise {

// Words are drawn for blocks of four positions, and in whole vectors of those: so many more than
// asked for may be written.
inline constexpr std::size_t kExtraWords = 96;

struct Key {
  std::uint64_t seed;
  std::uint32_t stream, purpose;  // the upper half of the counter: see philox.h
};

// r = min(lower + width u, most), u from [0, 1)
struct Slope {
  double lower, width, most;
};
// A word below `threshold` drops its element.
struct Drop {
  double threshold;
  double scale, scale_rest;  // one number in two, of one sign
  double shift;
  double dropped;
};

// Arrays of n elements; an output may be the same array as an input.
template <class T>
struct Loops {
  // y = x > 0 ? x : r x
  void (*rrelu)(const Slope& p, const std::uint32_t* words, const T* x, T* y, std::size_t n);
  void (*rrelu_backward)(const Slope& p, const std::uint32_t* words, const T* x, const T* dy, T* dx,
                         std::size_t n);
  // y = dropped ? p.dropped : scale x + shift; NaN where x or `other` is.
  void (*drop)(const Drop& p, const std::uint32_t* words, const T* x, const T* other, T* y,
               std::size_t n);
};

struct Noises {
  // words[4 i + k] = word k of Philox's block (first + i) modulo 2^62, for i < blocks.
  void (*words)(const Key& key, std::uint64_t first, std::size_t blocks, std::uint32_t* words);
  // Of an even number of words as many independent standard normal numbers, by Box and Muller.
  void (*normals)(const std::uint32_t* words, double* normals, std::size_t n);
  // y = max(0, x + normal sqrt(sigmoid(x))), and its slope
  void (*noisy_relu)(const double* normals, const double* x, double* y, std::size_t n);
  void (*noisy_slope)(const double* normals, const double* x, double* slope, std::size_t n);
  Loops<float> of_float;
  Loops<double> of_double;

  template <class T>
  const Loops<T>& of() const {
    if constexpr (sizeof(T) == 4) {
      return of_float;
    } else {
      return of_double;
    }
  }
};

const Noises& noises(kernels::Target target);

}  // namespace actfn::noise
