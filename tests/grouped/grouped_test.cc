// SPDX-License-Identifier: Apache-2.0
// CReLU and Maxout against their definitions, along every axis and in every layout.
#include <actfn/catalogue.h>
#include <actfn/grouped.h>

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "elements.h"
#include "grouped/kernels/loops.h"
#include "instances.h"
#include "messages.h"
#include "placed.h"
#include "targets.h"
#include "threads.h"

namespace actfn {
namespace {

using testing::as;
using testing::bits;
using testing::describe;
using testing::drawn;
using testing::elements;
using testing::kLayouts;
using testing::Layout;
using testing::message;
using testing::Placed;
using testing::whole_index;

const std::vector<Shape>& shapes() {
  static const std::vector<Shape> all = {
      {1}, {600}, {3, 5}, {300, 2}, {2, 300}, {2, 3, 70}, {2, 3, 4, 5}, {70, 1, 2, 1}, {0, 3}};
  return all;
}

Shape stretched(Shape shape, std::size_t axis, std::size_t times) {
  shape[axis] *= times;
  return shape;
}

template <Element T>
void check_crelu(const Shape& shape, std::size_t axis, Layout layout) {
  const std::size_t n = elements(shape);
  auto x = drawn<T>(n, 1);
  if (n > 4) x[2] = x[3] = as<T>(0);
  if (n > 4) x[3] = as<T>(-0.0);
  const auto dy = drawn<T>(2 * n, 2);
  std::vector<T> y(2 * n), dx(n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t first = whole_index(shape, axis, 2, 0, false, i);
    const std::size_t second = whole_index(shape, axis, 2, 1, false, i);
    const double v = x[i];
    y[first] = as<T>(v > 0 ? v : 0);
    y[second] = as<T>(v < 0 ? -v : 0);
    dx[i] = as<T>(v > 0   ? static_cast<double>(dy[first])
                  : v < 0 ? -static_cast<double>(dy[second])
                          : 0);
  }
  const Shape whole = stretched(shape, axis, 2);
  Placed<T> from(shape, layout, x), gradient(whole, layout, dy), to(whole, layout),
      back(shape, layout);
  crelu(from.tensor(), static_cast<int>(axis), to.tensor());
  crelu_backward(from.tensor(), gradient.tensor(), static_cast<int>(axis), back.tensor());
  const std::string at = describe(shape, axis, layout);
  for (std::size_t i = 0; i < 2 * n; ++i) EXPECT_EQ(to.values()[i], y[i]) << at;
  for (std::size_t i = 0; i < n; ++i) EXPECT_EQ(back.values()[i], dx[i]) << at;
  EXPECT_TRUE(to.gaps_intact() && back.gaps_intact()) << at;
  crelu_backward(from.tensor(), gradient.tensor(), static_cast<int>(axis), from.tensor());
  EXPECT_EQ(bits(from.values()), bits(back.values())) << at;
}

template <Element T>
void check_maxout(const Shape& shape, std::size_t axis, std::size_t group, Layout layout) {
  const std::size_t n = elements(shape);
  const auto x = drawn<T>(group * n, 1, 1, true);
  const auto dy = drawn<T>(n, 2);
  std::vector<T> y(n), dx(group * n, as<T>(0));
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t best = whole_index(shape, axis, group, 0, true, i);
    for (std::size_t k = 1; k < group; ++k) {
      const std::size_t at = whole_index(shape, axis, group, k, true, i);
      if (x[at] > x[best]) best = at;
    }
    y[i] = x[best];
    dx[best] = dy[i];
  }
  const Shape whole = stretched(shape, axis, group);
  Placed<T> from(whole, layout, x), gradient(shape, layout, dy), to(shape, layout),
      back(whole, layout);
  maxout(from.tensor(), static_cast<int>(axis), group, to.tensor());
  maxout_backward(from.tensor(), gradient.tensor(), static_cast<int>(axis), group, back.tensor());
  const std::string at = describe(shape, axis, layout);
  EXPECT_EQ(bits(to.values()), bits(y)) << at;
  EXPECT_EQ(bits(back.values()), bits(dx)) << at;
  EXPECT_TRUE(to.gaps_intact() && back.gaps_intact()) << at;
  maxout_backward(from.tensor(), gradient.tensor(), static_cast<int>(axis), group, from.tensor());
  EXPECT_EQ(bits(from.values()), bits(dx)) << at;
}

TEST(Grouped, IsItsDefinitionInEveryLayout) {
  testing::for_each_type([]<class T>() {
    for (const Shape& shape : shapes()) {
      for (std::size_t axis = 0; axis < shape.count(); ++axis) {
        for (const Layout layout : kLayouts) {
          check_crelu<T>(shape, axis, layout);
          for (const std::size_t group : {1U, 2U, 5U}) check_maxout<T>(shape, axis, group, layout);
        }
      }
    }
  });
}

// crelu() and maxout() are forward() and backward() of their structs.
TEST(Grouped, IsOneFunctionForAll) {
  for (const GroupedActivation& f : testing::instances<GroupedActivation>()) {
    const Shape shape = {2, 12, 3};
    const auto x = drawn<float>(elements(shape), 1);
    const auto* const maximum = std::get_if<Maxout>(&f);
    if (maximum != nullptr && 12 % maximum->group != 0) continue;
    const Shape out = output_shape(f, shape, 1);
    const auto dy = drawn<float>(elements(out), 2);
    std::vector<float> y(elements(out)), dx(x.size()), want_y(y.size()), want_dx(x.size());
    forward(f, {x, shape}, 1, {y, out});
    backward(f, {x, shape}, {dy, out}, 1, {dx, shape});
    if (maximum != nullptr) {
      const auto group = static_cast<std::size_t>(maximum->group);
      maxout({x, shape}, 1, group, {want_y, out});
      maxout_backward({x, shape}, {dy, out}, 1, group, {want_dx, shape});
    } else {
      crelu({x, shape}, 1, {want_y, out});
      crelu_backward({x, shape}, {dy, out}, 1, {want_dx, shape});
    }
    EXPECT_EQ(y, want_y) << to_string(f);
    EXPECT_EQ(dx, want_dx) << to_string(f);
  }
}

TEST(Grouped, NanInNanOut) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const std::size_t place : {0U, 1U, 2U}) {
    std::vector<float> x = {1, 2, 3, 4, 5, 6}, y(2), dx(6);
    x[place] = nan;
    maxout(x, 0, 3, y);
    maxout_backward(x, std::vector<float>{1, 1}, 0, 3, dx);
    EXPECT_TRUE(std::isnan(y[0]));
    EXPECT_EQ(y[1], 6);
    for (std::size_t k = 0; k < 3; ++k) EXPECT_TRUE(std::isnan(dx[k]));
    EXPECT_EQ(std::vector<float>(dx.begin() + 3, dx.end()), (std::vector<float>{0, 0, 1}));
  }
  const std::vector<float> x = {nan, -2, INFINITY, -INFINITY};
  std::vector<float> y(8), dx(4);
  crelu(x, 0, y);
  EXPECT_TRUE(std::isnan(y[0]) && std::isnan(y[4]));
  EXPECT_EQ(std::vector<float>(y.begin() + 1, y.begin() + 4), (std::vector<float>{0, INFINITY, 0}));
  EXPECT_EQ(std::vector<float>(y.begin() + 5, y.end()), (std::vector<float>{2, 0, INFINITY}));
  crelu_backward(x, std::vector<float>(8, 1), 0, dx);
  EXPECT_TRUE(std::isnan(dx[0]));
  EXPECT_EQ(std::vector<float>(dx.begin() + 1, dx.end()), (std::vector<float>{-1, 1, -1}));
}

template <class T>
void check_targets() {
  auto x = testing::inputs<T>(200, 1);
  const std::size_t n = x.size();
  const auto other = drawn<T>(n, 2), dy = drawn<T>(n, 3);
  const auto run = [&](kernels::Target target) {
    const auto& loops = grouped::loops(target).of<T>();
    std::vector<std::vector<T>> out(6, std::vector<T>(n));
    out[4] = other;
    loops.crelu(x.data(), out[0].data(), out[1].data(), n);
    loops.crelu_backward(x.data(), other.data(), dy.data(), out[2].data(), n);
    loops.maxout(x.data(), 3, out[4].data(), out[3].data(), n);
    loops.maxout_backward(out[4].data(), out[3].data(), 3, dy.data(), out[5].data(), n);
    return out;
  };
  const auto targets = testing::running_targets();
  const auto want = run(targets.front());
  for (const auto target : targets) {
    const auto got = run(target);
    for (std::size_t k = 0; k < got.size(); ++k) {
      for (std::size_t i = 0; i < n; ++i) {
        const bool both_nan = std::isnan(got[k][i]) && std::isnan(want[k][i]);
        EXPECT_TRUE(both_nan || bits(got[k][i]) == bits(want[k][i])) << testing::name_of(target);
      }
    }
  }
}

TEST(Grouped, TargetsGiveTheSameBits) {
  check_targets<float>();
  check_targets<double>();
}

TEST(Grouped, ThreadsChangeNoBit) {
  const std::size_t rows = 3, columns = testing::kLightElementsPerThread + 6;
  const auto few = drawn<float>(4099, 1);
  std::vector<float> x(rows * columns);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = few[i % few.size()];
  const auto run = [&](int threads) {
    std::vector<float> y(2 * x.size()), most(x.size() / 2), dx(x.size());
    crelu({x, {rows, columns}}, 1, {y, {rows, 2 * columns}}, Threads{threads});
    maxout({x, {rows, columns}}, 1, 2, {most, {rows, columns / 2}}, Threads{threads});
    maxout_backward({x, {rows, columns}}, {most, {rows, columns / 2}}, 1, 2, {dx, {rows, columns}},
                    Threads{threads});
    y.insert(y.end(), most.begin(), most.end());
    y.insert(y.end(), dx.begin(), dx.end());
    return y;
  };
  const auto want = run(1);
  EXPECT_EQ(run(2), want);
  EXPECT_EQ(run(7), want);
}

TEST(Grouped, SaysWhatIsWrong) {
  std::vector<float> x(12), y(24), small(6);
  std::vector<double> wide(24);
  EXPECT_EQ(message([&] {
              crelu({x, {3, 4}}, 2, {y, {3, 8}});
            }),
            "[crelu] axis 2 is out of range: x has the shape 3x4");
  EXPECT_EQ(message([&] {
              crelu({x, {3, 4}}, 1, {y, {6, 4}});
            }),
            "[crelu] y has the shape 6x4, x's 3x4 calls for 3x8");
  EXPECT_EQ(message([&] { crelu(x, 0, wide); }), "[crelu] y is float64, x is float32");
  EXPECT_EQ(message([&] { crelu(ConstTensor(x.data(), Shape{}), 0, y); }),
            "[crelu] x is a scalar: it has no axis");
  EXPECT_EQ(message([&] { crelu(x, 0, y, Threads{-1}); }),
            "[crelu] threads must not be negative, got -1");
  EXPECT_EQ(message([&] {
              crelu({y.data(), 12}, 0, y);
            }),
            "[crelu] y overlaps x: they must be separate");
  EXPECT_EQ(message([&] { crelu_backward(x, y, 0, small); }),
            "[crelu] dx has 6 elements, x has 12");
  EXPECT_EQ(message([&] { maxout(x, 0, 5, small); }),
            "[maxout] axis 0 of x has the length 12, which 5 does not divide");
  EXPECT_EQ(message([&] { maxout(x, 0, 0, small); }),
            "[maxout] group must be a whole number from 1 to 2^24, got 0");
  EXPECT_EQ(message([&] { maxout(x, 0, std::size_t{1} << 32U, small); }),
            "[maxout] group must be a whole number from 1 to 2^24, got 4294967296");
  EXPECT_EQ(message([&] { maxout(x, 0, 3, small); }),
            "[maxout] y has the shape 6, x's 12 calls for 4");
  EXPECT_EQ(message([&] { maxout_backward(x, small, 0, 2, small); }),
            "[maxout] dx has 6 elements, x has 12");
  EXPECT_EQ(message([&] {
              maxout_backward(x, {x.data(), 6}, 0, 2, x);
            }),
            "[maxout] dx overlaps dy: they must be separate");
}

}  // namespace
}  // namespace actfn
