// SPDX-License-Identifier: Apache-2.0
// The loop over several contiguous arrays at once.
#if defined(ACTFN_KERNELS_TRANSFORM_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ACTFN_KERNELS_TRANSFORM_H_
#undef ACTFN_KERNELS_TRANSFORM_H_
#else
#define ACTFN_KERNELS_TRANSFORM_H_
#endif

#include "kernels/memory.h"

#include <array>

#ifndef ACTFN_BODY
// Behind the parameters of a lambda for Transform, which must not become a function of its own.
#define ACTFN_BODY HWY_ATTR __attribute__((always_inline))

namespace actfn::kernels {
// Not inline: inlined copies of so few bytes take much code.
static HWY_NOINLINE void copy_bytes(const void* from, void* to, std::size_t bytes) {
  std::memcpy(to, from, bytes);
}
}  // namespace actfn::kernels
#endif

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

// How many vectors a loop with much arithmetic takes at once, to hide latency: as many as the
// registers hold.
#if HWY_TARGET <= HWY_AVX3 || HWY_TARGET == HWY_NEON
constexpr std::size_t kAtOnce = 4;
#elif HWY_NATIVE_FMA
constexpr std::size_t kAtOnce = 2;
#else
constexpr std::size_t kAtOnce = 1;  // slow anyway: keep the code small
#endif

// Calls body(in, out) for all elements of some arrays, with one N of each array. in[k] is converted
// from In, out[k] to Out. An output may be the same array as an input. The last elements, fewer
// than an N, are copied to a buffer and back: so all run the same code, and neither the length nor
// the alignment of arrays changes results, and nothing outside the arrays is read or written.
// `are_results`: the body itself calls ResultOf() where an output may be NaN.
template <class N, bool are_results = false, class In, class Out, std::size_t inputs,
          std::size_t outputs, class Body>
HWY_INLINE void Transform(const In* const (&from)[inputs], Out* const (&to)[outputs], std::size_t n,
                          const Body& body) {
  constexpr std::size_t kStep = N::Count();
  constexpr bool kAlternate = are_results && kAlternates<N, In, Out>;
  const std::size_t whole = n / kStep * kStep;
  In last_in[inputs][kStep] = {};
  Out last_out[outputs][kStep];
  std::array<const In*, inputs> read;
  std::array<Out*, outputs> written;
  for (std::size_t k = 0; k < inputs; ++k) read[k] = from[k];
  for (std::size_t k = 0; k < outputs; ++k) written[k] = to[k];
  std::size_t end = whole;
  std::size_t rest = n - whole;
  // First the arrays, then the buffers. The compiler does not see that `rest` is 0 the second time:
  // else it would make two copies of the loop.
  for (;;) {
    for (std::size_t i = 0; i < end; i += kStep) {
      std::array<N, inputs> in;
      std::array<N, outputs> out;
      for (std::size_t k = 0; k < inputs; ++k) {
        if constexpr (kAlternate) {
          LoadAlternate(in[k], read[k] + i);
        } else {
          LoadInto(in[k], read[k] + i);
        }
      }
      body(in, out);
      for (std::size_t k = 0; k < outputs; ++k) {
        if constexpr (kAlternate) {
          StoreAlternate(out[k], written[k] + i);
        } else if constexpr (are_results) {
          StoreLanes(out[k], written[k] + i);
        } else {
          StoreResults(out[k], written[k] + i);
        }
      }
    }
    if (rest == 0) break;
    for (std::size_t k = 0; k < inputs; ++k) {
      kernels::copy_bytes(from[k] + whole, last_in[k], rest * sizeof(In));
      read[k] = last_in[k];
    }
    for (std::size_t k = 0; k < outputs; ++k) written[k] = last_out[k];
    end = kStep;
    rest = 0;
    asm("" : "+r"(rest));
  }
  if (whole == n) return;
  for (std::size_t k = 0; k < outputs; ++k) {
    kernels::copy_bytes(last_out[k], to[k] + whole, (n - whole) * sizeof(Out));
  }
}

// One vector of T.
template <class T>
using One = Lanes<T, 1>;

// max(x, 0), exactly. ±0: 0. NaN: NaN.
template <class N>
HWY_INLINE N PositivePart(const N& x) {
  return KeepNan(x, SelectOrZero(x > N(0), x));
}

// x > 0 ? 1 : 0. NaN: NaN.
template <class N>
HWY_INLINE N OneIfPositive(const N& x) {
  return KeepNan(x, SelectOrZero(x > N(0), N(1)));
}

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
