// SPDX-License-Identifier: Apache-2.0
// Definitions for the files of src/random.
#if defined(ACTFN_RANDOM_FORMULAS_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_RANDOM_FORMULAS_H_
#undef ACTFN_RANDOM_FORMULAS_H_
#else
#define ACTFN_RANDOM_FORMULAS_H_
#endif

#include "kernels/blocks.h"
#include "kernels/function_file.h"
#include "kernels/memory.h"
#include "math/logistic.h"
#include "random/kernels/normal_lanes.h"
#include "random/kernels/table.h"

#include <algorithm>
#include <cmath>

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// Each file of src/random specializes it: facts, parameters, and formulas in vectors V.
template <class F>
struct RandomMath;

constexpr std::size_t kVectors = HWY_NATIVE_FMA ? 2 : 1;
using V = Lanes<double, kVectors>;
constexpr std::size_t kStep = V::Count();

// What a function draws for each element. Formulas get it as doubles.
enum class Draw {
  word,   // uniform among 0, 1, …, 2^32 - 1
  normal  // standard normal; two elements share two words
};

// The constants of the two dropouts: y = scale x + shift, or y = dropped with the probability
// threshold / 2^32.
struct Drop {
  double threshold = 0;
  double scale = 0, scale_rest = 0;  // their sum is the scale; both have the same sign
  double shift = -0.0;               // adding -0 changes no number, not even 0 or -0
  double dropped = 0;
};

// scale * kNoCarry stands for a scale_rest of 0, because infinity times 0 would be NaN. It is too
// small to change a result.
constexpr double kNoCarry = 0x1p-120;

inline double DropThreshold(double p) { return std::floor(p * 0x1p32 + 0.5); }

// The formulas of functions whose constants are a Drop.
struct Dropping {
  static constexpr Draw kDraw = Draw::word;

  template <class T>
  static HWY_INLINE V Value(const Drop& c, const V& word, const V& x) {
    return KeepNan(x, Dropped<T>(c, word, x));
  }

  // dx = scale dy, or 0 where x was dropped.
  template <class T>
  static HWY_INLINE V Gradient(Drop c, const V& word, const V& x, const V& dy) {
    c.shift = -0.0;
    c.dropped = 0;
    return KeepNan(x, KeepNan(dy, Dropped<T>(c, word, dy)));
  }

 private:
  // Does not keep the NaN of x.
  template <class T>
  static HWY_INLINE V Dropped(const Drop& c, const V& word, const V& x) {
    // For float32 the product x * scale in double is precise enough without scale_rest.
    const V shift = sizeof(T) == 8 ? Fma(x, c.scale_rest, c.shift) : V(c.shift);
    return Select(word < c.threshold, V(c.dropped), Fma(x, c.scale, shift));
  }
};

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
