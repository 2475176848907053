// SPDX-License-Identifier: Apache-2.0
// Parts of samples, and features of mean 0 and deviation 1.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "data/dataset.h"
#include "messages.h"

namespace actfn::data {
namespace {

using Floats = std::vector<float>;

// Sample i has the features i and -i; counts[c] samples of class c, dealt in turn.
Samples dealt(std::vector<std::size_t> counts) {
  Samples all;
  all.features = 2;
  for (bool more = true; more;) {
    more = false;
    for (std::size_t c = 0; c < counts.size(); ++c) {
      if (counts[c] == 0) continue;
      --counts[c];
      more = true;
      all.labels.push_back(static_cast<std::uint32_t>(c));
      const auto i = static_cast<float>(all.count++);
      all.floats.insert(all.floats.end(), {i, -i});
    }
  }
  return all;
}

std::size_t count_of(const Samples& samples, std::size_t label) {
  return static_cast<std::size_t>(std::ranges::count(samples.labels, label));
}

// Which samples there are; checks that rows, labels and order are those of `all`.
std::vector<std::size_t> members(const Samples& part, const Samples& all) {
  EXPECT_EQ(part.features, all.features);
  EXPECT_EQ(part.floats.size(), part.count * 2);
  EXPECT_EQ(part.labels.size(), part.count);
  std::vector<std::size_t> found;
  for (std::size_t r = 0; r < part.count; ++r) {
    const auto i = static_cast<std::size_t>(part.floats[2 * r]);
    EXPECT_EQ(part.floats[2 * r + 1], -part.floats[2 * r]);
    EXPECT_EQ(part.labels[r], all.labels[i]);
    found.push_back(i);
  }
  EXPECT_TRUE(std::ranges::is_sorted(found));
  return found;
}

TEST(Split, PartsAreAllSamplesOnce) {
  const Samples all = dealt({30, 17, 2, 1});
  const auto [first, second] = split(all, 0.3, 4);
  auto both = members(first, all);
  const auto others = members(second, all);
  both.insert(both.end(), others.begin(), others.end());
  std::ranges::sort(both);
  std::vector<std::size_t> want(all.count);
  std::iota(want.begin(), want.end(), std::size_t{0});
  EXPECT_EQ(both, want);
}

TEST(Split, IsTheSameEveryTime) {
  const Samples all = dealt({40, 60});
  EXPECT_EQ(split(all, 0.25, 2).second.floats, split(all, 0.25, 2).second.floats);
  // These bits must not change: results of comparisons depend on them.
  Floats first(5);
  const Floats got = split(all, 0.05, 2).second.floats;
  ASSERT_EQ(got.size(), 10U);
  for (std::size_t i = 0; i < 5; ++i) first[i] = got[2 * i];
  EXPECT_EQ(first, (Floats{2, 16, 51, 61, 86}));
}

TEST(Split, ThePartThatIsSplitOffAloneIsTheSecond) {
  const Samples all = dealt({30, 17, 2, 1});
  const Samples want = split(all, 0.3, 4).second;
  const Samples alone = split_off(all, 0.3, 4);
  EXPECT_EQ(alone.count, want.count);
  EXPECT_EQ(alone.floats, want.floats);
  EXPECT_EQ(alone.labels, want.labels);
}

TEST(Split, TotalsAreExactAndClassesHaveTheirShare) {
  for (const double share : {0.05, 0.1, 0.2, 1.0 / 3, 0.5, 0.77, 0.95}) {
    for (const std::vector<std::size_t>& counts :
         {std::vector<std::size_t>{100, 100, 100}, {7, 13, 29, 51}, {101, 55, 33, 21, 20}}) {
      const Samples all = dealt(counts);
      const auto part = split(all, share, counts.size()).second;
      const auto n = static_cast<double>(all.count);
      EXPECT_EQ(part.count, static_cast<std::size_t>(std::round(share * n))) << share;
      for (std::size_t c = 0; c < counts.size(); ++c) {
        const double exact = share * static_cast<double>(counts[c]);
        EXPECT_NEAR(static_cast<double>(count_of(part, c)), exact, 1) << share << " " << c;
      }
    }
  }
}

TEST(Split, LargestRemaindersGetTheRest) {
  const auto part = split(dealt({4, 14, 17}), 0.2, 3).second;  // 0.8, 2.8 and 3.4 of 7
  EXPECT_EQ(part.count, 7U);
  EXPECT_EQ(count_of(part, 0), 1U);
  EXPECT_EQ(count_of(part, 1), 3U);
  EXPECT_EQ(count_of(part, 2), 3U);
}

TEST(Split, SmallClassesAreInBothParts) {
  for (const double share : {0.01, 0.2, 0.5, 0.99}) {
    const auto [first, second] = split(dealt({500, 2, 3, 1, 0}), share, 5);
    for (const std::size_t c : {0U, 1U, 2U}) {
      EXPECT_GE(count_of(first, c), 1U) << share << " " << c;
      EXPECT_GE(count_of(second, c), 1U) << share << " " << c;
    }
    EXPECT_EQ(count_of(first, 3), 1U);  // what the test part has, the training part has too
    EXPECT_EQ(count_of(second, 3), 0U);
  }
}

TEST(Split, ManySmallClassesTakeMoreThanTheShare) {
  const std::vector<std::size_t> counts(50, 2);
  EXPECT_EQ(split(dealt(counts), 0.2, 50).second.count, 50U);
}

TEST(Split, TakesBytesAndTargets) {
  Samples all;
  all.count = 10;
  all.features = 1;
  for (std::uint8_t i = 0; i < 10; ++i) {
    all.bytes.push_back(i);
    all.targets.push_back(static_cast<float>(2 * i));
  }
  const auto [first, second] = split(all, 0.2, 0);
  EXPECT_EQ(first.count, 8U);
  EXPECT_EQ(second.count, 2U);
  EXPECT_TRUE(second.floats.empty() && second.labels.empty());
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(second.targets[i], 2 * static_cast<float>(second.bytes[i]));
  }
}

TEST(Split, AnySampleMayBeTaken) {
  std::vector<std::size_t> taken(20);
  for (std::size_t n = 20; n < 220; ++n) {
    Samples all = dealt({n});
    const Samples part = split(all, 0.25, 1).second;
    for (std::size_t i = 0; i < part.count; ++i) {
      const auto at = static_cast<std::size_t>(part.floats[2 * i]);
      if (at < taken.size()) ++taken[at];
    }
  }
  for (const std::size_t times : taken) EXPECT_GT(times, 0U);
}

TEST(Split, RefusesWhatItCannotDo) {
  Samples all = dealt({5, 5});
  for (const auto& [share, text] :
       {std::pair(0.0, "0"), {1.0, "1"}, {-0.5, "-0.5"}, {std::nan(""), "nan"}}) {
    EXPECT_EQ(testing::message([&, s = share] { split(all, s, 2); }),
              std::string("[data] the share to split off must be between 0 and 1, got ") + text);
  }
  EXPECT_EQ(testing::message([&] { split(all, 0.5, 1); }),
            "[data] label 1 of sample 1 is not below the number of classes, 1");
}

Samples columns(std::size_t features, const Floats& numbers) {
  Samples all;
  all.features = features;
  all.count = numbers.size() / features;
  all.floats = numbers;
  return all;
}

TEST(Standardise, GivesMeanZeroAndDeviationOne) {
  Samples train = columns(2, {1, 10, 3, 10, 5, 10, 7, 10});
  const Standardisation found = fit(train);
  EXPECT_EQ(found.mean, (std::vector<double>{4, 10}));
  EXPECT_EQ(found.deviation, (std::vector<double>{std::sqrt(5.0), 1}));
  apply(found, train);
  const auto scaled = [](double x) { return static_cast<float>(x / std::sqrt(5.0)); };
  EXPECT_EQ(train.floats, (Floats{scaled(-3), 0, scaled(-1), 0, scaled(1), 0, scaled(3), 0}));
  Samples test = columns(2, {4, 11});
  apply(found, test);
  EXPECT_EQ(test.floats, (Floats{0, 1}));
}

// The sum of squares less the square of the sum would be all rounding.
TEST(Standardise, LargeMeansDoNotCancel) {
  const Samples train = columns(1, {16777212, 16777214, 16777216});
  const Standardisation found = fit(train);
  EXPECT_EQ(found.mean[0], 16777214);
  EXPECT_DOUBLE_EQ(found.deviation[0], std::sqrt(8.0 / 3));
}

TEST(Standardise, AConstantFeatureLosesItsMeanAlone) {
  Samples train = columns(1, Floats(1001, 0.1F));
  const Standardisation found = fit(train);
  EXPECT_EQ(found.mean[0], static_cast<double>(0.1F));
  EXPECT_EQ(found.deviation[0], 1);
  apply(found, train);
  EXPECT_EQ(train.floats, Floats(1001, 0));
}

TEST(Standardise, StaysFinite) {
  constexpr float kMax = std::numeric_limits<float>::max();
  Samples train = columns(1, {-kMax, kMax, kMax, -kMax});
  apply(fit(train), train);
  EXPECT_EQ(train.floats, (Floats{-1, 1, 1, -1}));
  Samples test = columns(1, {-kMax, kMax});
  apply(fit(columns(1, {0, 1e-45F})), test);
  EXPECT_EQ(test.floats, (Floats{-kMax, kMax}));
}

TEST(Standardise, LeavesBytesAlone) {
  Samples images;
  images.count = 2;
  images.features = 2;
  images.bytes = {1, 2, 3, 4};
  const Standardisation found = fit(images);
  EXPECT_TRUE(found.mean.empty() && found.deviation.empty());
  apply(found, images);
  EXPECT_EQ(images.bytes, (std::vector<std::uint8_t>{1, 2, 3, 4}));
}

}  // namespace
}  // namespace actfn::data
