// SPDX-License-Identifier: Apache-2.0
// Memory for the length of a call: aligned, one's own, and used again.
#include "memory/scratch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <new>
#include <thread>
#include <vector>

#include "allocations.h"

namespace actfn::memory {
namespace {

using testing::allocation_count;

template <class F>
long allocations_in(F&& f) {
  const long before = allocation_count();
  f();
  return allocation_count() - before;
}

#define ACTFN_NEEDS_COUNTS() \
  if (!testing::allocations_are_counted()) GTEST_SKIP() << "a sanitizer has replaced operator new"

TEST(Scratch, IsAlignedAndLargeEnough) {
  for (const std::size_t bytes : {0U, 1U, 63U, 4096U, 4097U, 100'000U}) {
    const Scratch scratch(bytes);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(scratch.data()) % 64, 0U);
    std::fill_n(scratch.data(), bytes, std::byte{1});  // the address sanitizer looks
  }
}

TEST(Scratch, AllocatesOnlyTheFirstTime) {
  ACTFN_NEEDS_COUNTS();
  const auto call = [] { const Scratch a(300'000), b(20'000), c(300'001); };
  call();
  EXPECT_EQ(allocations_in([&] {
              for (int i = 0; i < 10; ++i) call();
            }),
            0);
}

TEST(Scratch, TakesTheSmallestBlockThatIsLargeEnough) {
  ACTFN_NEEDS_COUNTS();
  const std::byte* small = nullptr;
  {
    const Scratch large(3'000'000);
    small = Scratch(200'000).data();
  }
  EXPECT_EQ(allocations_in([&] {
              const Scratch first(200'000);
              EXPECT_EQ(first.data(), small);
              const Scratch second(3'000'000);
            }),
            0);
}

// One block grows; it does not leave smaller ones behind. More of them than there are places.
TEST(Scratch, GrowsABlockThatIsTooSmall) {
  ACTFN_NEEDS_COUNTS();
  for (int i = 0; i < 10; ++i) {
    for (std::size_t bytes = 1 << 12; bytes <= 1 << 21; bytes *= 2) const Scratch scratch(bytes);
  }
  EXPECT_EQ(allocations_in([] {
              for (std::size_t bytes = 1 << 12; bytes <= 1 << 21; bytes *= 2) {
                const Scratch scratch(bytes);
              }
            }),
            0);
}

TEST(Scratch, DoesNotKeepVeryMuch) {
  ACTFN_NEEDS_COUNTS();
  constexpr std::size_t kMuch = (std::size_t{1} << 26) + 1;
  { const Scratch scratch(kMuch); }
  EXPECT_EQ(allocations_in([] { const Scratch scratch(kMuch); }), 1);
}

TEST(Scratch, SaysThatThereIsNoMemory) {
  ACTFN_NEEDS_COUNTS();
  EXPECT_THROW(Scratch{std::numeric_limits<std::size_t>::max()}, std::bad_alloc);
  { const Scratch scratch(5'000); }
  const testing::AllocationLimit limit(10'000'000);
  EXPECT_THROW(Scratch{20'000'000}, std::bad_alloc);
  EXPECT_NE(Scratch(5'000).data(), nullptr);
}

TEST(Scratch, BelongsToOneThread) {
  std::vector<std::thread> threads;
  for (int id = 0; id < 8; ++id) {
    threads.emplace_back([id] {
      for (std::size_t round = 0; round < 500; ++round) {
        const std::size_t bytes = 100 + (round * 37) % 9'000;
        const Scratch a(bytes), b(2 * bytes), c(bytes);
        for (const Scratch* s : {&a, &b, &c}) {
          std::fill_n(s->data(), bytes, static_cast<std::byte>(id));
        }
        for (const Scratch* s : {&a, &b, &c}) {
          ASSERT_EQ(std::count(s->data(), s->data() + bytes, static_cast<std::byte>(id)),
                    static_cast<std::ptrdiff_t>(bytes));
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace actfn::memory
