// SPDX-License-Identifier: Apache-2.0
// The choice of the instruction set.
#include "kernels/table.h"

#include <actfn/target.h>
#include <hwy/detect_targets.h>

#include "catalogue/error.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

// Whether the CPU and the operating system have a feature. glibc knows it at no cost; the
// compiler's function links far more.
#if __has_include(<sys/platform/x86.h>)
#include <sys/platform/x86.h>
#define ACTFN_CPU_HAS(glibc_name, compiler_name) CPU_FEATURE_ACTIVE(glibc_name)
#else
#define ACTFN_CPU_HAS(glibc_name, compiler_name) __builtin_cpu_supports(compiler_name)
#endif

namespace actfn {
namespace kernels {
namespace {

bool cpu_runs([[maybe_unused]] Target target) {
#if defined(__x86_64__) || defined(__i386__)
  switch (target) {
    case Target::avx3:
      return ACTFN_CPU_HAS(AVX512F, "avx512f") && ACTFN_CPU_HAS(AVX512VL, "avx512vl") &&
             ACTFN_CPU_HAS(AVX512BW, "avx512bw") && ACTFN_CPU_HAS(AVX512DQ, "avx512dq") &&
             ACTFN_CPU_HAS(AVX512CD, "avx512cd") && cpu_runs(Target::avx2);
    case Target::avx2:
      return ACTFN_CPU_HAS(AVX2, "avx2") && ACTFN_CPU_HAS(FMA, "fma") &&
             ACTFN_CPU_HAS(BMI1, "bmi") && ACTFN_CPU_HAS(BMI2, "bmi2") && cpu_runs(Target::sse4);
    case Target::sse4:
      return ACTFN_CPU_HAS(SSE4_2, "sse4.2") && ACTFN_CPU_HAS(PCLMULQDQ, "pclmul") &&
             ACTFN_CPU_HAS(SSSE3, "ssse3");
    default:
      return true;
  }
#else
  return true;  // other architectures have only their baseline compiled
#endif
}

// Highway's bits, in the order of Target.
constexpr std::int64_t kCompiled[] = {HWY_AVX3, HWY_AVX2, HWY_SSE4, HWY_NEON, HWY_EMU128};
static_assert(std::size(kCompiled) == kTargetCount);

bool is_compiled(Target target) {
  return (HWY_TARGETS & kCompiled[static_cast<std::size_t>(target)]) != 0;
}
bool runs(Target target) { return is_compiled(target) && cpu_runs(target); }

// The names of the targets that are compiled, or of those that run.
std::string names_of(bool (*wanted)(Target)) {
  std::string all;
  for (std::size_t i = 0; i < kTargetCount; ++i) {
    if (wanted(static_cast<Target>(i))) all.append(all.empty() ? "" : ", ").append(kTargetNames[i]);
  }
  return all;
}

Target choose() {
  const char* const forced = std::getenv("ACTFN_TARGET");
  const std::string_view wanted = forced == nullptr ? "" : forced;
  for (std::size_t i = 0; i < kTargetCount; ++i) {  // the best first
    const auto target = static_cast<Target>(i);
    if (runs(target) && (wanted.empty() || wanted == kTargetNames[i])) return target;
  }
  const std::string available = names_of(runs);
  if (available.empty()) {
    fail("target", {"this build needs ", names_of(is_compiled), ", which this CPU lacks"});
  }
  fail("target", {"ACTFN_TARGET=", wanted, " does not run here; these do: ", available});
}

}  // namespace

Target active_target() {
  static const Target target = choose();
  return target;
}

}  // namespace kernels

std::vector<std::string_view> targets() {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < kernels::kTargetCount; ++i) {
    if (kernels::runs(static_cast<kernels::Target>(i))) names.push_back(kernels::kTargetNames[i]);
  }
  return names;
}

std::string_view target() {
  return kernels::kTargetNames[static_cast<std::size_t>(kernels::active_target())];
}

}  // namespace actfn
