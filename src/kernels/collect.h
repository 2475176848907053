// Makes one array of a constant that a file defines once per instruction set. For files that are
// compiled per target, inside #if HWY_ONCE.
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

// An array with index Target. An element is `prefix` (& or nothing) and the name in the target's
// namespace, or Type{} if the target is not compiled. The names are constants, not functions: a CPU
// without the target's instructions must not run code of its namespace.
#define ACTFN_PER_TARGET(Type, prefix, ...)                         \
  std::array<Type, actfn::kernels::kTargetCount> {                  \
    ACTFN_FOR_AVX3(Type, prefix actfn::N_AVX3::__VA_ARGS__),        \
        ACTFN_FOR_AVX2(Type, prefix actfn::N_AVX2::__VA_ARGS__),    \
        ACTFN_FOR_SSE4(Type, prefix actfn::N_SSE4::__VA_ARGS__),    \
        ACTFN_FOR_NEON(Type, prefix actfn::N_NEON::__VA_ARGS__),    \
        ACTFN_FOR_EMU128(Type, prefix actfn::N_EMU128::__VA_ARGS__) \
  }
