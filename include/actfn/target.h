// Instruction sets. The best that the machine has is chosen once, at first use; the environment
// variable ACTFN_TARGET forces another by Highway's name.
#pragma once

#include <string_view>
#include <vector>

namespace actfn {

// The instruction set in use: "AVX3" (AVX-512), "AVX2", "SSE4", "NEON" or "EMU128" (portable).
// Throws Error where ACTFN_TARGET names one that does not exist or does not run here.
std::string_view target();

// Those that run on this machine, best first.
std::vector<std::string_view> targets();

}  // namespace actfn
