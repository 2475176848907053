// SPDX-License-Identifier: Apache-2.0
// SHA-256 of numbers, and of what a training leaves.
#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <vector>

#include "lab/compare.h"
#include "lab/sha256.h"
#include "toy_data.h"

namespace actfn::lab {
namespace {

std::string sha256(std::span<const float> numbers) {
  Sha256 hash;
  hash.add(numbers);
  return hash.digits();
}

// Of nothing, of "abcd", and of a million times "a".
TEST(Sha256, IsThatOfTheBytes) {
  EXPECT_EQ(sha256({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256(std::vector{std::bit_cast<float>(0x64636261U)}),
            "88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589");
  EXPECT_EQ(sha256(std::vector(250'000, std::bit_cast<float>(0x61616161U))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, DoesNotDependOnHowNumbersAreGiven) {
  std::vector<float> numbers(5000);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = 0.25F * static_cast<float>(i);
  Sha256 hash;
  const auto all = std::span<const float>(numbers);
  hash.add(all.first(1));
  hash.add({});
  hash.add(all.subspan(1, 2047));
  hash.add(all.subspan(2048));
  EXPECT_EQ(hash.digits(), sha256(numbers));
}

TEST(Sha256, KnowsZerosApartAndOneNan) {
  EXPECT_NE(sha256(std::vector{0.0F}), sha256(std::vector{-0.0F}));
  const std::string nan = sha256(std::vector{std::bit_cast<float>(0x7FC00000U)});
  EXPECT_EQ(sha256(std::vector{std::bit_cast<float>(0xFFC00001U)}), nan);
  EXPECT_NE(sha256(std::vector{std::numeric_limits<float>::infinity()}), nan);
}

const data::Dataset& data() {
  static const data::Dataset set = testing::toy_data();
  return set;
}

CompareSettings settings() {
  CompareSettings s;
  s.activations = {Relu{}, Nonlinearity(nn::parse_layers("prelu+dropout"))};
  s.seeds = {7, 3};
  s.hidden = {300};
  s.epochs = 2;
  s.reproducible = true;
  return s;
}

Comparison run(const CompareSettings& s, const std::stop_token& stop = {}) {
  std::vector<Live> live(static_cast<std::size_t>(s.jobs));
  const auto nothing = [](const EpochResult&) {};
  return compare(Plan(s), data(), live, stop, {nothing, nothing});
}

// Those of the trainings' last epochs.
std::vector<EpochResult> hashed(const Comparison& c) {
  std::vector<EpochResult> rows = c.epochs;
  std::erase_if(rows, [](const EpochResult& row) { return !row.sha256; });
  return rows;
}

std::vector<std::string> texts(const Comparison& c) {
  std::vector<std::string> each;
  for (const EpochResult& row : hashed(c)) {
    each.push_back(std::to_string(row.activation) + " " + std::to_string(row.seed) + " " +
                   row.sha256->first_weights + " " + row.sha256->last_weights + " " +
                   row.sha256->test_logits);
  }
  return each;
}

Hashes hashes_of(const Comparison& c, std::size_t training) {
  return hashed(c)[training].sha256.value();
}

// Weights and biases of a network, then prelu's slope.
std::string hash_of(nn::Sequential& net) {
  std::vector<float> all;
  for (const auto& view : net.linears()) {
    all.insert(all.end(), view.weight.begin(), view.weight.end());
    all.insert(all.end(), view.bias.begin(), view.bias.end());
  }
  for (const auto& view : net.learned()) {
    all.insert(all.end(), view.values.begin(), view.values.end());
  }
  return sha256(all);
}

TEST(Hashes, AreOfEachFinishedTraining) {
  const auto rows = hashed(run(settings()));
  ASSERT_EQ(rows.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(rows[i].activation, i / 2);
    EXPECT_EQ(rows[i].seed, i % 2 == 0 ? 7U : 3U);
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_NE(rows[i].sha256->first_weights, rows[j].sha256->first_weights);
      EXPECT_NE(rows[i].sha256->last_weights, rows[j].sha256->last_weights);
      EXPECT_NE(rows[i].sha256->test_logits, rows[j].sha256->test_logits);
    }
  }
}

TEST(Hashes, FirstWeightsAreThoseOfTheSeed) {
  nn::Sequential net{nn::Linear{64, 300}, Relu{}, nn::Linear{300, 10}};
  net.initialize(nn::Init::glorot_uniform, 3);
  EXPECT_EQ(hashes_of(run(settings()), 1).first_weights, hash_of(net));
  nn::Sequential learned{nn::Linear{64, 300}, Prelu{}, nn::Linear{300, 10}};
  learned.initialize(nn::Init::glorot_uniform, 3);
  EXPECT_EQ(hashes_of(run(settings()), 3).first_weights, hash_of(learned));
}

TEST(Hashes, DoNotDependOnJobsOrThreads) {
  const auto want = texts(run(settings()));
  for (const int n : {2, 3}) {
    auto s = settings();
    s.jobs = n;
    s.threads = n;
    EXPECT_EQ(texts(run(s)), want) << n;
  }
}

TEST(Hashes, DependOnWhetherProductsAreReproducible) {
  auto s = settings();
  s.reproducible = false;
  const Hashes ordinary = hashes_of(run(s), 0);
  const Hashes reproducible = hashes_of(run(settings()), 0);
  EXPECT_EQ(ordinary.first_weights, reproducible.first_weights);
  EXPECT_NE(ordinary.last_weights, reproducible.last_weights);
  EXPECT_NE(ordinary.test_logits, reproducible.test_logits);
}

TEST(Hashes, AreNotOfATrainingThatWasStopped) {
  std::stop_source stop;
  auto s = settings();
  std::vector<Live> live(1);
  // The second training that runs is the second activation with the first seed.
  const auto end = [&](const EpochResult& e) {
    if (e.activation == 1 && e.epoch == 1) stop.request_stop();
  };
  const auto result = compare(Plan(s), data(), live, stop.get_token(), {end, end});
  ASSERT_EQ(result.epochs.size(), 3U + 2);
  ASSERT_EQ(hashed(result).size(), 1U);
  EXPECT_EQ(texts(result)[0], texts(run(s))[0]);
}

}  // namespace
}  // namespace actfn::lab
