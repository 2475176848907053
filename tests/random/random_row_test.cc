// SPDX-License-Identifier: Apache-2.0
// Random functions of rows: the noise and the results against their definitions, distributions by
// fixed seeds, the same bits whatever the layout, gradients, errors.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "elements.h"
#include "instances.h"
#include "layouts.h"
#include "messages.h"
#include "operations.h"
#include "random/kernels/philox.h"
#include "random/kernels/table.h"
#include "random_reference.h"
#include "targets.h"
#include "threads.h"

namespace actfn {
namespace {

using testing::bits;
using testing::for_each_type;
using testing::instances;
using testing::message;

constexpr Noise kNoise = {77, 1234567890123};

template <class F>
long double noise_of(const F& /*f*/, std::uint32_t word) {
  return HWY_NAMESPACE::RandomMath<F>::Reference(static_cast<long double>(word));
}
long double noise_of(const RandomRow& f, std::uint32_t word) {
  return std::visit([word](const auto& one) { return noise_of(one, word); }, f);
}

std::uint32_t word(const Noise& noise, std::size_t i) {
  const std::uint64_t position = noise.first + i;
  return Philox(noise.seed, Purpose::noise, 0)(position / 4)[position % 4];
}

// x + noise of these words, in the type T.
template <class T>
std::vector<T> perturbed(kernels::Target target, const RandomRow& f, const std::vector<T>& x,
                         std::vector<std::uint32_t> words) {
  words.resize(x.size() + random::kExtraWords);
  std::vector<T> z(x.size());
  const auto& loops = ListRef<RandomRow>(f).entry().loops.of(target).of<T>();
  loops.perturb({words.data(), 0}, x.data(), z.data(), x.size());
  return z;
}

// The ends, 1/e where g is 0, and what a seed draws.
std::vector<std::uint32_t> words_to_try() {
  std::vector<std::uint32_t> all = {0, 1, 2, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0x7FFFFFFF};
  for (std::uint32_t k = 0; k < 64; ++k) all.push_back(1580030137 + k);
  for (std::size_t i = 0; i < 20000; ++i) all.push_back(word(kNoise, i));
  return all;
}

TEST(RandomRows, NoiseIsItsDefinition) {
  const auto words = words_to_try();
  const std::vector<double> zeros(words.size());
  for (const auto target : testing::running_targets()) {
    for (const auto& f : instances<RandomRow>()) {
      const auto g = perturbed(target, f, zeros, words);
      for (std::size_t i = 0; i < g.size(); ++i) {
        const long double want = noise_of(f, words[i]);
        const auto most = 0x1p-48L * std::max(1.0L, std::abs(want));
        ASSERT_LE(std::abs(static_cast<long double>(g[i]) - want), most)
            << testing::name_of(target) << to_string(f) << words[i];
      }
    }
  }
}

TEST(GumbelSoftmax, NoiseHasTheRangeStated) {
  const auto g =
      perturbed<double>(testing::running_targets()[0], GumbelSoftmax{}, {0, 0}, {0, 0xFFFFFFFF});
  EXPECT_NEAR(g[0], -3.13, 0.01);
  EXPECT_NEAR(g[1], 22.87, 0.01);
}

TEST(RandomRows, InstructionSetsGiveTheSameBits) {
  const auto words = words_to_try();
  const auto check = [&]<class T>(T /*type*/) {
    for (const auto& f : instances<RandomRow>()) {
      for (std::size_t n = 0; n <= 70; ++n) {
        const auto x = testing::inputs<T>(n, 1);
        const auto want = perturbed(testing::running_targets().back(), f, x, words);
        for (const auto target : testing::running_targets()) {
          EXPECT_EQ(testing::canonical_bits(perturbed(target, f, x, words).data(), n),
                    testing::canonical_bits(want.data(), n))
              << testing::name_of(target) << to_string(f) << n;
        }
      }
    }
  };
  check(float{});
  check(double{});
}

// A vector of numbers in [-3, 3).
template <class T>
std::vector<T> scores(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<T> all;
  for (std::size_t i = 0; i < n; ++i) {
    all.push_back(testing::as<T>(static_cast<double>(random()) * 6 * 0x1p-32 - 3));
  }
  return all;
}

template <class T>
std::vector<T> applied(const RandomRow& f, const std::vector<T>& x, const Shape& shape,
                       const Noise& noise, int axis = -1) {
  std::vector<T> y(x.size());
  forward(f, {x, shape}, axis, noise, {y, shape});
  return y;
}
template <class T>
std::vector<T> gradient(const RandomRow& f, const std::vector<T>& x, const std::vector<T>& dy,
                        const Shape& shape, const Noise& noise, int axis = -1) {
  std::vector<T> dx(x.size());
  backward(f, {x, shape}, {dy, shape}, axis, noise, {dx, shape});
  return dx;
}

TEST(GumbelSoftmax, IsItsDefinition) {
  constexpr std::size_t kRows = 40, kColumns = 25;
  for_each_type([]<class T>() {
    const auto x = scores<T>(kRows * kColumns, 3);
    for (const double tau : {1.0, 0.5, 3.0}) {
      const auto y = applied<T>(GumbelSoftmax{tau}, x, {kRows, kColumns}, kNoise);
      for (std::size_t r = 0; r < kRows; ++r) {
        std::array<long double, kColumns> z{};
        long double most = 0, sum = 0;
        for (std::size_t i = 0; i < kColumns; ++i) {
          const std::size_t at = r * kColumns + i;
          z[i] = double{x[at]} + noise_of(GumbelSoftmax{}, word(kNoise, at));
          most = std::max(most, std::abs(z[i]));
          sum += std::exp(z[i] / tau);
        }
        // z is rounded to T, here and in the sum: so much in the exponents.
        const double in_z = testing::spacing<T>(static_cast<double>(most)) / tau;
        for (std::size_t i = 0; i < kColumns; ++i) {
          const auto want = static_cast<double>(std::exp(z[i] / tau) / sum);
          ASSERT_NEAR(double{y[r * kColumns + i]}, want,
                      want * std::expm1(1.1 * in_z) + 2 * testing::spacing<T>(want))
              << kTypeName<T> << tau;
        }
      }
    }
  });
}

TEST(GumbelSoftmax, HardIsOneForTheLargest) {
  for_each_type([]<class T>() {
    const Shape shape = {100, 7};
    const auto x = scores<T>(700, 5);
    const auto soft = applied<T>(GumbelSoftmax{0.5}, x, shape, kNoise);
    const auto hard = applied<T>(GumbelSoftmax{0.5, true}, x, shape, kNoise);
    for (std::size_t r = 0; r < 100; ++r) {
      const auto* const row = soft.data() + r * 7;
      const auto largest = static_cast<std::size_t>(
          std::max_element(row, row + 7, [](T a, T b) { return double{a} < double{b}; }) - row);
      for (std::size_t i = 0; i < 7; ++i) {
        EXPECT_EQ(double{hard[r * 7 + i]}, i == largest ? 1 : 0) << kTypeName<T> << r;
      }
    }
  });
}

// How often each entry is the largest, against softmax(x). Chi-square with 4 degrees of freedom is
// above 18.5 with probability 0.001.
TEST(GumbelSoftmax, DrawsEntriesByTheirProbabilities) {
  constexpr std::size_t kRows = 200000, kColumns = 5;
  const std::array<float, kColumns> row = {0.5F, -1, 2, 0, 1};
  std::array<float, kColumns> p{};
  softmax(row, 0, p);
  std::vector<float> x;
  for (std::size_t r = 0; r < kRows; ++r) x.insert(x.end(), row.begin(), row.end());
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    for (const double tau : {0.3, 2.0}) {
      const auto y = applied<float>(GumbelSoftmax{tau}, x, {kRows, kColumns}, {seed, 11});
      const auto hard = applied<float>(GumbelSoftmax{tau, true}, x, {kRows, kColumns}, {seed, 11});
      std::array<double, kColumns> count{}, hard_count{};
      for (std::size_t r = 0; r < kRows; ++r) {
        const auto* const at = y.data() + r * kColumns;
        ++count.at(static_cast<std::size_t>(std::max_element(at, at + kColumns) - at));
        for (std::size_t i = 0; i < kColumns; ++i) {
          hard_count.at(i) += static_cast<double>(hard[r * kColumns + i]);
        }
      }
      EXPECT_EQ(count, hard_count);
      double chi_square = 0;
      for (std::size_t i = 0; i < kColumns; ++i) {
        const double want = static_cast<double>(p.at(i)) * kRows;
        chi_square += (count.at(i) - want) * (count.at(i) - want) / want;
      }
      EXPECT_LT(chi_square, 18.5) << seed << ", " << tau;
    }
  }
}

// Along each axis and through every pair of entries, by central differences in double.
TEST(RandomRows, BackwardIsTheGradientOfForward) {
  const Shape shape = {4, 5, 3};
  const auto x = scores<double>(60, 8);
  const auto dy = scores<double>(60, 9);
  const auto value = [&](const RandomRow& f, const std::vector<double>& at, int axis) {
    const auto y = applied(f, at, shape, kNoise, axis);
    return std::inner_product(y.begin(), y.end(), dy.begin(), 0.0);
  };
  const double h = 0x1p-18;
  for (const double tau : {1.0, 0.7, 2.0}) {
    for (const int axis : {0, 1, -1}) {
      const GumbelSoftmax f = {tau};
      const auto dx = gradient<double>(f, x, dy, shape, kNoise, axis);
      for (std::size_t i = 0; i < x.size(); ++i) {
        auto left = x, right = x;
        left[i] -= h;
        right[i] += h;
        const double want = (value(f, right, axis) - value(f, left, axis)) / (2 * h);
        EXPECT_NEAR(dx[i], want, 1e-9) << tau << ", " << axis << ", " << i;
      }
      const auto straight = gradient<double>(GumbelSoftmax{tau, true}, x, dy, shape, kNoise, axis);
      EXPECT_EQ(straight, dx);  // straight through the step
    }
  }
}

TEST(RandomRows, StridesAndPlaceChangeNoBit) {
  const Shape shape = {6, 5, 9};
  for_each_type([&]<class T>() {
    const auto x = scores<T>(270, 2);
    const auto dy = scores<T>(270, 4);
    for (const auto& f : instances<RandomRow>()) {
      for (const int axis : {0, 1, 2}) {
        const auto y = bits(applied(f, x, shape, kNoise, axis));
        const auto dx = bits(gradient(f, x, dy, shape, kNoise, axis));
        for (const auto layout : testing::kLayouts) {
          testing::Laid<T> in(shape, layout, x), gradient_in(shape, layout, dy), out(shape, layout);
          forward(f, in.view(), axis, kNoise, out.view());
          EXPECT_EQ(bits(out.elements()), y) << to_string(f) << axis;
          backward(f, in.view(), gradient_in.view(), axis, kNoise, out.view());
          EXPECT_EQ(bits(out.elements()), dx) << to_string(f) << axis;
          testing::Laid<T> same(shape, layout, x);
          backward(f, same.view(), gradient_in.view(), axis, kNoise, same.view());
          EXPECT_EQ(bits(same.elements()), dx) << to_string(f) << axis;
          forward(f, in.view(), axis, kNoise, in.view());
          EXPECT_EQ(bits(in.elements()), y) << to_string(f) << axis;
        }
      }
    }
  });
}

TEST(RandomRows, ThreadsAndPartsChangeNoBit) {
  constexpr std::size_t kColumns = 11, kRows = testing::kElementsPerThread / 4, kPart = 1001;
  const auto x = scores<float>(kRows * kColumns, 6);
  const Shape shape = {kRows, kColumns};
  for (const auto& f : {RandomRow(GumbelSoftmax{}), RandomRow(GumbelSoftmax{0.5, true})}) {
    const auto y = applied(f, x, shape, kNoise);
    const auto dx = gradient(f, x, x, shape, kNoise);
    std::vector<float> out(x.size());
    for (const int threads : {2, 7, 0}) {
      forward(f, {x, shape}, 1, kNoise, {out, shape}, {.threads = {threads}});
      EXPECT_TRUE(out == y) << to_string(f) << threads;
      backward(f, {x, shape}, {x, shape}, 1, kNoise, {out, shape}, {.threads = {threads}});
      EXPECT_TRUE(out == dx) << to_string(f) << threads;
    }
    const std::vector<float> rest(x.begin() + kPart * kColumns, x.end());
    const std::vector<float> want(y.begin() + kPart * kColumns, y.end());
    EXPECT_TRUE(applied(f, rest, {kRows - kPart, kColumns},
                        {kNoise.seed, kNoise.first + kPart * kColumns}) == want);
  }
}

TEST(GumbelSoftmax, NeverDrawsMinusInfinityAndKeepsNan) {
  for_each_type([]<class T>() {
    std::vector<T> x(64 * 4, testing::as<T>(1));
    for (std::size_t r = 0; r < 64; ++r) x[4 * r + r % 4] = testing::as<T>(-INFINITY);
    for (const bool hard : {false, true}) {
      const auto y = applied<T>(GumbelSoftmax{1, hard}, x, {64, 4}, kNoise);
      for (std::size_t r = 0; r < 64; ++r) EXPECT_EQ(double{y[4 * r + r % 4]}, 0);
      std::vector<T> bad(4, testing::as<T>(0));
      bad[2] = testing::as<T>(NAN);
      for (const T v : applied<T>(GumbelSoftmax{1, hard}, bad, {4}, kNoise)) {
        EXPECT_TRUE(std::isnan(double{v}));
      }
    }
  });
}

// The same noise, too: what is masked out only leaves the row.
TEST(RandomRows, MaskedEntriesCountAsMinusInfinity) {
  for_each_type([]<class T>() {
    const Shape shape = {50, 5};
    const std::vector<std::uint8_t> mask = {1, 0, 1, 1, 0};
    const RowOptions options = {.mask = ConstMask(mask.data(), {5})};
    auto x = scores<T>(250, 8), without = x;
    const auto dy = scores<T>(250, 9);
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (mask[i % 5] != 0) continue;
      x[i] = testing::as<T>(NAN);
      without[i] = testing::as<T>(-INFINITY);
    }
    for (const bool hard : {false, true}) {
      const RandomRow f = GumbelSoftmax{0.7, hard};
      std::vector<T> y(250);
      forward(f, {x, shape}, 1, kNoise, {y, shape}, options);
      EXPECT_EQ(bits(y), bits(applied<T>(f, without, shape, kNoise)));
      backward(f, {x, shape}, {dy, shape}, 1, kNoise, {y, shape}, options);
      EXPECT_EQ(bits(y), bits(gradient<T>(f, without, dy, shape, kNoise)));
    }
  });
}

TEST(RandomRows, AreReadAndWritten) {
  for (const auto& f : instances<RandomRow>()) EXPECT_EQ(parse_random_row(to_string(f)), f);
  EXPECT_EQ(parse_random_row("gumbel_softmax(tau=0.5,hard=true)"),
            RandomRow(GumbelSoftmax{0.5, true}));
  EXPECT_EQ(parse_function("F.gumbel_softmax"), Function(RandomRow(GumbelSoftmax{})));
  EXPECT_EQ(to_string(RandomRow(GumbelSoftmax{1, true})), "gumbel_softmax(hard=true)");
  EXPECT_EQ(evaluated(GumbelSoftmax{0.5}), RowActivation(Softmax{0.5}));
  EXPECT_EQ(evaluated(GumbelSoftmax{0.5, true}), RowActivation(Hardmax{}));
}

TEST(RandomRows, RefuseWhatDoesNotFitAndWriteNothing) {
  const auto error_of = [](std::string_view spec) {
    return message([&] { (void)parse_random_row(spec); });
  };
  EXPECT_EQ(error_of("gumbel_softmax(tau=0)"),
            "[gumbel_softmax] tau must be finite and positive, got 0");
  EXPECT_EQ(error_of("gumbel_softmax(hard=maybe)"),
            "[gumbel_softmax] hard must be false or true, got 'maybe'");
  EXPECT_EQ(error_of("dropout"),
            "[parse] dropout is a random elementwise function, where a random function of rows is "
            "needed");
  std::vector<float> x(6, 1), y(6, 5);
  const Shape shape = {2, 3};
  const auto drawn = [&](const RandomRow& f, int axis, const Shape& of_y,
                         const RowOptions& options = {}) {
    return message([&] { forward(f, {x, shape}, axis, {}, {y, of_y}, options); });
  };
  EXPECT_EQ(drawn(GumbelSoftmax{-1}, 1, shape),
            "[gumbel_softmax] tau must be finite and positive, got -1");
  EXPECT_EQ(drawn(GumbelSoftmax{}, 2, shape),
            "[gumbel_softmax] axis 2 is out of range: x has the shape 2x3");
  EXPECT_EQ(drawn(GumbelSoftmax{}, 1, {3, 2}), "[gumbel_softmax] y has the shape 3x2, x has 2x3");
  EXPECT_EQ(drawn(GumbelSoftmax{}, 1, shape, {.threads = {-2}}),
            "[gumbel_softmax] threads must not be negative, got -2");
  const std::vector<std::uint8_t> mask(2);
  EXPECT_EQ(drawn(GumbelSoftmax{}, 1, shape, {.mask = ConstMask(mask.data(), {2})}),
            "[gumbel_softmax] mask has the shape 2, which does not broadcast to x's 2x3");
  EXPECT_EQ(message([&] {
              backward(GumbelSoftmax{}, {x, shape}, {y, shape}, 1, {}, {y, shape});
            }),
            "[gumbel_softmax] dx overlaps dy: they must be separate");
  EXPECT_EQ(y, std::vector<float>(6, 5));
}

}  // namespace
}  // namespace actfn
