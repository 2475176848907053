// SPDX-License-Identifier: Apache-2.0
// The memory of scaled_dot_product_attention grows with the sequence, not with its square.
#include <gtest/gtest.h>

#include "allocations.h"
#include "attention_calls.h"

namespace actfn::testing {
namespace {

constexpr std::size_t kLength = 6000;

// The largest request that a pass may make: a few times the operands, 192 KB each. All scores take
// 144 MB.
constexpr std::size_t kMost = std::size_t{1} << 22;

AttentionCase long_case(const RowActivation& f) {
  return {.name = "long",
          .queries = kLength,
          .keys = kLength,
          .width = 8,
          .out_width = 8,
          .causal = nn::Causal::top_left,
          .activation = f};
}

TEST(AttentionMemory, IsLinear) {
  if (!allocations_are_counted()) GTEST_SKIP() << "operator new is the sanitizer's";
  for (const RowActivation& f : {RowActivation(Softmax{}), RowActivation(Sparsemax{})}) {
    const AttentionCase c = long_case(f);
    AttentionArrays<float> a(c, {.q = some_numbers(kLength * 8, 1),
                                 .k = some_numbers(kLength * 8, 2),
                                 .v = some_numbers(kLength * 8, 3),
                                 .dout = some_numbers(kLength * 8, 4),
                                 .sinks = {},
                                 .bias = {},
                                 .keep = {}});
    const long before = allocation_count();
    const AllocationLimit limit(kMost);
    ASSERT_NO_THROW(a.forward(false));
    ASSERT_NO_THROW(a.backward(true));
    ASSERT_NO_THROW(a.backward(false));
    EXPECT_LT(allocation_count() - before, 100);
  }
}

// Where memory runs out, nothing is written.
TEST(AttentionMemory, RunsOut) {
  if (!allocations_are_counted()) GTEST_SKIP() << "operator new is the sanitizer's";
  // Larger than what earlier calls have left.
  constexpr std::size_t kKeys = 300000;
  std::vector<float> q(40 * 16, 1), k(kKeys * 16, 1), out(40 * 16, 7), dk(k.size(), 7);
  std::vector<float> dv(dk);
  const Shape few = {40, 16}, many = {kKeys, 16};
  const AllocationLimit limit(std::size_t{1} << 20);
  EXPECT_THROW(nn::scaled_dot_product_attention({q, few}, {k, many}, {k, many}, {out, few}),
               std::bad_alloc);
  for (const RowActivation& f : {RowActivation(Softmax{}), RowActivation(Sparsemax{})}) {
    EXPECT_THROW(nn::scaled_dot_product_attention_backward({q, few}, {k, many}, {k, many}, {q, few},
                                                           {out, few}, {dk, many}, {dv, many},
                                                           {.activation = f}),
                 std::bad_alloc);
  }
  for (const auto* x : {&out, &dk, &dv}) {
    EXPECT_TRUE(std::all_of(x->begin(), x->end(), [](float value) { return value == 7; }));
  }
}

}  // namespace
}  // namespace actfn::testing
