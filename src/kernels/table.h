// SPDX-License-Identifier: Apache-2.0
// Tables of kernels, one for each instruction set. All are constants, not functions that make them:
// a CPU without the instructions of a target must not run code of the target's namespace.
#pragma once

#include <array>
#include <cstddef>
#include <iterator>
#include <string_view>

namespace actfn::kernels {

// Instruction sets, best first, with Highway's names.
enum class Target { avx3, avx2, sse4, neon, emu128 };
inline constexpr std::string_view kTargetNames[] = {"AVX3", "AVX2", "SSE4", "NEON", "EMU128"};
inline constexpr std::size_t kTargetCount = std::size(kTargetNames);

// The target that actfn::target() names.
Target active_target();

template <class Table>
struct PerTarget {
  std::array<const Table*, kTargetCount> tables = {};  // null for targets that are not compiled

  constexpr const Table& of(Target target) const {
    return *tables[static_cast<std::size_t>(target)];
  }
};

// Tables for types of elements: of<T>() is the table for T.
template <template <class> class Table, class... T>
struct PerType : Table<T>... {
  template <class U>
  constexpr const Table<U>& of() const {
    return *this;
  }
};

}  // namespace actfn::kernels

// Initializes a PerTarget with the tables of one name that a file defines once per target. For
// #if HWY_ONCE.
#define ACTFN_PER_TARGET(table) ACTFN_TABLES(table, HWY_CHOOSE_SSE4(table))

// The same, but for SSE4 the portable table: without fused multiply-adds, which SSE4 does not have,
// kernels that compute much are as slow as portable code. It keeps the library small.
#define ACTFN_PER_TARGET_WITH_FMA(table)                                               \
  ACTFN_TABLES(table, (HWY_TARGETS & HWY_SSE4) != 0 && (HWY_TARGETS & HWY_EMU128) != 0 \
                          ? HWY_CHOOSE_FALLBACK(table)                                 \
                          : HWY_CHOOSE_SSE4(table))

// HWY_CHOOSE_FALLBACK is the only target where EMU128 is not compiled.
#define ACTFN_TABLES(table, sse4)                                                   \
  {                                                                                 \
    {                                                                               \
      HWY_CHOOSE_AVX3(table), HWY_CHOOSE_AVX2(table), sse4, HWY_CHOOSE_NEON(table), \
          (HWY_TARGETS & HWY_EMU128) != 0 ? HWY_CHOOSE_FALLBACK(table) : nullptr    \
    }                                                                               \
  }
