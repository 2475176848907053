// SPDX-License-Identifier: Apache-2.0
// How many networks a comparison builds, seen by the large arrays that a network needs.
#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "lab/compare.h"
#include "toy_data.h"

namespace {

constexpr std::size_t kLarge = 1 << 20;
std::atomic<int> large_arrays{0};

}  // namespace

// Arrays of networks are aligned; the other forms of new and delete for such arrays call these.
void* operator new(std::size_t n, std::align_val_t alignment) {
  if (n >= kLarge) ++large_arrays;
  const auto a = static_cast<std::size_t>(alignment);
  void* const p = std::aligned_alloc(a, (n + a - 1) / a * a);
  if (p == nullptr) throw std::bad_alloc();
  return p;
}
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

namespace actfn::lab {
namespace {

template <class F>
int large_arrays_of(F&& f) {
  const int before = large_arrays;
  f();
  return large_arrays - before;
}

// Parameters of 1.2 MB; the outputs for 60 images, which is a batch and the test set, are smaller.
CompareSettings settings() {
  CompareSettings s;
  s.activations = {Relu{}, Gelu{}, Nonlinearity(nn::parse_layers("prelu"))};
  s.seeds = {1, 2};
  s.hidden = {4000};
  s.batch = 60;
  s.epochs = 1;
  return s;
}

TEST(Networks, NoneIsBuiltForAPlan) {
  EXPECT_EQ(large_arrays_of([] { const Plan plan(settings()); }), 0);
}

TEST(Networks, OneIsBuiltForATrainingAndOneToMeasureEachActivation) {
  const data::Dataset data = testing::toy_data();
  const Plan plan(settings());
  Comparison result;
  const int all = large_arrays_of([&] {
    std::vector<Live> live(1);
    const auto nothing = [](const EpochResult&) {};
    result = compare(plan, data, live, {}, {nothing, nothing});
  });
  EXPECT_EQ(result.epochs.size(), 6U * 2);
  const int one = large_arrays_of([&] {
    const nn::Sequential network(result.networks[0]);
    const nn::Optimizer optimizer(plan.rule(0.001), network);
  });
  EXPECT_GT(one, 0);
  EXPECT_EQ(all, (6 + 3) * one);  // 3 to measure the steps of
}

}  // namespace
}  // namespace actfn::lab
