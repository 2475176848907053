// The choice of the instruction set.
#include "kernels/table.h"

#include <actfn/error.h>
#include <actfn/target.h>
#include <hwy/detect_targets.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace actfn {
namespace kernels {
namespace {

bool cpu_runs([[maybe_unused]] Target target) {
#if defined(__x86_64__) || defined(__i386__)
  switch (target) {
    case Target::avx3:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
             __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512cd") && cpu_runs(Target::avx2);
    case Target::avx2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
             __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
             cpu_runs(Target::sse4);
    case Target::sse4:
      return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul") &&
             __builtin_cpu_supports("ssse3");
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

// Whether its kernels are compiled, and run on this machine.
bool runs(Target target) {
  return (HWY_TARGETS & kCompiled[static_cast<std::size_t>(target)]) != 0 && cpu_runs(target);
}

[[maybe_unused]] std::vector<std::string_view> compiled() {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < kTargetCount; ++i) {
    if ((HWY_TARGETS & kCompiled[i]) != 0) names.push_back(kTargetNames[i]);
  }
  return names;
}

std::string joined(const std::vector<std::string_view>& names) {
  std::string all;
  for (const auto name : names) all.append(all.empty() ? "" : ", ").append(name);
  return all;
}

Target choose() {
  const auto available = targets();
  if constexpr ((HWY_TARGETS & HWY_EMU128) == 0) {  // which runs everywhere
    if (available.empty()) {
      throw Error("[target] this build needs " + joined(compiled()) + ", which this CPU lacks");
    }
  }
  std::string_view wanted = available.front();
  if (const char* forced = std::getenv("ACTFN_TARGET"); forced != nullptr && *forced != '\0') {
    wanted = forced;
    if (std::find(available.begin(), available.end(), wanted) == available.end()) {
      throw Error("[target] ACTFN_TARGET=" + std::string(wanted) +
                  " does not run here; these do: " + joined(available));
    }
  }
  const auto* const at = std::find(std::begin(kTargetNames), std::end(kTargetNames), wanted);
  return static_cast<Target>(at - std::begin(kTargetNames));
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
