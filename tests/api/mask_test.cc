// SPDX-License-Identifier: Apache-2.0
// Derivatives from one bit an element: the bits of backward, for every activation that has two
// slopes and every type; the others refuse.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "guarded.h"
#include "instances.h"
#include "operations.h"
#include "targets.h"

namespace actfn {
namespace {

using kernels::Evaluator;
using kernels::Order;
using testing::bits;
using testing::for_each_type;

constexpr std::size_t kLongest = 67;

bool has_two_slopes(const Activation& f) {
  try {
    forward_with_mask(f, std::vector<float>(), std::vector<float>(), {});
    return true;
  } catch (const Error&) {
    return false;
  }
}

// NaN has no slope of its own: nothing that is one bit could keep it.
template <class T>
std::vector<T> inputs() {
  auto x = testing::operation_inputs<T>(1100)[0];
  std::erase_if(x, [](T v) { return std::isnan(static_cast<double>(v)); });
  return x;
}

class Masks : public ::testing::TestWithParam<Activation> {};

TEST_P(Masks, GiveTheBitsOfBackward) {
  for_each_type([]<class T>() {
    const auto x = inputs<T>();
    const auto dy = testing::operation_inputs<T>(x.size())[1];
    for (const std::size_t n : {x.size(), x.size() - 3, std::size_t{511}}) {
      std::vector<T> y(n), want_y(n), dx(n), want_dx(n);
      std::vector<std::uint8_t> mask((n + 7) / 8, 0xFF);
      const ConstTensor in(x.data(), n);
      const ConstTensor gradient(dy.data(), n);
      forward(GetParam(), in, want_y);
      backward(GetParam(), in, gradient, want_dx);
      forward_with_mask(GetParam(), in, y, mask);
      backward_from_mask(GetParam(), mask, gradient, dx);
      EXPECT_EQ(bits(y), bits(want_y)) << kTypeName<T>;
      EXPECT_EQ(bits(dx), bits(want_dx)) << kTypeName<T>;
    }
  });
}

// One bit in place of the value or the gradient, flush against what may not be touched.
template <class T>
void check_length(const Evaluator& f, testing::Guarded* memory, std::size_t n, bool last) {
  static const auto x = inputs<T>();
  const auto place = [&](std::size_t k) {
    return last ? memory[k].last<T>(n) : memory[k].first<T>();
  };
  const std::size_t bytes = (n + 7) / 8;
  auto* const mask = last ? memory[2].last<std::uint8_t>(bytes) : memory[2].first<std::uint8_t>();
  T* const in = place(0);
  T* const out = place(1);
  std::copy_n(&x[n], n, in);
  std::fill_n(mask, bytes, 0xFF);
  f.mask(in, mask, n);
  std::vector<T> want(n);
  f.backward(Order::derivative, in, in, want.data(), n);
  f.backward_from_mask(mask, in, out, n);
  ASSERT_EQ(testing::canonical_bits(out, n), testing::canonical_bits(want.data(), n));
  f.backward_from_mask(mask, in, in, n);
  ASSERT_EQ(testing::canonical_bits(in, n), testing::canonical_bits(want.data(), n));
  ASSERT_EQ(n % 8 == 0 ? 0 : mask[bytes - 1] >> n % 8, 0) << "bits beyond the last";
}

TEST_P(Masks, EveryLengthStaysWithinItsMemory) {
  testing::Guarded memory[3];
  for_each_type([&memory]<class T>() {
    for (const auto target : testing::running_targets()) {
      const Evaluator f(GetParam(), kTypeOf<T>, target);
      for (std::size_t n = 0; n <= kLongest; ++n) {
        SCOPED_TRACE(std::string(kTypeName<T>) + ", n = " + std::to_string(n));
        check_length<T>(f, memory, n, false);
        check_length<T>(f, memory, n, true);
      }
    }
  });
}

INSTANTIATE_TEST_SUITE_P(All, Masks, ::testing::ValuesIn([] {
                           auto two_slopes = testing::instances();
                           std::erase_if(two_slopes, std::not_fn(has_two_slopes));
                           return two_slopes;
                         }()),
                         [](const auto& test) { return testing::test_name(test.param); });

std::size_t slopes_of(const Activation& f) {
  const auto x = inputs<double>();
  std::vector<double> slope(x.size());
  derivative(f, x, slope);
  return std::set<double>(slope.begin(), slope.end()).size();
}

TEST(Mask, IsThereWhereTheDerivativeTakesTwoValues) {
  for (const Activation& f : testing::examples()) {
    EXPECT_EQ(has_two_slopes(f), slopes_of(f) == 2) << to_string(f);
  }
}

TEST(Mask, IsSetWhereTheSlopeIsTheSteeper) {
  const float x[] = {-1, 2, 0, 3, -4, 5, -6, 7, 8};
  std::uint8_t mask[2] = {0xFF, 0xFF};
  float y[9];
  forward_with_mask(LeakyRelu{}, x, y, mask);
  EXPECT_EQ(mask[0], 0b10101010);
  EXPECT_EQ(mask[1], 1);
}

}  // namespace
}  // namespace actfn
