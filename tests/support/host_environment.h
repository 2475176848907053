// SPDX-License-Identifier: Apache-2.0
// Floating-point environments that hosts set, by name.
#pragma once

#include <cfenv>
#include <string_view>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace actfn::testing {

inline constexpr std::string_view kHostEnvironments[] = {"nearest",     "upward", "downward",
                                                         "toward_zero", "flush",  "traps"};

// As long as it lives, this thread has the environment of that name: a rounding mode, subnormal
// numbers that are flushed to zero, or exceptions that trap. All flags are clear at first.
class HostEnvironment {
 public:
  explicit HostEnvironment(std::string_view name) {
    std::fegetenv(&before_);
    std::feclearexcept(FE_ALL_EXCEPT);
    if (name == "upward") std::fesetround(FE_UPWARD);
    if (name == "downward") std::fesetround(FE_DOWNWARD);
    if (name == "toward_zero") std::fesetround(FE_TOWARDZERO);
    if (name == "flush") flush();
    if (name == "traps") feenableexcept(FE_ALL_EXCEPT);
  }
  ~HostEnvironment() { std::fesetenv(&before_); }
  HostEnvironment(const HostEnvironment&) = delete;
  HostEnvironment& operator=(const HostEnvironment&) = delete;

  // Settings and flags of this thread.
  static unsigned long long registers() {
#if defined(__SSE2__)
    return _mm_getcsr();
#else
    std::fenv_t now;
    std::fegetenv(&now);
    return static_cast<unsigned long long>(now.__fpcr) << 32U | now.__fpsr;
#endif
  }

 private:
  static void flush() {
#if defined(__SSE2__)
    _mm_setcsr(_mm_getcsr() | 0x8040U);  // FTZ, DAZ
#else
    std::fenv_t now;
    std::fegetenv(&now);
    now.__fpcr |= 1U << 24U;  // FZ
    std::fesetenv(&now);
#endif
  }

  std::fenv_t before_;
};

// As long as it lives, this thread has the default environment.
class DefaultEnvironment : HostEnvironment {
 public:
  DefaultEnvironment() : HostEnvironment("nearest") { std::fesetenv(FE_DFL_ENV); }
};

}  // namespace actfn::testing
