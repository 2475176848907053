// SPDX-License-Identifier: Apache-2.0
// Associative recall: what its sequences are, and how a path names them.
#include "data/recall.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <span>

#include "messages.h"

namespace actfn::data {
namespace {

using testing::message;

TEST(Recall, APathNamesIt) {
  EXPECT_FALSE(parse_recall("./recall"));
  EXPECT_FALSE(parse_recall("/data/recall"));
  EXPECT_FALSE(parse_recall("recall.csv"));
  EXPECT_FALSE(parse_recall("recall2(pairs=3)"));
  EXPECT_FALSE(parse_recall("recal"));
  EXPECT_FALSE(parse_recall("recall(pairs=3"));
  const Recall plain = parse_recall("recall").value();
  EXPECT_EQ(plain.pairs, Recall().pairs);
  const Recall all =
      parse_recall("recall( pairs=6, keys = 9,values=3,samples=100,seed=12)").value();
  EXPECT_EQ(all.pairs, 6);
  EXPECT_EQ(all.keys, 9);
  EXPECT_EQ(all.values, 3);
  EXPECT_EQ(all.samples, 100);
  EXPECT_EQ(all.seed, 12U);
}

TEST(Recall, RefusesWhatIsOutOfRange) {
  const auto refused = [](const char* text) { return message([&] { parse_recall(text); }); };
  EXPECT_EQ(refused("recall(pairs=0)"),
            "[recall] pairs must be a whole number from 1 to 1024, got '0'");
  EXPECT_EQ(refused("recall(pairs=1.5)"),
            "[recall] pairs must be a whole number from 1 to 1024, got '1.5'");
  EXPECT_EQ(refused("recall(values=1)"),
            "[recall] values must be a whole number from 2 to 1024, got '1'");
  EXPECT_EQ(refused("recall(samples=9)"),
            "[recall] samples must be a whole number from 10 to 10000000, got '9'");
  EXPECT_EQ(refused("recall(seed=-1)"),
            "[recall] seed must be a whole number from 0 to 9007199254740992, got '-1'");
  EXPECT_EQ(refused("recall(keys=nan)"),
            "[recall] keys must be a whole number from 1 to 1024, got 'nan'");
  EXPECT_EQ(refused("recall(pairs)"),
            "[recall] pairs must be a whole number from 1 to 1024, got ''");
  EXPECT_EQ(refused("recall()"),
            "[recall] has no parameter '', only pairs, keys, values, samples and seed");
  EXPECT_EQ(refused("recall(length=3)"),
            "[recall] has no parameter 'length', only pairs, keys, values, samples and seed");
  EXPECT_EQ(refused("recall(pairs=9,keys=8)"), "[recall] pairs must be from 1 to keys, 8, got 9");
}

// Each key of a sample is another one; the label is the value behind the key that is asked for.
TEST(Recall, TheClassIsTheValueBehindTheKey) {
  const Recall recall = {.pairs = 3, .keys = 5, .values = 4, .samples = 500, .seed = 3};
  const Dataset set = make(recall);
  EXPECT_EQ(set.vocabulary, 10U);
  EXPECT_EQ(set.classes, (std::vector<std::string>{"0", "1", "2", "3"}));
  EXPECT_EQ(set.shape, (SampleShape{1, 4, 2}));
  EXPECT_EQ(set.train.count, 500U);
  EXPECT_EQ(set.test.count, 50U);
  std::set<std::size_t> asked;
  for (const Samples* part : {&set.train, &set.test}) {
    ASSERT_EQ(part->floats.size(), part->count * 8);
    for (std::size_t i = 0; i < part->count; ++i) {
      const auto x = std::span(part->floats).subspan(i * 8, 8);
      std::set<float> keys;
      for (std::size_t pair = 0; pair < 3; ++pair) {
        keys.insert(x[2 * pair]);
        EXPECT_LT(x[2 * pair], 5);
        EXPECT_GE(x[2 * pair + 1], 5);
        EXPECT_LT(x[2 * pair + 1], 9);
        if (x[2 * pair] != x[6]) continue;
        EXPECT_EQ(static_cast<float>(part->labels[i]) + 5, x[2 * pair + 1]);
        asked.insert(pair);
      }
      EXPECT_EQ(keys.size(), 3U);
      EXPECT_TRUE(keys.contains(x[6]));
      EXPECT_EQ(x[7], 9);
    }
  }
  EXPECT_EQ(asked.size(), 3U);
}

TEST(Recall, TheSeedDecides) {
  Recall recall = {.samples = 100};
  const Dataset one = make(recall);
  EXPECT_EQ(make(recall).train.floats, one.train.floats);
  recall.seed = 2;
  EXPECT_NE(make(recall).train.floats, one.train.floats);
  const Dataset whole = read("recall(samples=100)");
  EXPECT_EQ(whole.train.floats, one.train.floats);
  EXPECT_EQ(whole.test.labels, one.test.labels);
  EXPECT_EQ(whole.path, "recall(samples=100)");
  EXPECT_EQ(whole.format, "recall");
}

// By a Mersenne twister of its own, in Python.
TEST(Recall, IsTheSameEverywhere) {
  const Dataset set = make({.pairs = 2, .keys = 3, .values = 2, .samples = 10});
  const std::vector<float> first(set.train.floats.begin(), set.train.floats.begin() + 12);
  EXPECT_EQ(first, (std::vector<float>{2, 3, 1, 3, 2, 5, 2, 3, 0, 3, 2, 5}));
  EXPECT_EQ(set.train.labels[0], 0U);
  EXPECT_EQ(set.train.labels[1], 0U);
}

}  // namespace
}  // namespace actfn::data
