// SPDX-License-Identifier: Apache-2.0
// The generator against its authors' vectors, and what is drawn from it.
#include "random/kernels/philox.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "kernels/table.h"
#include "random/kernels/table.h"

namespace actfn {
namespace {

using Block = Philox::Block;

constexpr std::uint32_t kOnes = 0xffffffff;

// From the known-answer file of Random123, the authors' implementation.
TEST(Philox, MatchesThePublishedVectors) {
  EXPECT_EQ(Philox::rounds({0, 0, 0, 0}, {0, 0}),
            (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(Philox::rounds({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(
      Philox::rounds({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
      (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Philox, SeedIsTheKeyAndTheRestTheCounter) {
  const Philox random(0x0123456789abcdef, Purpose::shuffle, 7);
  const Block counter = {0x55667788, 0x11223344, 7, 2};
  EXPECT_EQ(random(0x1122334455667788), Philox::rounds(counter, {0x89abcdef, 0x01234567}));
}

TEST(Philox, EveryPartOfADrawsNameMatters) {
  const Block draw = Philox(1, Purpose::weights, 0)(0);
  EXPECT_EQ(Philox(1, Purpose::weights, 0)(0), draw);
  EXPECT_NE(Philox(2, Purpose::weights, 0)(0), draw);
  EXPECT_NE(Philox(1 + (std::uint64_t{1} << 32U), Purpose::weights, 0)(0), draw);
  EXPECT_NE(Philox(1, Purpose::shuffle, 0)(0), draw);
  EXPECT_NE(Philox(1, Purpose::weights, 1)(0), draw);
  EXPECT_NE(Philox(1, Purpose::weights, 0)(1), draw);
  EXPECT_NE(Philox(1, Purpose::weights, 0)(std::uint64_t{1} << 32U), draw);
}

TEST(Unit, NeverReachesItsEnds) {
  EXPECT_EQ(unit(0), 0x1p-25);
  EXPECT_EQ(unit(kOnes), 1 - 0x1p-25);
  EXPECT_EQ(unit(0x80000000), 0.5 + 0x1p-25);
}

// A pair of normal numbers from each pair of words.
template <std::size_t n>
std::array<double, n> normals_of(const std::array<std::uint32_t, n>& words) {
  std::array<std::uint32_t, n + random::kExtraWords> padded{};
  std::array<double, n + random::kExtraWords> normals{};
  std::copy(words.begin(), words.end(), padded.begin());
  random::table(kernels::active_target()).normals(padded.data(), normals.data(), n);
  std::array<double, n> all{};
  std::copy_n(normals.begin(), n, all.begin());
  return all;
}

// The logarithm of 0 would be infinite.
TEST(Normal, IsFiniteAtTheEnds) {
  for (const std::uint32_t a : {0U, kOnes}) {
    for (const std::uint32_t b : {0U, kOnes}) {
      for (const double z : normals_of<2>({a, b})) EXPECT_LT(std::fabs(z), 7);
    }
  }
}

TEST(Below, StaysBelow) {
  for (const std::uint32_t n : {1U, 2U, 3U, 10U, 60000U, 0x80000000U, kOnes}) {
    EXPECT_EQ(below(n, 0, 0), 0U);
    EXPECT_EQ(below(n, kOnes, kOnes), n - 1);
  }
}

// The 2^64 inputs fall into n parts of equal size: with 2^64 = quotient * n + rest, part k begins
// at ceil(k * 2^64 / n).
TEST(Below, PartsAreAsEqualAsTheyCanBe) {
  for (const std::uint32_t n : {3U, 10U, 60000U}) {
    const std::uint64_t rest = (std::numeric_limits<std::uint64_t>::max() % n + 1) % n;
    const std::uint64_t quotient = (0 - rest) / n;
    for (std::uint32_t k = 1; k < n; k += 1 + k / 2) {
      const std::uint64_t begin = quotient * k + (rest * k + n - 1) / n;
      const auto draw = [n](std::uint64_t bits) {
        return below(n, static_cast<std::uint32_t>(bits >> 32U), static_cast<std::uint32_t>(bits));
      };
      EXPECT_EQ(draw(begin), k) << n;
      EXPECT_EQ(draw(begin - 1), k - 1) << n;
    }
  }
}

// Chi-square with 9 degrees of freedom: mean 9, variance 18.
TEST(Below, IsUniform) {
  constexpr int kDraws = 100000;
  std::array<int, 10> count{};
  const Philox random(42, Purpose::shuffle, 1);
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    const Block bits = random(i);
    ++count.at(below(10, bits[0], bits[1]));
  }
  double chi_square = 0;
  for (const int c : count) chi_square += (c - kDraws / 10.0) * (c - kDraws / 10.0) * 10 / kDraws;
  EXPECT_LT(chi_square, 9 + 4 * std::sqrt(18.0));
}

// The moments' standard errors are those of a normal sample.
TEST(Normal, HasTheMomentsOfANormal) {
  constexpr int kDraws = 100000;
  std::array<double, 5> moment{};
  const Philox random(42, Purpose::weights, 1);
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    const Block bits = random(i);
    const double z = normals_of<2>({bits[0], bits[1]})[0];
    for (int power = 1; power <= 4; ++power) {
      moment.at(static_cast<std::size_t>(power)) += std::pow(z, power) / kDraws;
    }
  }
  EXPECT_NEAR(moment[1], 0, 4 * std::sqrt(1.0 / kDraws));
  EXPECT_NEAR(moment[2], 1, 4 * std::sqrt(2.0 / kDraws));
  EXPECT_NEAR(moment[3], 0, 4 * std::sqrt(15.0 / kDraws));
  EXPECT_NEAR(moment[4], 3, 4 * std::sqrt(96.0 / kDraws));
}

}  // namespace
}  // namespace actfn
