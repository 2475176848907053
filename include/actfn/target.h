// SPDX-License-Identifier: Apache-2.0
// Instruction sets. The first call of any function chooses the best one that the machine has. The
// environment variable ACTFN_TARGET forces another, by Highway's name.
#pragma once

#include <string_view>
#include <vector>

namespace actfn {

/// The instruction set in use: "AVX3" (AVX-512), "AVX2", "SSE4", "NEON" or "EMU128" (portable
/// code).
///
///     std::cout << actfn::target() << '\n';
///
/// Throws Error where ACTFN_TARGET names one that does not exist or does not run here:
/// "[target] ACTFN_TARGET=AVX9 does not run here; these do: AVX2, SSE4, EMU128". So does every
/// function that computes.
std::string_view target();

/// The instruction sets that run on this machine, best first.
std::vector<std::string_view> targets();

}  // namespace actfn
