// SPDX-License-Identifier: Apache-2.0
// Comparisons: what an epoch's numbers mean, that they depend on nothing but the settings that
// should matter, and how a comparison ends early.
#include "lab/compare.h"

#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <map>
#include <stdexcept>
#include <thread>
#include <tuple>

#include "lab/batches.h"
#include "messages.h"
#include "toy_data.h"

namespace actfn::lab {
namespace {

using testing::message;

using Done = std::function<void(const EpochResult&)>;

const data::Dataset& data() {
  static const data::Dataset set = testing::toy_data();
  return set;
}

// 300 features are two blocks of the layer behind, so that threads have something to share.
CompareSettings settings() {
  CompareSettings s;
  s.activations = {Sigmoid{}, Relu{}, Elu{.alpha = 0.5F}};
  s.seeds = {7, 3};
  s.hidden = {300};
  s.epochs = 2;
  return s;
}

Comparison run(
    const CompareSettings& s, const Done& done = [](const EpochResult&) {},
    const std::stop_token& stop = {}) {
  std::vector<Live> live(static_cast<std::size_t>(s.jobs));
  return compare(Plan(s), data(), live, stop, done);
}

using Place = std::tuple<std::size_t, std::uint64_t, int>;

std::vector<Place> places(const std::vector<EpochResult>& epochs) {
  std::vector<Place> all;
  for (const auto& e : epochs) all.emplace_back(e.activation, e.seed, e.epoch);
  return all;
}

// All but the time.
using Numbers = std::tuple<Place, double, double, double, double>;

std::vector<Numbers> numbers(const std::vector<EpochResult>& epochs) {
  std::vector<Numbers> all;
  for (const auto& e : epochs) {
    all.emplace_back(Place(e.activation, e.seed, e.epoch), e.train_loss, e.train_accuracy,
                     e.test_loss, e.test_accuracy);
  }
  return all;
}

TEST(Compare, ResultsAreInTheOrderOfTheSettings) {
  std::vector<Place> want;
  for (const std::size_t activation : {0U, 1U, 2U}) {
    for (const std::uint64_t seed : {7U, 3U}) {
      for (const int epoch : {1, 2}) want.emplace_back(activation, seed, epoch);
    }
  }
  for (const int jobs : {1, 3}) {
    auto s = settings();
    s.jobs = jobs;
    EXPECT_EQ(places(run(s).epochs), want);
  }
}

TEST(Compare, DescribesTheRun) {
  auto s = settings();
  s.epochs = 1;
  const Comparison c = run(s);
  EXPECT_EQ(c.settings.hidden, s.hidden);
  EXPECT_EQ(c.settings.data, "toy");
  EXPECT_EQ(c.train_images, 200U);
  EXPECT_EQ(c.test_images, 60U);
  EXPECT_FALSE(c.interrupted);
  EXPECT_FALSE(c.machine.target.empty());
  EXPECT_GE(c.seconds, c.epochs.front().seconds);
}

TEST(Compare, NumbersDoNotDependOnJobsOrThreads) {
  const auto want = numbers(run(settings()).epochs);
  for (const int threads : {1, 2}) {
    for (const int jobs : {1, 2, 3, 8}) {
      auto s = settings();
      s.jobs = jobs;
      s.threads = threads;
      EXPECT_EQ(numbers(run(s).epochs), want) << jobs << " jobs, " << threads << " threads";
    }
  }
}

TEST(Compare, EveryTrainingIsAsItIsAlone) {
  auto s = settings();
  s.jobs = 2;
  const auto together = run(s);
  std::vector<EpochResult> alone;
  const Plan plan(s);
  for (const Training& t : plan.trainings) {
    Live live;
    train(plan, together.networks[t.activation], t, data(), live, {},
          [&](const EpochResult& e) { alone.push_back(e); });
  }
  EXPECT_EQ(numbers(together.epochs), numbers(alone));
}

TEST(Compare, SeedsDiffer) {
  const auto all = run(settings()).epochs;
  EXPECT_NE(all[0].train_loss, all[2].train_loss);
}

// All rows that `done` saw, one call at a time.
TEST(Compare, DoneGetsEveryEpochOneAtATime) {
  auto s = settings();
  s.jobs = 3;
  std::vector<EpochResult> seen;
  std::atomic<int> inside{0};
  const auto result = run(s, [&](const EpochResult& e) {
    EXPECT_EQ(inside.fetch_add(1), 0);
    seen.push_back(e);
    std::this_thread::yield();
    inside.fetch_sub(1);
  });
  auto got = numbers(seen);
  auto want = numbers(result.epochs);
  std::sort(got.begin(), got.end());
  std::sort(want.begin(), want.end());
  EXPECT_EQ(got, want);
}

TEST(Compare, LiveShowsWhatIsDone) {
  auto s = settings();
  s.activations = {Relu{}};
  s.seeds = {1};
  std::vector<Live> live(1);
  int calls = 0;
  compare(Plan(s), data(), live, {}, [&](const EpochResult& e) {
    ++calls;
    EXPECT_EQ(live[0].training.load(), 0);
    EXPECT_EQ(live[0].epoch.load(), e.epoch);
    EXPECT_EQ(live[0].batch.load(), 7);  // 200 images by 32
    EXPECT_EQ(live[0].loss.load(), e.train_loss);
    EXPECT_EQ(live[0].accuracy.load(), e.train_accuracy);
  });
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(live[0].training.load(), -1);
}

TEST(Train, Learns) {
  auto s = settings();
  s.seeds = {1};
  s.epochs = 15;
  s.lr = 0.01;
  for (const auto& optimizer : {"adam", "sgd"}) {
    s.optimizer = optimizer;
    if (s.optimizer == "sgd") {
      s.lr = 0.1;
      s.momentum = 0.9;
    }
    s.activations = {Relu{}};
    const auto epochs = run(s).epochs;
    EXPECT_LT(epochs.back().train_loss, epochs.front().train_loss / 2) << optimizer;
    EXPECT_GT(epochs.back().test_accuracy, 0.9) << optimizer;
  }
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

void expect_by_hand(const CompareSettings& s, const std::variant<nn::Adam, nn::Sgd>& rule) {
  nn::Sequential net{nn::Linear{64, 70}, Relu{}, nn::Linear{70, 33}, Relu{}, nn::Linear{33, 10}};
  net.initialize(nn::parse_init(s.init), 7);
  nn::Optimizer optimizer(rule, net);
  Batches batches(data().train, s.batch);
  for (const auto& e : run(s).epochs) {
    batches.shuffle(7, e.epoch);
    const Mean train = train_by_hand(net, optimizer, batches);
    const Mean test = evaluate_by_hand(net);
    EXPECT_DOUBLE_EQ(e.train_loss, train.loss);
    EXPECT_DOUBLE_EQ(e.train_accuracy, train.accuracy);
    EXPECT_DOUBLE_EQ(e.test_loss, test.loss);
    EXPECT_DOUBLE_EQ(e.test_accuracy, test.accuracy);
  }
}

TEST(Train, EpochsAreThoseDoneByHand) {
  auto s = settings();
  s.activations = {Relu{}};
  s.seeds = {7};
  s.hidden = {70, 33};
  s.init = "he_normal";
  s.weight_decay = 0.01;
  expect_by_hand(s, nn::Adam{.lr = 0.001, .eps = 1e-7, .weight_decay = 0.01});
  s.optimizer = "sgd";
  s.lr = 0.05;
  s.momentum = 0.9;
  s.batch = 7;
  expect_by_hand(s, nn::Sgd{.lr = 0.05, .momentum = 0.9, .weight_decay = 0.01});
}

TEST(Train, ABatchLargerThanTheSetHoldsAll) {
  auto s = settings();
  s.batch = 65536;
  const auto want = numbers(run(s).epochs);
  s.batch = 200;
  EXPECT_EQ(numbers(run(s).epochs), want);
}

TEST(Stop, BeforeTheBeginLeavesNothing) {
  std::stop_source stop;
  stop.request_stop();
  const auto result = run(
      settings(), [](const EpochResult&) { FAIL(); }, stop.get_token());
  EXPECT_TRUE(result.interrupted);
  EXPECT_TRUE(result.epochs.empty());
}

TEST(Stop, BetweenEpochsKeepsTheFinishedOnes) {
  const auto all = numbers(run(settings()).epochs);
  std::stop_source stop;
  int calls = 0;
  const auto three = [&](const EpochResult&) {
    if (++calls == 3) stop.request_stop();
  };
  const auto result = run(settings(), three, stop.get_token());
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(numbers(result.epochs), (std::vector<Numbers>{all[0], all[1], all[2]}));
}

// As many epochs as nobody waits for: only the stop ends it, in the midst of an epoch.
TEST(Stop, WithinAnEpochDropsIt) {
  auto s = settings();
  s.epochs = std::numeric_limits<int>::max();
  s.jobs = 2;
  std::stop_source stop;
  std::vector<Live> live(2);
  std::atomic<int> finished{0};
  std::jthread other([&](const std::stop_token& end) {
    while (!end.stop_requested() && (finished < 4 || live[1].batch < 1)) std::this_thread::yield();
    stop.request_stop();
  });
  const auto result =
      compare(Plan(s), data(), live, stop.get_token(), [&](const EpochResult&) { ++finished; });
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(result.epochs.size(), static_cast<std::size_t>(finished.load()));
  EXPECT_GE(finished.load(), 4);
  // Two trainings had begun; each has its epochs from the first without a gap, all of them whole.
  std::map<std::uint64_t, int> last;
  for (const auto& e : result.epochs) EXPECT_EQ(e.epoch, ++last[e.seed]);
  s.activations = {s.activations.front()};
  s.epochs = std::max(last[7], last[3]);
  const auto whole = numbers(run(s).epochs);
  for (const auto& row : numbers(result.epochs)) {
    EXPECT_NE(std::find(whole.begin(), whole.end(), row), whole.end());
  }
}

TEST(Done, ItsExceptionReachesTheCaller) {
  for (const int jobs : {1, 3}) {
    auto s = settings();
    s.jobs = jobs;
    std::atomic<int> calls{0};
    const auto full = [&](const EpochResult&) {
      ++calls;
      throw std::runtime_error("the disk is full");
    };
    EXPECT_EQ(testing::message<std::runtime_error>([&] { run(s, full); }), "the disk is full");
    // No training goes on after it but those that run at the same time.
    EXPECT_LE(calls.load(), jobs);
  }
}

TEST(Compare, AnErrorOfATrainingReachesTheCaller) {
  data::Dataset bad = testing::toy_data();
  bad.train.labels[150] = 10;
  auto s = settings();
  s.jobs = 2;
  std::vector<Live> live(2);
  const auto text = message([&] { compare(Plan(s), bad, live, {}, [](const EpochResult&) {}); });
  EXPECT_TRUE(text.starts_with("[cross_entropy] label 10 of row ")) << text;
}

}  // namespace
}  // namespace actfn::lab
