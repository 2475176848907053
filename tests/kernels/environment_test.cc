// The floating-point unit stays as the caller has it: rounding, traps, subnormals.
#include <cfenv>

#include <gtest/gtest.h>

#include "calls.h"
#include "instances.h"
#include "operations.h"

namespace actfn {
namespace {

// The control bits, without the flags that arithmetic sets.
unsigned long control() {
  std::fenv_t now;
  std::fegetenv(&now);
#if defined(__x86_64__)
  return now.__mxcsr & ~0x3FU;
#elif defined(__aarch64__)
  return now.__fpcr;
#else
  return static_cast<unsigned long>(std::fegetround());
#endif
}

TEST(FloatingPointUnit, IsAsItWasBeforeTheLibraryWasLoaded) {
#if defined(__x86_64__)
  EXPECT_EQ(control(), 0x1F80U);  // no trap, to the nearest, subnormals are numbers
#else
  EXPECT_EQ(control(), 0U);
#endif
  volatile double least = std::numeric_limits<double>::min();
  EXPECT_GT(least / 2, 0);
}

TEST(FloatingPointUnit, IsLeftAloneByEveryOperation) {
  const auto before = control();
  for (const Activation& f : testing::examples()) {
    testing::for_each_type([&f]<class T>() {
      const auto in = testing::operation_inputs<T>(100);
      std::vector<T> out[2] = {in[0], in[0]};
      for (const auto& call : testing::calls(f)) {
        call.run(f, {in[0], in[1], in[2]}, {out[0], out[1]}, {});
      }
    });
    EXPECT_EQ(control(), before) << to_string(f);
  }
}

}  // namespace
}  // namespace actfn
