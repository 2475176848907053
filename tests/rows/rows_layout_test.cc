// SPDX-License-Identifier: Apache-2.0
// Neither strides, nor the axis, nor being in place changes a bit of a row; masks are -inf by
// another name.
#include <actfn/rows.h>
#include <gtest/gtest.h>

#include <cstring>
#include <numeric>
#include <random>

#include "elements.h"
#include "row_functions.h"
#include "sanitizers.h"

namespace actfn {
namespace {

using testing::as;
using testing::for_each_type;
using testing::row_activations;

template <class T>
std::vector<T> random_row(std::size_t n, double spread, unsigned seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal(0, spread);
  std::vector<T> x(n);
  for (T& v : x) v = as<T>(normal(random));
  return x;
}

// A tensor in memory of its own, with strides and room about its elements.
template <class T>
struct Held {
  std::vector<T> memory;
  Shape shape;
  Strides strides;
  std::ptrdiff_t first = 0;

  // `order`: the dimensions from the densest on; `step`: of the densest.
  Held(const Shape& s, const std::vector<std::size_t>& order, std::ptrdiff_t step) : shape(s) {
    std::vector<std::ptrdiff_t> all(s.count());
    std::ptrdiff_t next = std::abs(step);
    for (const std::size_t d : order) {
      all[d] = step < 0 ? -next : next;
      next = next * static_cast<std::ptrdiff_t>(s[d]) + 1;
      if (step < 0) first -= all[d] * (static_cast<std::ptrdiff_t>(s[d]) - 1);
    }
    strides = Strides(std::span<const std::ptrdiff_t>(all));
    memory.assign(static_cast<std::size_t>(next), as<T>(777));
  }
  Tensor tensor() { return {memory.data() + first, shape, strides}; }
  // Element i as they follow in a dense tensor.
  T& at(std::size_t i) {
    std::ptrdiff_t place = first;
    for (std::size_t d = shape.count(); d-- > 0; i /= shape[d]) {
      place += static_cast<std::ptrdiff_t>(i % shape[d]) * strides[d];
    }
    return memory[static_cast<std::size_t>(place)];
  }
  std::size_t size() const { return ConstTensor(memory.data(), shape, strides).size(); }
};

// Row by row by hand.
template <class T>
std::vector<T> row_by_row(const RowActivation& f, const std::vector<T>& x, const Shape& shape,
                          std::size_t axis) {
  std::size_t inner = 1;
  for (std::size_t d = axis + 1; d < shape.count(); ++d) inner *= shape[d];
  const std::size_t n = shape[axis];
  std::vector<T> y(x.size());
  for (std::size_t first = 0; first < x.size(); ++first) {
    if (first / inner % n != 0) continue;
    std::vector<T> row(n), out(n);
    for (std::size_t i = 0; i < n; ++i) row[i] = x[first + i * inner];
    forward(f, row, 0, out);
    for (std::size_t i = 0; i < n; ++i) y[first + i * inner] = out[i];
  }
  return y;
}

TEST(RowsOfTensors, AnyAxisAndAnyStridesGiveTheSameBits) {
  const Shape shape = {3, 5, 2, 21};
  for_each_type([&]<class T>() {
    const auto x = random_row<T>(3 * 5 * 2 * 21, 4, 12);
    for (int axis = -4; axis < 4; ++axis) {
      const auto at = static_cast<std::size_t>((axis + 4) % 4);
      for (const RowActivation& f : row_activations()) {
        const auto want = testing::bits(row_by_row(f, x, shape, at));
        std::vector<T> y(x.size());
        forward(f, {x, shape}, axis, {y, shape});
        ASSERT_EQ(testing::bits(y), want) << to_string(f) << ", axis " << axis;
        for (const std::ptrdiff_t step : {1, 2, -1, -3}) {
          Held<T> from(shape, {1, 3, 0, 2}, step), to(shape, {3, 2, 0, 1}, 1);
          for (std::size_t i = 0; i < x.size(); ++i) from.at(i) = x[i];
          forward(f, from.tensor(), axis, to.tensor());
          forward(f, from.tensor(), axis, from.tensor());  // in place
          for (std::size_t i = 0; i < x.size(); ++i) {
            ASSERT_EQ(testing::bits(to.at(i)), want[i]) << to_string(f) << ", axis " << axis;
            ASSERT_EQ(testing::bits(from.at(i)), want[i]) << to_string(f) << ", axis " << axis;
          }
          const auto untouched = std::count_if(to.memory.begin(), to.memory.end(), [](T v) {
            return testing::bits(v) == testing::bits(as<T>(777));
          });
          EXPECT_EQ(untouched, static_cast<std::ptrdiff_t>(to.memory.size() - x.size()));
        }
      }
    }
  });
}

TEST(RowsOfTensors, BackwardInPlaceOfEither) {
  const Shape shape = {4, 6, 7};
  for_each_type([&]<class T>() {
    const auto x = random_row<T>(4 * 6 * 7, 2, 13);
    const auto dy = random_row<T>(x.size(), 1, 14);
    for (const RowActivation& f : row_activations()) {
      std::vector<T> y(x.size()), dx(x.size());
      forward(f, {x, shape}, 1, {y, shape});
      backward(f, {y, shape}, {dy, shape}, 1, {dx, shape});
      auto in_y = y, in_dy = dy;
      backward(f, {in_y, shape}, {dy, shape}, 1, {in_y, shape});
      backward(f, {y, shape}, {in_dy, shape}, 1, {in_dy, shape});
      EXPECT_EQ(testing::bits(in_y), testing::bits(dx)) << to_string(f);
      EXPECT_EQ(testing::bits(in_dy), testing::bits(dx)) << to_string(f);
    }
  });
}

// What the mask excludes is where x has -inf instead (softmin: +inf).
TEST(Masks, AreInfinitiesByAnotherName) {
  const Shape shape = {3, 4, 10};
  const std::vector<std::pair<Shape, std::size_t>> masks = {
      {{3, 4, 10}, 120}, {{10}, 10}, {{4, 1}, 4}, {{3, 1, 10}, 30}, {{1, 1, 1}, 1}, {{}, 1}};
  for_each_type([&]<class T>() {
    const auto x = random_row<T>(120, 2, 15);
    for (const auto& [mask_shape, size] : masks) {
      std::vector<std::uint8_t> mask(size);
      for (std::size_t i = 0; i < size; ++i) mask[i] = static_cast<std::uint8_t>(i * 7 % 3);
      for (const RowActivation& f : row_activations()) {
        const double out = testing::excluded_by(f);
        auto excluded = x;
        for (std::size_t i = 0; i < 120; ++i) {
          const std::array<std::size_t, 3> at = {i / 40, i / 10 % 4, i % 10};
          std::size_t m = 0;
          for (std::size_t d = 0; d < mask_shape.count(); ++d) {
            const std::size_t k = at[d + 3 - mask_shape.count()];
            m = m * mask_shape[d] + (mask_shape[d] == 1 ? 0 : k);
          }
          if (mask[m] == 0) excluded[i] = as<T>(out);
        }
        for (int axis = 0; axis < 3; ++axis) {
          std::vector<T> want(120), y(120);
          forward(f, {excluded, shape}, axis, {want, shape});
          forward(f, {x, shape}, axis, {y, shape}, {.mask = ConstMask(mask.data(), mask_shape)});
          EXPECT_EQ(testing::bits(y), testing::bits(want)) << to_string(f) << ", axis " << axis;
        }
      }
    }
  });
}

// Non-temporal stores need whole cache lines, which no element of such an array begins. What is not
// a float's address works too, though the sanitizers stop there.
TEST(Rows, OfLargeArraysNeedNoAlignment) {
  constexpr std::size_t kRows = 33, kColumns = std::size_t{1} << 16U;
  const Shape shape = {kRows, kColumns};
  const auto x = testing::inputs<float>(kRows * kColumns - 15, 3);
  std::vector<float> want(x.size());
  std::vector<char> memory[2];
  std::vector<std::size_t> shifts = {sizeof(float)};
  if (ACTFN_ASAN == 0) shifts.insert(shifts.end(), {1, 2, 3});
  for (const RowActivation& f : {RowActivation(Softmax{}), RowActivation(LogSoftmax{})}) {
    forward(f, {x, shape}, -1, {want, shape});
    for (const std::size_t shift : shifts) {
      for (auto& bytes : memory) bytes.resize(x.size() * sizeof(float) + shift);
      std::memcpy(memory[0].data() + shift, x.data(), x.size() * sizeof(float));
      const ConstTensor from(static_cast<const void*>(memory[0].data() + shift), Type::float32,
                             shape);
      forward(f, from, -1, Tensor(memory[1].data() + shift, Type::float32, shape));
      EXPECT_EQ(std::memcmp(memory[1].data() + shift, want.data(), x.size() * sizeof(float)), 0);
    }
  }
}

TEST(Rows, OfNothingAndOfScalars) {
  std::vector<float> none;
  softmax({none, {0, 3}}, 1, {none, {0, 3}});
  softmax({none, {3, 0}}, 1, {none, {3, 0}});
  const float x = 3;
  float y = 0;
  softmax({&x, Shape{}}, 0, {&y, Shape{}});
  EXPECT_EQ(y, 1);
  std::vector<float> images(2 * 3 * 4), out(24), want(24);
  std::iota(images.begin(), images.end(), 0.5F);
  softmax2d({images, {2, 3, 4}}, {out, {2, 3, 4}});
  softmax({images, {2, 3, 4}}, 0, {want, {2, 3, 4}});
  EXPECT_EQ(out, want);
}

}  // namespace
}  // namespace actfn
