// SPDX-License-Identifier: Apache-2.0
// The floating-point environment of a thread: rounding mode, handling of subnormal numbers,
// unmasked exceptions, and the flags of exceptions that have occurred.
#pragma once

#include <cstdint>

#if defined(__SSE2__)
#include <xmmintrin.h>
#elif !defined(__aarch64__)
#include <cfenv>
#endif

namespace actfn {
namespace internal {

// The registers that hold the environment. on_default() is it with all settings as a new process
// has them, and the same flags.
#if defined(__SSE2__)
struct FloatRegisters {
  std::uint32_t mxcsr;  // its six lowest bits are flags

  bool operator==(const FloatRegisters&) const = default;
  FloatRegisters on_default() const { return {(mxcsr & 0x3FU) | 0x1F80U}; }
  static FloatRegisters read() { return {_mm_getcsr()}; }
  void write() const { asm volatile("ldmxcsr %0" : : "m"(mxcsr) : "memory"); }
};
#elif defined(__aarch64__)
struct FloatRegisters {
  std::uint64_t fpcr, fpsr;  // settings and flags

  bool operator==(const FloatRegisters&) const = default;
  FloatRegisters on_default() const { return {0, fpsr}; }
  static FloatRegisters read() {
    FloatRegisters r;
    asm volatile("mrs %0, fpcr\n\tmrs %1, fpsr" : "=r"(r.fpcr), "=r"(r.fpsr));
    return r;
  }
  void write() const {
    asm volatile("msr fpcr, %0\n\tmsr fpsr, %1" : : "r"(fpcr), "r"(fpsr) : "memory");
  }
};
#endif

}  // namespace internal

// As long as it lives, this thread computes in the default environment: it rounds to the nearest,
// subnormal numbers are numbers, and no exception traps. Then the thread has its own environment
// again, and the flags that were set. Every public function that computes has one.
//
// It reads once, and writes once where the environment is the default one: reading a second time,
// to see whether a flag is new, takes longer than a write.
class FloatEnvironment {
 public:
#if defined(__SSE2__) || defined(__aarch64__)
  FloatEnvironment() {
    if (const auto wanted = before_.on_default(); wanted != before_) wanted.write();
  }
  ~FloatEnvironment() { before_.write(); }
#else
  FloatEnvironment() {
    std::fegetenv(&before_);
    std::fesetenv(FE_DFL_ENV);
  }
  ~FloatEnvironment() { std::fesetenv(&before_); }
#endif
  FloatEnvironment(const FloatEnvironment&) = delete;
  FloatEnvironment& operator=(const FloatEnvironment&) = delete;

 private:
#if defined(__SSE2__) || defined(__aarch64__)
  const internal::FloatRegisters before_ = internal::FloatRegisters::read();
#else
  std::fenv_t before_;
#endif
};

}  // namespace actfn
