// Brings what each instruction set's pass of a file has left into one array. For files compiled
// per target, behind HWY_ONCE.
#pragma once

#include "kernels/entry.h"

#include <hwy/highway.h>

#include <array>
#include <type_traits>

#if HWY_TARGETS & HWY_AVX3
#define ACTFN_FOR_AVX3(Type, ...) __VA_ARGS__
#else
#define ACTFN_FOR_AVX3(Type, ...) std::type_identity_t<Type>()
#endif
#if HWY_TARGETS & HWY_AVX2
#define ACTFN_FOR_AVX2(Type, ...) __VA_ARGS__
#else
#define ACTFN_FOR_AVX2(Type, ...) std::type_identity_t<Type>()
#endif
#if HWY_TARGETS & HWY_SSE4
#define ACTFN_FOR_SSE4(Type, ...) __VA_ARGS__
#else
#define ACTFN_FOR_SSE4(Type, ...) std::type_identity_t<Type>()
#endif
#if HWY_TARGETS & HWY_NEON
#define ACTFN_FOR_NEON(Type, ...) __VA_ARGS__
#else
#define ACTFN_FOR_NEON(Type, ...) std::type_identity_t<Type>()
#endif
#if HWY_TARGETS & HWY_EMU128
#define ACTFN_FOR_EMU128(Type, ...) __VA_ARGS__
#else
#define ACTFN_FOR_EMU128(Type, ...) std::type_identity_t<Type>()
#endif

// An array indexed by Target: `prefix` (an & or nothing) and the name's meaning in each target's
// namespace, Type{} where a target was not compiled. Constants, not functions: code of a target's
// namespace must not run where that target does not.
#define ACTFN_PER_TARGET(Type, prefix, ...)                         \
  std::array<Type, actfn::kernels::kTargetCount> {                  \
    ACTFN_FOR_AVX3(Type, prefix actfn::N_AVX3::__VA_ARGS__),        \
        ACTFN_FOR_AVX2(Type, prefix actfn::N_AVX2::__VA_ARGS__),    \
        ACTFN_FOR_SSE4(Type, prefix actfn::N_SSE4::__VA_ARGS__),    \
        ACTFN_FOR_NEON(Type, prefix actfn::N_NEON::__VA_ARGS__),    \
        ACTFN_FOR_EMU128(Type, prefix actfn::N_EMU128::__VA_ARGS__) \
  }
