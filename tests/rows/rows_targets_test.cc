// SPDX-License-Identifier: Apache-2.0
// The instruction set changes no bit of a row, and kernels stay within their memory.
#include <actfn/rows.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "catalogue/descriptor.h"
#include "elements.h"
#include "guarded.h"
#include "instances.h"
#include "rows/kernels/table.h"
#include "targets.h"

namespace actfn {
namespace {

using rows::Stores;
using testing::as;

// As `bits`, with one NaN for all: payloads are the instruction set's.
template <class T>
std::vector<testing::Bits<T>> canonical(std::vector<T> x) {
  for (T& v : x) {
    if (std::isnan(static_cast<double>(v))) v = as<T>(std::nan(""));
  }
  return testing::bits(x);
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
std::vector<T> results(kernels::Target target, RowActivation f, const std::vector<T>& x) {
  const std::size_t n = x.size();
  const auto dy = random_row<T>(n, 1, 8);
  const auto v = random_row<T>(n, 1, 9);
  const void* const parameters = functions::leaf_of(f);
  const auto& gradients = GradientRef<RowActivation>(f).gradients().kernels.of(target);
  std::vector<T> all(4 * n);
  T* const y = all.data();
  ListRef<RowActivation>(f).entry().kernels.of(target).of<T>().forward(parameters, x.data(), y, n,
                                                                       Stores::cached);
  gradients.of<T>().backward(parameters, y, dy.data(), y + n, n, Stores::cached);
  if constexpr (sizeof(T) == 8) {
    gradients.double_backward(parameters, {y, dy.data(), v.data(), y + 2 * n, y + 3 * n}, n);
  }
  return all;
}

template <class T>
std::vector<T> results(kernels::Target target, const RowReduction& f, const std::vector<T>& x) {
  const std::size_t n = x.size();
  const auto& forward = ListRef<RowReduction>(f).entry().kernels.of(target).of<T>().forward;
  std::vector<T> all = {forward(x.data(), 1, 1), forward(x.data(), n, n)};
  if constexpr (sizeof(T) == 8) {
    all.resize(n + 3);
    GradientRef<RowReduction>(f).gradients().kernels.of(target)(x.data(), -1.5, &all[2], n);
    all[n + 2] = rows::softmax1_by_sink(target)(0.5, x.data(), random_row<T>(n, 1, 8).data(), n);
  }
  return all;
}

template <class T, class List>
void check_targets(const List& f, std::size_t n) {
  for (const auto& x : rows_of<T>(n)) {
    const auto want = canonical(results(kernels::Target::emu128, f, x));
    for (const auto target : testing::running_targets()) {
      ASSERT_EQ(canonical(results(target, f, x)), want)
          << testing::name_of(target) << ", " << kTypeName<T> << ", n = " << n << ", "
          << to_string(f);
    }
  }
}

template <class List>
void check_lengths(const std::vector<List>& all) {
  if (testing::running_targets().back() != kernels::Target::emu128) GTEST_SKIP();
  for (const List& f : all) {
    // entmax takes many passes for most alpha.
    const bool slow = to_string(f).starts_with("entmax(");
    for (const std::size_t n : {1U, 2U, 3U, 15U, 16U, 17U, 31U, 100U, 5000U, 70000U}) {
      if (slow && n > 1000) continue;
      check_targets<float>(f, n);
      check_targets<double>(f, n > 1000 ? n / 10 : n);
    }
  }
}

TEST(RowsOnAllInstructionSets, HaveTheSameBits) {
  check_lengths(testing::instances<RowActivation>());
}

TEST(RowsOnAllInstructionSets, HaveTheSameReductions) {
  check_lengths(testing::instances<RowReduction>());
}

TEST(RowsOnAllInstructionSets, StayWithinTheirMemory) {
  testing::Guarded in, out;
  for (const auto target : testing::running_targets()) {
    for (std::size_t n = 1; n < 40; ++n) {
      const auto x = random_row<float>(n, 3, 6);
      std::copy_n(x.data(), n, in.last<float>(n));
      for (RowActivation f : testing::instances<RowActivation>()) {
        const void* const parameters = functions::leaf_of(f);
        const auto forward = [&](const float* from, float* to) {
          ListRef(f).entry().kernels.of(target).of<float>().forward(parameters, from, to, n,
                                                                    Stores::cached);
        };
        forward(in.last<float>(n), out.last<float>(n));
        const auto& gradients = GradientRef(f).gradients().kernels.of(target).of<float>();
        gradients.backward(parameters, out.last<float>(n), in.last<float>(n), in.last<float>(n), n,
                           Stores::cached);
        std::copy_n(x.data(), n, in.first<float>());
        forward(in.first<float>(), out.first<float>());
        std::copy_n(x.data(), n, in.last<float>(n));
      }
      for (const RowReduction& f : testing::instances<RowReduction>()) {
        const auto& reduction = ListRef(f).entry().kernels.of(target).of<float>();
        (void)reduction.forward(in.last<float>(n), n, n);
        (void)reduction.forward(in.first<float>(), n, n);
      }
    }
  }
}

}  // namespace
}  // namespace actfn
