// Brings the kernels that each instruction set's pass has left into one Entry. For the file
// generated from activation.cc.in alone, behind HWY_ONCE.
#pragma once

#include "kernels/entry.h"

#include <hwy/highway.h>

namespace actfn::kernels {

template <class A>
Entry with_kernels(Entry entry) {
  [[maybe_unused]] const auto put = [&entry](Target target, const Kernels& kernels) {
    entry.kernels[static_cast<std::size_t>(target)] = kernels;
  };
#if HWY_TARGETS & HWY_AVX3
  put(Target::avx3, N_AVX3::kKernels<A>);
#endif
#if HWY_TARGETS & HWY_AVX2
  put(Target::avx2, N_AVX2::kKernels<A>);
#endif
#if HWY_TARGETS & HWY_SSE4
  put(Target::sse4, N_SSE4::kKernels<A>);
#endif
#if HWY_TARGETS & HWY_NEON
  put(Target::neon, N_NEON::kKernels<A>);
#endif
#if HWY_TARGETS & HWY_EMU128
  put(Target::emu128, N_EMU128::kKernels<A>);
#endif
  return entry;
}

}  // namespace actfn::kernels
