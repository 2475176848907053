// SPDX-License-Identifier: Apache-2.0
// Comparisons: what an epoch's numbers mean, that they depend on nothing but the settings that
// should matter, and how a comparison ends early.
#include "lab/compare.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <stdexcept>
#include <thread>
#include <tuple>

#include "lab_runs.h"
#include "messages.h"

namespace actfn::lab {
namespace {

using testing::message;

// All but the test.
auto first_five(const Numbers& n) {
  return std::tuple(std::get<0>(n), std::get<1>(n), std::get<2>(n), std::get<3>(n), std::get<4>(n));
}

TEST(Compare, ResultsAreInTheOrderOfTheSettings) {
  std::vector<Place> want;
  for (const std::size_t activation : {0U, 1U, 2U}) {
    for (const std::uint64_t seed : {7U, 3U}) {
      for (const int epoch : {0, 1, 2}) want.emplace_back(activation, seed, epoch);
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
  EXPECT_EQ(c.samples.train, 180U);
  EXPECT_EQ(c.samples.validation, 20U);
  EXPECT_EQ(c.samples.test, 60U);
  EXPECT_EQ(c.form, SampleForm(SampleForm::Kind::image, {1, 8, 8}));
  EXPECT_EQ(c.outputs, 10U);
  EXPECT_EQ(c.networks.size(), 3U);
  EXPECT_EQ(c.inits, std::vector<std::string>(3, "glorot_uniform"));
  ASSERT_EQ(c.steps.size(), 3U);
  for (const StepTime& step : c.steps) {
    EXPECT_GT(step.low, 0);
    EXPECT_LE(step.low, step.median);
    EXPECT_LE(step.median, step.high);
  }
  EXPECT_FALSE(c.interrupted);
  EXPECT_FALSE(c.machine.target.empty());
  EXPECT_GE(c.seconds, c.epochs.back().seconds);
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
  const auto keep = [&](const EpochResult& row) {
    std::erase_if(alone, [&](const EpochResult& other) {
      return Place(row.activation, row.seed, row.epoch) ==
             Place(other.activation, other.seed, other.epoch);
    });
    alone.push_back(row);
  };
  const Plan plan(s);
  const Parts parts = parts_of(data(), s.validation);
  for (const Training& t : plan.trainings) {
    Live live;
    EXPECT_TRUE(train(plan, together.networks[t.activation], t, parts, live, {}, {keep, keep}));
  }
  sort_rows(alone, s);
  EXPECT_EQ(numbers(together.epochs), numbers(alone));
}

TEST(Compare, SeedsDiffer) {
  const auto all = run(settings()).epochs;
  EXPECT_NE(all[1].train.loss, all[4].train.loss);
}

// All rows that a watch saw, one call at a time.
TEST(Compare, WatchGetsEveryEpochOneAtATime) {
  auto s = settings();
  s.jobs = 3;
  std::map<Place, EpochResult> seen;
  std::atomic<int> inside{0};
  const auto see = [&](const EpochResult& e) {
    EXPECT_EQ(inside.fetch_add(1), 0);
    seen.insert_or_assign(Place(e.activation, e.seed, e.epoch), e);
    std::this_thread::yield();
    inside.fetch_sub(1);
  };
  std::vector<Live> live(3);
  const auto result = compare(Plan(s), data(), live, {}, {see, see});
  std::vector<EpochResult> rows;
  for (const auto& [place, row] : seen) rows.push_back(row);
  auto got = numbers(rows);
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
  const auto look = [&](const EpochResult& e) {
    ++calls;
    EXPECT_EQ(live[0].training.load(), 0);
    EXPECT_EQ(live[0].epoch.load(), e.epoch);
    if (e.epoch == 0) return;
    EXPECT_EQ(live[0].batch.load(), 6);  // 180 images by 32
    EXPECT_EQ(live[0].loss.load(), e.train.loss);
    EXPECT_EQ(live[0].accuracy.load(), e.train.accuracy);
  };
  compare(Plan(s), data(), live, {}, {look, kNothing});
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(live[0].training.load(), -1);
}

TEST(Train, Learns) {
  auto s = settings();
  s.seeds = {1};
  s.epochs = 15;
  s.lr = {0.01};
  for (const auto& optimizer : {"adam", "sgd"}) {
    s.optimizer = optimizer;
    if (s.optimizer == "sgd") {
      s.lr = {0.1};
      s.momentum = 0.9;
    }
    s.activations = {Relu{}};
    const auto epochs = run(s).epochs;
    EXPECT_LT(epochs.back().train.loss, epochs.front().train.loss / 2) << optimizer;
    EXPECT_GT(epochs.back().test.value().accuracy, 0.9) << optimizer;
  }
}

TEST(Earlier, FinishedTrainingsAreNotRunAgain) {
  const auto s = settings();
  const Comparison whole = run(s);
  std::vector<EpochResult> some = whole.epochs;
  some.resize(3 + 3 + 2);  // two trainings, and a third without its last epoch
  int calls = 0;
  std::vector<Live> live(1);
  const auto count = [&](const EpochResult&) { ++calls; };
  const auto rest = compare(Plan(s), data(), live, {}, {count, kNothing}, some);
  EXPECT_EQ(calls, 3 * 4);
  EXPECT_EQ(numbers(rest.epochs), numbers(whole.epochs));
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
  const auto two = [&](const EpochResult&) {
    if (++calls == 2) stop.request_stop();
  };
  const auto result = run(settings(), two, stop.get_token());
  EXPECT_TRUE(result.interrupted);
  EXPECT_TRUE(result.steps.empty());
  EXPECT_EQ(numbers(result.epochs), (std::vector<Numbers>{all[0], all[1]}));
}

// As many epochs as nobody waits for: only the stop ends it, in the midst of an epoch.
TEST(Stop, WithinAnEpochDropsIt) {
  auto s = settings();
  s.epochs = std::numeric_limits<int>::max();
  s.jobs = 2;
  std::stop_source stop;
  std::vector<Live> live(2);
  std::atomic<int> finished{0};
  std::jthread stopper([&](const std::stop_token& end) {
    while (!end.stop_requested() && (finished < 4 || live[1].batch < 1)) std::this_thread::yield();
    stop.request_stop();
  });
  const auto count = [&](const EpochResult&) { ++finished; };
  const auto result = compare(Plan(s), data(), live, stop.get_token(), {count, kNothing});
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(result.epochs.size(), static_cast<std::size_t>(finished.load()));
  EXPECT_GE(finished.load(), 4);
  // Two trainings had begun; each has its epochs from the first without a gap, all of them whole.
  std::map<std::size_t, int> next;
  for (const auto& e : result.epochs) EXPECT_EQ(e.epoch, next[e.activation]++);
  s.seeds = {s.seeds.front()};
  s.epochs = std::max(next[0], next[1]);  // one more, so that none of theirs is tested
  const auto whole = numbers(run(s).epochs);
  for (auto row : numbers(result.epochs)) {
    const auto same = [&](const Numbers& other) { return first_five(other) == first_five(row); };
    EXPECT_TRUE(std::ranges::any_of(whole, same));
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
  bad.test.labels[50] = 10;
  auto s = settings();
  s.jobs = 2;
  std::vector<Live> live(2);
  const auto text = message([&] { compare(Plan(s), bad, live, {}, {kNothing, kNothing}); });
  EXPECT_TRUE(text.starts_with("[cross_entropy] label 10 of row 50 ")) << text;
}

}  // namespace
}  // namespace actfn::lab
