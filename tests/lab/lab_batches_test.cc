// SPDX-License-Identifier: Apache-2.0
// Minibatches: every image once an epoch, in an order that seed and epoch make.
#include "lab/batches.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace actfn::lab {
namespace {

using Numbers = std::vector<std::uint32_t>;

constexpr std::size_t kSize = 35;  // pixels; no multiple of a vector's length

// Image i has the pixels i, i + 1, … and the label i: each row tells where it is from.
data::Samples numbered(std::size_t count) {
  data::Samples set;
  set.count = count;
  set.features = kSize;
  for (std::size_t i = 0; i < count; ++i) {
    set.labels.push_back(static_cast<std::uint32_t>(i));
    for (std::size_t p = 0; p < kSize; ++p) {
      set.bytes.push_back(static_cast<std::uint8_t>(i + p));
    }
  }
  return set;
}

void expect_row(std::span<const float> row, std::uint32_t number) {
  for (std::size_t p = 0; p < kSize; ++p) {
    const auto pixel = static_cast<std::uint8_t>(number + p);
    ASSERT_EQ(row[p], static_cast<float>(pixel) * kPixelScale) << p;
  }
}

// All labels in the order of the batches; checks that the images are theirs.
Numbers order(Batches& batches) {
  Numbers all;
  for (int i = 0; i < batches.count(); ++i) {
    const Batch batch = batches.get(i);
    EXPECT_EQ(batch.x.size(), batch.labels.size() * kSize);
    for (std::size_t r = 0; r < batch.labels.size(); ++r) {
      expect_row(batch.x.subspan(r * kSize, kSize), batch.labels[r]);
      all.push_back(batch.labels[r]);
    }
  }
  return all;
}

Numbers shuffled(const data::Samples& set, int batch_size, std::uint64_t seed, int epoch) {
  Batches batches(set, batch_size);
  batches.shuffle(seed, epoch);
  return order(batches);
}

Numbers ascending(std::size_t n) {
  Numbers all(n);
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

TEST(Batches, BeginInTheOrderOfTheSet) {
  const auto set = numbered(50);
  Batches batches(set, 8);
  EXPECT_EQ(order(batches), ascending(50));
  batches.shuffle(1, 1);
  EXPECT_NE(order(batches), ascending(50));
  batches.in_order();
  EXPECT_EQ(order(batches), ascending(50));
}

TEST(Batches, EveryEpochIsAPermutation) {
  const auto set = numbered(100);
  Batches batches(set, 8);
  for (int epoch = 1; epoch <= 20; ++epoch) {
    batches.shuffle(7, epoch);
    auto labels = order(batches);
    std::sort(labels.begin(), labels.end());
    EXPECT_EQ(labels, ascending(100));
  }
}

TEST(Batches, OrderDependsOnSeedAndEpoch) {
  const auto set = numbered(100);
  const auto first = shuffled(set, 8, 7, 1);
  EXPECT_NE(shuffled(set, 8, 7, 2), first);
  EXPECT_NE(shuffled(set, 8, 8, 1), first);
  EXPECT_NE(shuffled(set, 8, 7 + (std::uint64_t{1} << 32U), 1), first);
}

TEST(Batches, OrderDependsOnNothingElse) {
  const auto set = numbered(100);
  const auto want = shuffled(set, 8, 7, 3);
  EXPECT_EQ(shuffled(set, 33, 7, 3), want);
  Batches batches(set, 8);
  for (const int epoch : {1, 2, 9}) {
    batches.shuffle(7, epoch);
    batches.get(0);
  }
  batches.shuffle(7, 3);
  EXPECT_EQ(order(batches), want);
}

// Every number in every place equally often: with 4 places and 4000 epochs, 1000 times each, with
// a standard deviation of sqrt(4000 * 1/4 * 3/4) = 27.
TEST(Batches, EveryPlaceIsAsLikely) {
  const auto set = numbered(4);
  Batches batches(set, 4);
  int count[4][4] = {};
  for (int epoch = 1; epoch <= 4000; ++epoch) {
    batches.shuffle(1, epoch);
    const auto labels = batches.get(0).labels;
    for (std::size_t place = 0; place < 4; ++place) ++count[place][labels[place]];
  }
  for (const auto& place : count) {
    for (const int times : place) EXPECT_NEAR(times, 1000, 4 * 27.4);
  }
}

TEST(Batches, LastMayBeShorter) {
  const auto set = numbered(50);
  Batches batches(set, 8);
  EXPECT_EQ(batches.count(), 7);
  EXPECT_EQ(batches.get(0).labels.size(), 8U);
  EXPECT_EQ(batches.get(6).labels.size(), 2U);
  EXPECT_EQ(Batches(set, 10).count(), 5);
  EXPECT_EQ(Batches(set, 1).count(), 50);
}

TEST(Batches, OneBatchMayHoldAll) {
  const auto set = numbered(50);
  for (const int size : {50, 51, 1000000000}) {
    Batches batches(set, size);
    EXPECT_EQ(batches.count(), 1);
    EXPECT_EQ(batches.get(0).labels.size(), 50U);
    EXPECT_EQ(shuffled(set, size, 7, 1), shuffled(set, 8, 7, 1));
  }
}

TEST(Batches, OneImageIsABatch) {
  const auto set = numbered(1);
  EXPECT_EQ(shuffled(set, 32, 1, 1), Numbers{0});
}

TEST(Batches, PixelsGoFromZeroToOne) {
  data::Samples set = numbered(1);
  set.bytes.front() = 0;
  set.bytes.back() = 255;
  Batches batches(set, 1);
  const auto x = batches.get(0).x;
  EXPECT_EQ(x.front(), 0);
  EXPECT_NEAR(x.back(), 1, 0x1p-23);
}

}  // namespace
}  // namespace actfn::lab
