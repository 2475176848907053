// SPDX-License-Identifier: Apache-2.0
// What a training computes: epochs step by step, the best epoch, learning rates, regressions.
#include "lab/compare.h"

#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "lab/batches.h"
#include "lab_runs.h"

namespace actfn::lab {
namespace {

// y = 3 a - 2 b + 5 over features of very different sizes.
data::Dataset line_data() {
  data::Dataset set;
  set.task = data::Task::regression;
  set.shape = {1, 1, 2};
  std::mt19937 random(3);
  for (data::Samples* part : {&set.train, &set.test}) {
    part->count = 200;
    part->features = 2;
    for (std::size_t i = 0; i < part->count; ++i) {
      const auto a = static_cast<float>(random() % 1000);
      const auto b = 1e-3F * static_cast<float>(random() % 1000);
      part->floats.insert(part->floats.end(), {a, b});
      part->targets.push_back(3 * a - 2000 * b + 5);
    }
  }
  return set;
}

TEST(Train, LearnsARegression) {
  auto s = settings();
  s.activations = {Relu{}};
  s.seeds = {1};
  s.epochs = 30;
  s.lr = {0.01};
  std::vector<Live> live(1);
  const Comparison c = compare(Plan(s), line_data(), live, {}, {kNothing, kNothing});
  EXPECT_EQ(c.outputs, 1U);
  EXPECT_NEAR(c.chance.loss, 1, 1e-5);
  EXPECT_TRUE(std::isnan(c.chance.accuracy));
  EXPECT_GT(c.epochs.front().train.loss, 0.5);
  EXPECT_LT(c.epochs.back().test.value().loss, 0.02);
  EXPECT_TRUE(std::isnan(c.epochs.back().test.value().accuracy));
}

struct Mean {
  double loss, accuracy;
};

Mean mean(const nn::LossSum& sum, std::size_t images) {
  const auto n = static_cast<double>(images);
  return {sum.loss / n, static_cast<double>(sum.correct) / n};
}

// An epoch step by step, each batch's loss taken before its own update.
Mean train_by_hand(nn::Sequential& net, nn::Optimizer& optimizer, Batches& batches) {
  nn::LossSum sum;
  for (int i = 0; i < batches.count(); ++i) {
    const Batch batch = batches.get(i);
    const auto logits = net.forward(batch.x);
    std::vector<float> gradient(logits.size());
    const auto loss = nn::cross_entropy(logits, batch.labels, gradient);
    sum.loss += loss.loss;
    sum.correct += loss.correct;
    net.backward(gradient);
    optimizer.step(net);
  }
  return mean(sum, data().train.count);
}

Mean evaluate_by_hand(nn::Sequential& net) {
  Batches all(data().test, 60);
  const Batch batch = all.get(0);
  return mean(nn::cross_entropy(net.forward(batch.x), batch.labels), 60);
}

void expect_by_hand(const CompareSettings& s, const nn::UpdateRule& rule) {
  nn::Sequential net{nn::Linear{64, 70}, Relu{}, nn::Linear{70, 33}, Relu{}, nn::Linear{33, 10}};
  net.initialize(nn::parse_init(s.init), 7);
  nn::Optimizer optimizer(rule, net);
  Batches batches(data().train, s.batch);
  for (const auto& e : run(s).epochs) {
    if (e.epoch > 0) {
      batches.shuffle(7, e.epoch);
      const Mean train = train_by_hand(net, optimizer, batches);
      EXPECT_DOUBLE_EQ(e.train.loss, train.loss);
      EXPECT_DOUBLE_EQ(e.train.accuracy, train.accuracy);
    }
    const Mean test = evaluate_by_hand(net);
    EXPECT_DOUBLE_EQ(e.test.value().loss, test.loss);
    EXPECT_DOUBLE_EQ(e.test.value().accuracy, test.accuracy);
  }
}

TEST(Train, EpochsAreThoseDoneByHand) {
  auto s = settings();
  s.activations = {Relu{}};
  s.seeds = {7};
  s.hidden = {70, 33};
  s.validation = 0;
  s.init = "he_normal";
  s.weight_decay = 0.01;
  expect_by_hand(s, nn::Adam{.lr = 0.001, .eps = 1e-7, .weight_decay = 0.01});
  s.optimizer = "sgd";
  s.lr = {0.05};
  s.momentum = 0.9;
  s.batch = 7;
  expect_by_hand(s, nn::Sgd{.lr = 0.05, .momentum = 0.9, .weight_decay = 0.01});
}

TEST(Train, ABatchLargerThanTheSetHoldsAll) {
  auto s = settings();
  s.batch = 65536;
  const auto want = numbers(run(s).epochs);
  s.batch = 180;
  EXPECT_EQ(numbers(run(s).epochs), want);
}

// A third of the labels is wrong: to learn them all by heart costs on others.
data::Dataset noisy_data() {
  data::Dataset set = data();
  for (std::size_t i = 0; i < set.train.count; i += 3) {
    set.train.labels[i] = (set.train.labels[i] + 1) % 10;
  }
  return set;
}

Comparison run_on(const data::Dataset& set, const CompareSettings& s) {
  std::vector<Live> live(1);
  return compare(Plan(s), set, live, {}, {kNothing, kNothing});
}

// The best epoch is tested with its own parameters, not with those of the last one.
TEST(Validation, TheBestEpochIsTestedAsItWas) {
  auto s = settings();
  s.activations = {Relu{}};
  s.seeds = {7};
  s.epochs = 30;
  s.lr = {0.02};
  const data::Dataset set = noisy_data();
  const auto training = run_on(set, s).epochs;
  const int best = best_epoch(training);
  ASSERT_LT(best, 30) << "no over-fitting here: choose another learning rate";
  s.epochs = best;
  const auto shorter = run_on(set, s).epochs;
  const EpochResult& chosen = training[static_cast<std::size_t>(best)];
  EXPECT_EQ(chosen.test.value().loss, shorter.back().test.value().loss);
  EXPECT_EQ(chosen.test.value().accuracy, shorter.back().test.value().accuracy);
  EXPECT_TRUE(training.back().test.has_value());
  int tested = 0;
  for (const EpochResult& row : training) tested += row.test ? 1 : 0;
  EXPECT_EQ(tested, 2);
}

TEST(Validation, PatienceEndsATraining) {
  auto s = settings();
  s.activations = {Relu{}};
  s.seeds = {7};
  s.epochs = 200;
  s.lr = {0.02};
  s.patience = 3;
  const Comparison c = run_on(noisy_data(), s);
  EXPECT_FALSE(c.interrupted);
  ASSERT_LT(c.epochs.size(), 200U);
  EXPECT_EQ(c.epochs.back().epoch, best_epoch(c.epochs) + 3);
}

TEST(Rates, EachActivationGetsTheOneWithTheLowestValidationLoss) {
  auto s = settings();
  s.activations = {Relu{}, Sigmoid{}};
  s.lr = {1e-6, 0.01};
  const Comparison c = run(s);
  EXPECT_FALSE(c.interrupted);
  EXPECT_EQ(chosen_rates(s, c.epochs), (std::vector<double>{0.01, 0.01}));
  // The first seed has tried both, the second has the chosen one alone.
  EXPECT_EQ(c.epochs.size(), 2U * 3 * 3);
  for (const EpochResult& row : c.epochs) {
    EXPECT_TRUE(row.seed == 7 || row.lr == 0.01);
  }
}

}  // namespace
}  // namespace actfn::lab
