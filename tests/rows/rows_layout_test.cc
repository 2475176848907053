// Neither the instruction set, nor strides, nor the axis, nor being in place changes a bit of a
// row; masks are -inf by another name.
#include <actfn/rows.h>
#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "elements.h"
#include "guarded.h"
#include "rows/kernels/table.h"
#include "targets.h"

namespace actfn {
namespace {

using rows::Rules;
using rows::Rule;
using testing::as;
using testing::for_each_type;

// As `bits`, with one NaN for all: payloads are the instruction set's.
template <class T>
std::vector<testing::Bits<T>> canonical(std::vector<T> x) {
  for (T& v : x) {
    if (std::isnan(static_cast<double>(v))) v = as<T>(std::nan(""));
  }
  return testing::bits(x);
}

std::vector<Rules> functions() {
  return {{},
          {.temperature = 0.7},
          {.sign = -1},
          {.rule = Rule::log_softmax},
          {.rule = Rule::log_softmax, .temperature = 3},
          {.rule = Rule::sparsemax},
          {.rule = Rule::entmax15},
          {.rule = Rule::hardmax}};
}

template <class T>
std::vector<T> random_row(std::size_t n, double spread, unsigned seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal(0, spread);
  std::vector<T> x(n);
  for (T& v : x) v = as<T>(normal(random));
  return x;
}

// Inputs that take every way through the kernels.
template <class T>
std::vector<std::vector<T>> rows_of(std::size_t n) {
  auto near = random_row<T>(n, 2, 1);
  auto wide = random_row<T>(n, 60, 2);
  auto far = random_row<T>(n, 1e6, 3);
  auto holes = random_row<T>(n, 5, 4);
  for (std::size_t i = 0; i < n; i += 3) holes[i] = as<T>(-INFINITY);
  auto peak = random_row<T>(n, 1, 5);
  peak[n / 2] = as<T>(100);
  std::vector<T> zeros(n);
  for (std::size_t i = 0; i < n; i += 2) zeros[i] = as<T>(-0.0);
  return {near, wide, far, holes, peak, zeros};
}

// Everything that the kernels of one target make of a row.
template <class T>
std::vector<T> results(const rows::Kernels<T>& kernels, const Rules& f,
                       const std::vector<T>& x) {
  const std::size_t n = x.size();
  const auto dy = random_row<T>(n, 1, 8);
  const auto v = random_row<T>(n, 1, 9);
  std::vector<T> all(6 * n + 1);
  T* const y = all.data();
  kernels.forward(f, x.data(), y, n);
  kernels.backward(f, y, dy.data(), y + n, n);
  kernels.logsumexp(x.data(), y + 5 * n, 1);
  kernels.logsumexp(x.data(), y + 6 * n, n);
  if constexpr (sizeof(T) == 8) {
    kernels.double_backward(f, y, dy.data(), v.data(), y + 2 * n, y + 3 * n, n);
    kernels.weighted_softmax(x.data(), T(-1.5), y + 4 * n, n);
  }
  return all;
}

template <class T>
void check_targets(const Rules& f, std::size_t n) {
  for (const auto& x : rows_of<T>(n)) {
    const auto want = canonical(results(rows::table(kernels::Target::emu128).of<T>(), f, x));
    for (const auto target : testing::running_targets()) {
      ASSERT_EQ(canonical(results(rows::table(target).of<T>(), f, x)), want)
          << testing::name_of(target) << ", " << kTypeName<T> << ", n = " << n << ", rule "
          << static_cast<int>(f.rule) << ", temperature " << f.temperature;
    }
  }
}

TEST(RowsOnAllInstructionSets, HaveTheSameBits) {
  if (testing::running_targets().back() != kernels::Target::emu128) GTEST_SKIP();
  for (const std::size_t n : {1U, 2U, 3U, 15U, 16U, 17U, 31U, 100U, 5000U, 70000U}) {
    for (const Rules& f : functions()) {
      check_targets<float>(f, n);
      check_targets<double>(f, n > 1000 ? n / 10 : n);
    }
  }
}

TEST(RowsOnAllInstructionSets, HaveTheSameBitsForAnyAlpha) {
  if (testing::running_targets().back() != kernels::Target::emu128) GTEST_SKIP();
  for (const double alpha : {1.1, 1.7, 2.3, 6.0}) {
    for (const std::size_t n : {1U, 9U, 300U}) {
      check_targets<double>({.rule = Rule::entmax, .alpha = alpha}, n);
    }
  }
}

TEST(RowsOnAllInstructionSets, StayWithinTheirMemory) {
  testing::Guarded in, out;
  for (const auto target : testing::running_targets()) {
    const auto& kernels = rows::table(target).of<float>();
    for (std::size_t n = 1; n < 40; ++n) {
      const auto x = random_row<float>(n, 3, 6);
      std::copy_n(x.data(), n, in.last<float>(n));
      for (const Rules& f : functions()) {
        kernels.forward(f, in.last<float>(n), out.last<float>(n), n);
        kernels.backward(f, out.last<float>(n), in.last<float>(n), in.last<float>(n), n);
        std::copy_n(x.data(), n, in.first<float>());
        kernels.forward(f, in.first<float>(), out.first<float>(), n);
        std::copy_n(x.data(), n, in.last<float>(n));
      }
    }
  }
}

std::vector<RowActivation> activations() {
  return {Softmax{},   Softmax{0.5}, Softmin{},   LogSoftmax{}, LogSoftmax{2},
          Sparsemax{}, Entmax{},     Entmax{1.3}, Hardmax{}};
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
      for (const RowActivation& f : activations()) {
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
    for (const RowActivation& f : activations()) {
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
      for (const RowActivation& f : activations()) {
        const double out = std::holds_alternative<Softmin>(f) ? INFINITY : -INFINITY;
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

TEST(LogSumExp, TakesShapesWithAndWithoutTheAxis) {
  const Shape shape = {3, 4, 5};
  const auto x = random_row<float>(60, 2, 16);
  std::vector<float> kept(15), without(15), dx(60), want(60);
  logsumexp({x, shape}, 1, {kept, {3, 1, 5}});
  logsumexp({x, shape}, 1, {without, {3, 5}});
  EXPECT_EQ(testing::bits(kept), testing::bits(without));
  for (std::size_t r = 0; r < 15; ++r) {
    std::vector<float> row(4), one(1);
    for (std::size_t i = 0; i < 4; ++i) row[i] = x[r / 5 * 20 + i * 5 + r % 5];
    logsumexp(row, 0, one);
    EXPECT_EQ(one[0], kept[r]);
  }
  // dx = dy softmax(x)
  std::vector<float> ones(15, 1.0F);
  logsumexp_backward({x, shape}, {ones, {3, 5}}, 1, {dx, shape});
  softmax({x, shape}, 1, {want, shape});
  for (std::size_t i = 0; i < 60; ++i) EXPECT_NEAR(dx[i], want[i], 2e-7F * want[i]);
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
