// Brings what each instruction set's pass of a file has left into one array. For files compiled
// per target, behind HWY_ONCE.
#pragma once

#include "kernels/entry.h"

#include <hwy/highway.h>

#include <array>

#if HWY_TARGETS & HWY_AVX3
#define ACTFN_FOR_AVX3(...) __VA_ARGS__
#else
#define ACTFN_FOR_AVX3(...) \
  {}
#endif
#if HWY_TARGETS & HWY_AVX2
#define ACTFN_FOR_AVX2(...) __VA_ARGS__
#else
#define ACTFN_FOR_AVX2(...) \
  {}
#endif
#if HWY_TARGETS & HWY_SSE4
#define ACTFN_FOR_SSE4(...) __VA_ARGS__
#else
#define ACTFN_FOR_SSE4(...) \
  {}
#endif
#if HWY_TARGETS & HWY_NEON
#define ACTFN_FOR_NEON(...) __VA_ARGS__
#else
#define ACTFN_FOR_NEON(...) \
  {}
#endif
#if HWY_TARGETS & HWY_EMU128
#define ACTFN_FOR_EMU128(...) __VA_ARGS__
#else
#define ACTFN_FOR_EMU128(...) \
  {}
#endif

// An array indexed by Target: `prefix` (an & or nothing) and the name's meaning in each target's
// namespace, {} where a target was not compiled. Constants, not functions: code of a target's
// namespace must not run where that target does not.
#define ACTFN_PER_TARGET(Type, prefix, ...)                     \
  std::array<Type, actfn::kernels::kTargetCount> {              \
    {                                                           \
      ACTFN_FOR_AVX3(prefix actfn::N_AVX3::__VA_ARGS__),        \
          ACTFN_FOR_AVX2(prefix actfn::N_AVX2::__VA_ARGS__),    \
          ACTFN_FOR_SSE4(prefix actfn::N_SSE4::__VA_ARGS__),    \
          ACTFN_FOR_NEON(prefix actfn::N_NEON::__VA_ARGS__),    \
          ACTFN_FOR_EMU128(prefix actfn::N_EMU128::__VA_ARGS__) \
    }                                                           \
  }
