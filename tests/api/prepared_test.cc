// SPDX-License-Identifier: Apache-2.0
// Prepared calls give the bits of the checked ones, and never allocate: not in the first call
// either.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <type_traits>
#include <vector>

#include "elements.h"
#include "instances.h"
#include "malloc_count.h"
#include "messages.h"
#include "placed.h"

namespace actfn {
namespace {

using testing::bits;
using testing::drawn;
using testing::message;

constexpr std::size_t kLengths[] = {0, 1, 3, 8, 17, 600};

// What `call` allocates.
template <class Call>
long allocations(const Call& call) {
  const long before = testing::malloc_count();
  call();
  return testing::malloc_count() - before;
}

template <Element T>
void check_activation(const Activation& f) {
  const PreparedActivation<T> prepared(f);
  const PreparedActivation<T> with_threads(f, {.count = 3});
  for (const std::size_t n : kLengths) {
    const auto x = drawn<T>(n, 1), dy = drawn<T>(n, 2);
    std::vector<T> want(n), got(n), shared(n);
    forward(f, x, want);
    EXPECT_EQ(allocations([&] { prepared.forward(x.data(), got.data(), n); }), 0);
    EXPECT_EQ(bits(got), bits(want));
    with_threads.forward(x.data(), shared.data(), n);
    EXPECT_EQ(bits(shared), bits(want));
    derivative(f, x, want);
    EXPECT_EQ(allocations([&] { prepared.derivative(x.data(), got.data(), n); }), 0);
    EXPECT_EQ(bits(got), bits(want));
    backward(f, x, dy, want);
    EXPECT_EQ(allocations([&] { prepared.backward(x.data(), dy.data(), got.data(), n); }), 0);
    EXPECT_EQ(bits(got), bits(want));
    got = x;
    prepared.backward(got.data(), dy.data(), got.data(), n);
    EXPECT_EQ(bits(got), bits(want)) << "in place";
  }
}

TEST(Prepared, ActivationsGiveTheBitsOfForward) {
  for (const Activation& f : testing::instances()) {
    testing::for_each_type([&]<class T>() { check_activation<T>(f); });
  }
}

template <Element T>
void check_rows(const RowActivation& f, std::size_t rows, std::size_t length) {
  const PreparedRows<T> prepared(f, length);
  const PreparedRows<T> with_threads(f, length, {.count = 2});
  const Shape shape = {rows, length};
  const auto x = drawn<T>(rows * length, 1), dy = drawn<T>(rows * length, 2);
  std::vector<T> y(x.size()), dx(x.size()), got(x.size());
  forward(f, {x, shape}, 1, {y, shape});
  backward(f, {y, shape}, {dy, shape}, 1, {dx, shape});
  EXPECT_EQ(allocations([&] { prepared.forward(x.data(), got.data(), rows); }), 0);
  EXPECT_EQ(bits(got), bits(y)) << to_string(f);
  EXPECT_EQ(allocations([&] { prepared.backward(y.data(), dy.data(), got.data(), rows); }), 0);
  EXPECT_EQ(bits(got), bits(dx)) << to_string(f);
  with_threads.forward(x.data(), got.data(), rows);
  EXPECT_EQ(bits(got), bits(y)) << to_string(f);
}

TEST(Prepared, RowsGiveTheBitsOfForward) {
  for (const RowActivation& f : testing::instances<RowActivation>()) {
    for (const auto& [rows, length] : {std::pair{0, 5}, {3, 0}, {1, 1}, {5, 7}, {3, 600}}) {
      const auto r = static_cast<std::size_t>(rows), n = static_cast<std::size_t>(length);
      check_rows<float>(f, r, n);
      check_rows<double>(f, r, n);
    }
  }
}

template <Element T>
void check_gate(const Gate& f) {
  const PreparedGate<T> prepared(f);
  for (const std::size_t n : kLengths) {
    const auto a = drawn<T>(n, 1), b = drawn<T>(n, 2), dy = drawn<T>(n, 3);
    std::vector<T> y(n), da(n), db(n), got(n), got_da(n), got_db(n);
    forward(f, a, b, y);
    backward(f, a, b, dy, da, db);
    EXPECT_EQ(allocations([&] { prepared.forward(a.data(), b.data(), got.data(), n); }), 0);
    EXPECT_EQ(bits(got), bits(y)) << to_string(f);
    EXPECT_EQ(allocations([&] {
                prepared.backward(a.data(), b.data(), dy.data(), got_da.data(), got_db.data(), n);
              }),
              0);
    EXPECT_EQ(bits(got_da), bits(da)) << to_string(f);
    EXPECT_EQ(bits(got_db), bits(db)) << to_string(f);
  }
}

TEST(Prepared, GatesGiveTheBitsOfForward) {
  for (const Gate& f : testing::instances<Gate>()) {
    testing::for_each_type([&]<class T>() { check_gate<T>(f); });
  }
}

TEST(Prepared, CallsThrowNothing) {
  const PreparedActivation<float> f(Gelu{});
  const PreparedRows<float> rows(Softmax{}, 1);
  const PreparedGate<float> gate(Swiglu{});
  float x = 1;
  static_assert(noexcept(f.forward(&x, &x, 1))&& noexcept(f.backward(&x, &x, &x, 1)));
  static_assert(noexcept(rows.forward(&x, &x, 1))&& noexcept(rows.backward(&x, &x, &x, 1)));
  static_assert(noexcept(gate.forward(&x, &x, &x, 1)));
  static_assert(std::is_trivially_copyable_v<decltype(f)>);
}

TEST(Prepared, ConstructorsCheckParameters) {
  EXPECT_EQ(message([] { PreparedActivation<float>(Elu{.alpha = NAN}); }),
            "[elu] alpha must be finite, got nan");
  EXPECT_EQ(message([] { PreparedActivation<float>(Gelu{}, {.count = -1}); }),
            "[gelu] threads must not be negative, got -1");
  EXPECT_EQ(message([] { PreparedRows<float>(Softmax{.temperature = 0}, 4); }),
            "[softmax] temperature must be finite and positive, got 0");
  EXPECT_EQ(message([] { PreparedGate<double>(Swiglu{.beta = INFINITY}); }),
            "[swiglu] beta must be finite, got inf");
}

template <class T>
void check_evaluate(const Activation& f) {
  for (const T x : testing::inputs<T>(50, 1)) {
    T y, slope;
    forward(f, {&x, 1}, {&y, 1});
    derivative(f, {&x, 1}, {&slope, 1});
    EXPECT_EQ(bits(evaluate(f, x)), bits(y)) << to_string(f) << " at " << x;
    EXPECT_EQ(bits(evaluate_derivative(f, x)), bits(slope)) << to_string(f) << " at " << x;
  }
}

TEST(Evaluate, GivesTheBitsOfForward) {
  for (const Activation& f : testing::instances()) {
    check_evaluate<float>(f);
    check_evaluate<double>(f);
  }
  EXPECT_EQ(message([] { (void)evaluate(Elu{.alpha = NAN}, 1.0F); }),
            "[elu] alpha must be finite, got nan");
}

}  // namespace
}  // namespace actfn
