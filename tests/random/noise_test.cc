// SPDX-License-Identifier: Apache-2.0
// Random activations: the words against the scalar generator, results against the definitions
// given these words, and the same bits whatever the layout.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numbers>

#include "elements.h"
#include "noise.h"
#include "operations.h"
#include "random/kernels/philox.h"
#include "random/kernels/table.h"
#include "random_reference.h"
#include "targets.h"
#include "threads.h"

namespace actfn {
namespace {

using testing::applied;
using testing::as;
using testing::bits_of;
using testing::for_each_type;
using testing::gradient;
using testing::plain;
using testing::random_activations;
__extension__ using Wide = __float128;

std::uint32_t word(const Noise& noise, std::size_t i) {
  const std::uint64_t position = noise.first + i;
  return Philox(noise.seed, Purpose::noise, 0)(position / 4)[position % 4];
}

TEST(Noise, WordsAreThoseOfTheScalarGenerator) {
  constexpr std::uint64_t kWrap = std::uint64_t{1} << 62U;
  for (const std::uint64_t first : {std::uint64_t{0}, std::uint64_t{5}, std::uint64_t{0xFFFFFFFD},
                                    std::uint64_t{0x123456789ABCDEF}, kWrap - 2}) {
    for (const std::size_t blocks : {1U, 2U, 7U, 16U, 33U}) {
      std::vector<std::uint32_t> want;
      for (std::size_t i = 0; i < blocks; ++i) {
        const auto block = Philox(0xFEDCBA9876543210, Purpose::noise, 9)((first + i) % kWrap);
        want.insert(want.end(), block.begin(), block.end());
      }
      for (const auto target : testing::running_targets()) {
        std::vector<std::uint32_t> got(4 * blocks + random::kExtraWords);
        random::table(target).words({0xFEDCBA9876543210, 9, 3}, first, blocks, got.data());
        got.resize(want.size());
        EXPECT_EQ(got, want) << testing::name_of(target) << ", " << first << ", " << blocks;
      }
    }
  }
}

// In the spacing of T at `size`, or at `want` where that is larger.
template <class T>
double error(T got, Wide want, double size) {
  const double near = std::max(std::abs(static_cast<double>(want)), size);
  return std::abs(static_cast<double>(static_cast<Wide>(double{got}) - want)) /
         testing::spacing<T>(near);
}

constexpr Noise kNoise = {77, 1234567890123};

template <class T>
double parameter(double p) {
  return sizeof(T) == 8 ? p : double{static_cast<float>(p)};
}

TEST(Rrelu, IsItsDefinition) {
  for_each_type([]<class T>() {
    const auto x = plain<T>(2000);
    for (const Rrelu f : {Rrelu{}, Rrelu{-0.5, 2}, Rrelu{0.3, 0.3}}) {
      const auto y = applied<T>(f, x, kNoise);
      const auto dx = gradient<T>(f, x, x, kNoise);
      const Wide lower = parameter<T>(f.lower), upper = parameter<T>(f.upper);
      const double most = sizeof(T) == 8 ? 2.1 : 0.5001;  // a double's r is rounded too
      for (std::size_t i = 0; i < x.size(); ++i) {
        const Wide r = lower + (upper - lower) * word(kNoise, i) * 0x1p-32;
        const double size = static_cast<double>(upper) * std::abs(double{x[i]});
        const Wide want = double{x[i]} > 0 ? Wide{double{x[i]}} : r * double{x[i]};
        ASSERT_LE(error(y[i], want, sizeof(T) == 8 ? size : 0), most) << kTypeName<T> << ", " << i;
        ASSERT_EQ(double{dx[i]}, double{y[i]});  // as dy is x
      }
    }
  });
}

TEST(Dropout, IsItsDefinition) {
  for_each_type([]<class T>() {
    const auto x = plain<T>(2000);
    for (const double p : {0.0, 0.1, 0.25, 0.5, 0.9}) {
      const auto y = applied<T>(Dropout{p}, x, kNoise);
      const auto dx = gradient<T>(Dropout{p}, x, x, kNoise);
      for (std::size_t i = 0; i < x.size(); ++i) {
        const bool dropped = word(kNoise, i) < std::floor(p * 0x1p32 + 0.5);
        const Wide want = dropped ? Wide{0} : double{x[i]} / (Wide{1} - p);
        ASSERT_LE(error(y[i], want, 0), 0.5001) << kTypeName<T> << ", " << p;
        ASSERT_EQ(double{dx[i]}, double{y[i]});
      }
    }
  });
}

TEST(AlphaDropout, IsItsDefinition) {
  const Wide alpha = -1.7580993408473766;
  for_each_type([&]<class T>() {
    const auto x = plain<T>(2000);
    for (const double p : {0.1, 0.5, 0.9}) {
      const auto y = applied<T>(AlphaDropout{p}, x, kNoise);
      const auto dx = gradient<T>(AlphaDropout{p}, x, x, kNoise);
      const double scale =
          1 / std::sqrt(static_cast<double>((1 - Wide{p}) * (1 + p * alpha * alpha)));
      const Wide shift = -scale * p * alpha;
      for (std::size_t i = 0; i < x.size(); ++i) {
        const bool dropped = word(kNoise, i) < std::floor(p * 0x1p32 + 0.5);
        const Wide slope = dropped ? 0 : scale;
        const Wide want = scale * (dropped ? alpha : Wide{double{x[i]}}) + shift;
        const double size = std::max(scale * std::abs(double{x[i]}), static_cast<double>(shift));
        ASSERT_LE(error(y[i], want, sizeof(T) == 8 ? size : 0x1p-20), sizeof(T) == 8 ? 4 : 0.501);
        ASSERT_LE(error(dx[i], slope * double{x[i]}, 0), sizeof(T) == 8 ? 4 : 0.5001);
      }
    }
  });
}

// The standard normal number of element i.
double normal_at(const Noise& noise, std::size_t i) {
  const std::size_t odd = (noise.first + i) % 2;
  const Noise even = {noise.seed, noise.first + i - odd};
  const double radius = std::sqrt(-2 * std::log((word(even, 0) + 0.5) * 0x1p-32));
  const double angle = 2 * std::numbers::pi * word(even, 1) * 0x1p-32;
  return radius * (odd != 0 ? std::sin(angle) : std::cos(angle));
}

TEST(NoisyRelu, IsItsDefinition) {
  for_each_type([]<class T>() {
    const auto x = plain<T>(2000);
    const auto y = applied<T>(NoisyRelu{}, x, kNoise);
    const auto dx = gradient<T>(NoisyRelu{}, x, x, kNoise);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double v = x[i];
      const double sum = v + normal_at(kNoise, i) / std::sqrt(1 + std::exp(-v));
      const double most = 1e-8 + testing::spacing<T>(sum) * 0.5001;
      ASSERT_NEAR(double{y[i]}, std::max(sum, 0.0), most) << kTypeName<T> << ", " << i;
      ASSERT_EQ(double{dx[i]}, double{y[i]} > 0 ? v : 0);
    }
  });
}

// Every function of the list against the definition in its file.
TEST(Noise, FunctionsAreTheirDefinitions) {
  for_each_type([]<class T>() {
    const auto x = plain<T>(500);
    for (const auto& f : random_activations()) {
      const auto y = applied<T>(f, x, kNoise);
      for (std::size_t i = 0; i < x.size(); ++i) {
        const auto at = [&](double normal) {
          return testing::random_reference(f, kTypeOf<T>, double{x[i]}, word(kNoise, i), normal);
        };
        const double normal = normal_at(kNoise, i);  // the one drawn is within 1e-8 of it
        const auto want = at(normal);
        const auto drawn =
            std::max(std::abs(at(normal - 1e-8) - want), std::abs(at(normal + 1e-8) - want));
        const double far = std::abs(static_cast<double>(want));
        // Doubles round intermediate results too.
        const double most =
            sizeof(T) == 8 ? 4 * testing::spacing<T>(std::max({far, std::abs(double{x[i]}), 1.0}))
                           : 0.501 * testing::spacing<T>(std::max(far, 0x1p-20));
        ASSERT_NEAR(double{y[i]}, static_cast<double>(want), most + static_cast<double>(drawn))
            << to_string(f) << ", " << kTypeName<T> << " at " << double{x[i]};
      }
    }
  });
}

TEST(Noise, NanStaysNanAndInfinitiesHaveTheirLimits) {
  for_each_type([]<class T>() {
    const std::vector<T> nan(64, as<T>(NAN)), one(64, as<T>(1)), far(64, as<T>(INFINITY));
    const std::vector<T> down(64, as<T>(-INFINITY));
    for (const auto& f : random_activations()) {
      for (const auto& y : {applied<T>(f, nan, kNoise), gradient<T>(f, nan, one, kNoise),
                            gradient<T>(f, one, nan, kNoise)}) {
        for (const T v : y) EXPECT_TRUE(std::isnan(double{v})) << to_string(f) << kTypeName<T>;
      }
      for (const auto& y : {applied<T>(f, far, kNoise), applied<T>(f, down, kNoise)}) {
        for (const T v : y) EXPECT_FALSE(std::isnan(double{v})) << to_string(f);
      }
    }
    for (const T v : applied<T>(Rrelu{0, 0}, down, kNoise)) EXPECT_EQ(double{v}, 0);
    for (const T v : applied<T>(NoisyRelu{}, down, kNoise)) EXPECT_EQ(double{v}, 0);
    for (const T v : applied<T>(Dropout{1}, far, kNoise)) EXPECT_EQ(double{v}, 0);
    for (const T v : applied<T>(AlphaDropout{1}, one, kNoise)) EXPECT_EQ(double{v}, 0);
  });
}

TEST(Noise, WithoutDroppingItIsTheIdentity) {
  for_each_type([]<class T>() {
    const auto x = testing::inputs<T>(300, 5);
    EXPECT_EQ(bits_of(applied<T>(Dropout{0}, x, kNoise)), bits_of(x));
    EXPECT_EQ(bits_of(applied<T>(AlphaDropout{0}, x, kNoise)), bits_of(x));
    std::vector<T> leaky(x.size());
    forward(LeakyRelu{0.3}, x, leaky);
    EXPECT_EQ(bits_of(applied<T>(Rrelu{0.3, 0.3}, x, kNoise)), bits_of(leaky)) << kTypeName<T>;
  });
}

// With the same noise, the difference quotient.
TEST(Noise, BackwardIsTheSlopeOfForward) {
  const auto x = plain<double>(500);
  const double h = 0x1p-20;
  for (const auto& f : random_activations()) {
    if (std::holds_alternative<NoisyRelu>(f)) continue;  // its noise depends on x
    auto left = x, right = x;
    for (double& v : left) v -= h;
    for (double& v : right) v += h;
    const auto low = applied(f, left, kNoise), high = applied(f, right, kNoise);
    const auto dx = gradient(f, x, std::vector<double>(x.size(), 1), kNoise);
    for (std::size_t i = 0; i < x.size(); ++i) {
      EXPECT_NEAR(dx[i], (high[i] - low[i]) / (2 * h), 1e-8 * std::max(1.0, std::abs(dx[i])))
          << to_string(f) << " at " << x[i];
    }
  }
}

// An element's noise is a function of its position.
TEST(Noise, CountsPositions) {
  const auto x = plain<float>(1300);
  for (const auto& f : random_activations()) {
    const auto all = applied(f, x, {5, 0});
    for (std::size_t from = 1; from < x.size(); from = from * 2 + 1) {
      const std::vector<float> rest(x.begin() + static_cast<std::ptrdiff_t>(from), x.end());
      const std::vector<float> want(all.begin() + static_cast<std::ptrdiff_t>(from), all.end());
      EXPECT_EQ(bits_of(applied(f, rest, {5, from})), bits_of(want)) << to_string(f) << from;
    }
  }
  const std::vector<float> ones(64, 1);
  const auto want = applied<float>(Dropout{}, ones, {5, 0});
  EXPECT_NE(applied<float>(Dropout{}, ones, {6, 0}), want);
  EXPECT_NE(applied<float>(Dropout{}, ones, {5, 1}), want);
}

TEST(Noise, StridesChangeNoBit) {
  for_each_type([]<class T>() {
    constexpr std::size_t kRows = 7, kColumns = 101, kSize = kRows * kColumns;
    const auto x = testing::inputs<T>(kSize, 3);
    const auto at = [](std::size_t i) { return (i / kColumns) * 300 + (i % kColumns) * 2; };
    std::vector<T> wide(kRows * 300);
    for (std::size_t i = 0; i < kSize; ++i) wide[at(i)] = x[i];
    const Rows<const T> in = {wide.data(), kRows, kColumns, 300, 2};
    for (const auto& f : random_activations()) {
      std::vector<T> want(kSize), y(kRows * 300), got(kSize);
      const Rows<T> out = {y.data(), kRows, kColumns, 300, 2};
      const ConstTensor dense(x.data(), kSize);
      forward(f, dense, kNoise, want);
      forward(f, in, kNoise, out);
      for (std::size_t i = 0; i < kSize; ++i) got[i] = y[at(i)];
      EXPECT_EQ(bits_of(got), bits_of(want)) << to_string(f) << kTypeName<T>;
      backward(f, dense, dense, kNoise, want);
      backward(f, in, in, kNoise, out);
      for (std::size_t i = 0; i < kSize; ++i) got[i] = y[at(i)];
      EXPECT_EQ(bits_of(got), bits_of(want)) << to_string(f) << kTypeName<T>;
    }
  });
}

TEST(Noise, InPlaceGivesTheSameBits) {
  for_each_type([]<class T>() {
    const auto x = testing::inputs<T>(1100, 3), dy = plain<T>(x.size());
    for (const auto& f : random_activations()) {
      auto a = x;
      forward(f, a, kNoise, a);
      EXPECT_EQ(bits_of(a), bits_of(applied(f, x, kNoise))) << to_string(f);
      const auto want = bits_of(gradient(f, x, dy, kNoise));
      a = x;
      auto b = dy;
      backward(f, a, dy, kNoise, a);
      backward(f, x, b, kNoise, b);
      EXPECT_EQ(bits_of(a), want) << to_string(f);
      EXPECT_EQ(bits_of(b), want) << to_string(f);
    }
  });
}

TEST(Noise, ThreadsChangeNoBit) {
  const auto few = plain<float>(999);
  std::vector<float> x(testing::kElementsPerThread * 7 + 1001);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = few[i % few.size()];
  for (const RandomActivation f : {RandomActivation(Dropout{}), RandomActivation(NoisyRelu{})}) {
    const auto want = applied(f, x, kNoise);
    const auto slopes = gradient(f, x, x, kNoise);
    for (const int threads : {2, 7, 0}) {
      std::vector<float> y(x.size());
      forward(f, x, kNoise, y, Threads{threads});
      EXPECT_TRUE(y == want) << to_string(f) << threads;
      backward(f, x, x, kNoise, y, Threads{threads});
      EXPECT_TRUE(y == slopes) << to_string(f) << threads;
    }
  }
}

// Both loops of f for one instruction set over n elements; the 5 behind them must stay.
template <class T>
auto loop_results(kernels::Target target, const RandomActivation& f, std::size_t n) {
  const random::Table& table = random::table(target);
  const ListRef<RandomActivation> ref(f);
  const auto& loops = ref.entry().loops.of(target).of<T>();
  const auto x = testing::inputs<T>(200, 1), dy = plain<T>(200);
  std::vector<std::uint32_t> words(n + 3 + random::kExtraWords);
  table.words({3, 0, 3}, 8, (n + 6) / 4, words.data());
  std::vector<T> y(n + 1, T(5)), dx(n + 1, T(5));
  loops.forward(ref.parameters(), {words.data(), 3}, x.data(), y.data(), n);
  loops.backward(ref.parameters(), {words.data(), 3}, x.data(), dy.data(), dx.data(), n);
  EXPECT_EQ(y[n], 5) << testing::name_of(target) << to_string(f);
  EXPECT_EQ(dx[n], 5) << testing::name_of(target) << to_string(f);
  return std::pair{bits_of(y), bits_of(dx)};
}

auto normals(kernels::Target target, std::size_t n) {
  std::vector<std::uint32_t> words(n + random::kExtraWords);
  std::vector<double> all(words.size());
  random::table(target).words({3, 0, 3}, 8, n / 4, words.data());
  random::table(target).normals(words.data(), all.data(), n);
  all.resize(n);
  return bits_of(all);
}

TEST(Noise, InstructionSetsGiveTheSameBits) {
  const auto portable = testing::running_targets().back();
  for (const auto target : testing::running_targets()) {
    EXPECT_EQ(normals(target, 72), normals(portable, 72)) << testing::name_of(target);
    for (const auto& f : random_activations()) {
      for (std::size_t n = 0; n <= 70; ++n) {
        EXPECT_EQ(loop_results<float>(target, f, n), loop_results<float>(portable, f, n))
            << testing::name_of(target) << to_string(f) << n;
        EXPECT_EQ(loop_results<double>(target, f, n), loop_results<double>(portable, f, n))
            << testing::name_of(target) << to_string(f) << n;
      }
    }
  }
}

}  // namespace
}  // namespace actfn
