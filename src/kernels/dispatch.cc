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
