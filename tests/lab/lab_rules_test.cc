// SPDX-License-Identifier: Apache-2.0
// Update rules, schedules, clipping and label smoothing in a comparison: what a training does with
// them, and how they are checked, stored and shown.
#include <actfn/nn/nn.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "comparisons.h"
#include "lab/batches.h"
#include "lab/report.h"
#include "lab/results_io.h"
#include "lab/results_read.h"
#include "lab_runs.h"
#include "messages.h"
#include "temporary_directory.h"

namespace actfn::lab {
namespace {

using testing::message;
using testing::TemporaryDirectory;
using testing::write_file;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

// All that this file is about, with values that are not the defaults.
CompareSettings unusual() {
  CompareSettings s = settings();
  s.activations = {Relu{}};
  s.seeds = {7};
  s.hidden = {70};
  s.epochs = 3;
  s.validation = 0;
  s.lr = {0.01};
  s.optimizer = "adamw";
  s.weight_decay = 0.1;
  s.schedule = "cosine(eta_min=0.001)";
  s.warmup = 5;
  s.clip = 0.5;
  s.label_smoothing = 0.1;
  return s;
}

// The epochs of `unusual()`, step by step: losses of the training, and of the test part after it.
std::vector<double> losses_by_hand(const CompareSettings& s, const nn::UpdateRule& rule,
                                   const nn::Schedule& schedule) {
  nn::Sequential net{nn::Linear{64, 70}, Relu{}, nn::Linear{70, 10}};
  net.initialize(nn::parse_init(s.init), 7);
  nn::Optimizer optimizer(rule, net);
  const auto parameters = net.parameters();
  Batches batches(data().train, s.batch);
  Batches test(data().test, 60);
  std::vector<double> losses;
  int step = 0;
  for (int epoch = 1; epoch <= s.epochs; ++epoch) {
    batches.shuffle(7, epoch);
    double sum = 0;
    for (int i = 0; i < batches.count(); ++i) {
      const Batch batch = batches.get(i);
      const auto y = net.forward(batch.x);
      std::vector<float> gradient(y.size());
      sum += nn::cross_entropy(y, batch.labels, gradient, s.label_smoothing).loss;
      optimizer.set_lr(nn::learning_rate(schedule, s.lr[0], step++, s.epochs * batches.count()));
      net.backward(gradient);
      if (s.clip > 0) nn::clip_grad_norm(parameters, s.clip);
      optimizer.step(net);
    }
    losses.push_back(sum / static_cast<double>(data().train.count));
    const Batch all = test.get(0);
    losses.push_back(nn::cross_entropy(net.forward(all.x), all.labels).loss / 60);
  }
  return losses;
}

std::vector<double> losses(const CompareSettings& s) {
  std::vector<double> all;
  for (const EpochResult& e : run(s).epochs) {
    if (e.epoch > 0) all.insert(all.end(), {e.train.loss, e.test.value().loss});
  }
  return all;
}

void expect_by_hand(const CompareSettings& s, const nn::UpdateRule& rule,
                    const nn::Schedule& schedule) {
  const auto want = losses_by_hand(s, rule, schedule);
  const auto got = losses(s);
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_DOUBLE_EQ(got[i], want[i]) << i;
}

TEST(Rules, EpochsAreThoseDoneByHand) {
  CompareSettings s = unusual();
  const nn::AdamW rule{.lr = 0.01, .eps = 1e-7, .weight_decay = 0.1};
  expect_by_hand(s, rule, {.after = nn::CosineAnnealingLr{0.001}, .warmup = 5});
  s.clip = 0;
  s.label_smoothing = 0;
  s.warmup = 0;
  const int steps = Batches(data().train, s.batch).count();
  s.schedule = "step(step_size=2,gamma=0.5)";
  expect_by_hand(s, rule, {.after = nn::StepLr{2 * steps, 0.5}});
  s.schedule = "exponential(gamma=0.5)";  // by epochs, too
  expect_by_hand(s, rule, {.after = nn::StepLr{steps, 0.5}});
}

TEST(Rules, EachSettingChangesTheTraining) {
  const auto want = losses(unusual());
  const std::vector<std::function<void(CompareSettings&)>> changes = {
      [](auto& s) { s.optimizer = "adam"; },
      [](auto& s) { s.weight_decay = 0; },
      [](auto& s) { s.schedule = "constant"; },
      [](auto& s) { s.warmup = 0; },
      [](auto& s) { s.clip = 0; },
      [](auto& s) { s.label_smoothing = 0; }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    CompareSettings s = unusual();
    changes[i](s);
    EXPECT_NE(losses(s), want) << i;
  }
}

// Epoch 0 has the training loss before the first step; held-out samples cost without smoothing.
TEST(Rules, LabelSmoothingIsPartOfTheTrainingLossAlone) {
  CompareSettings s = unusual();
  s.validation = 0.2;
  s.epochs = 1;
  const Comparison smooth = run(s);
  s.label_smoothing = 0;
  const Comparison plain = run(s);
  EXPECT_NE(smooth.epochs[0].train.loss, plain.epochs[0].train.loss);
  EXPECT_EQ(smooth.epochs[0].train.accuracy, plain.epochs[0].train.accuracy);
  EXPECT_EQ(smooth.epochs[0].validation->loss, plain.epochs[0].validation->loss);
}

TEST(Rules, NumbersDependOnNoThreads) {
  CompareSettings s = unusual();
  s.hidden = {300};
  const auto want = numbers(run(s).epochs);
  s.threads = 3;
  EXPECT_EQ(numbers(run(s).epochs), want);
}

TEST(Rules, ThePlanHasThem) {
  CompareSettings s = unusual();
  const auto rule = std::get<nn::AdamW>(Plan(s).rule(0.25));
  EXPECT_EQ(rule.lr, 0.25);
  EXPECT_EQ(rule.eps, 1e-7);
  EXPECT_EQ(rule.weight_decay, 0.1);
  EXPECT_TRUE(Plan(s).schedule(10) ==
              (nn::Schedule{.after = nn::CosineAnnealingLr{0.001}, .warmup = 5}));
  s.schedule = " step( step_size = 3, gamma=0.1 )";
  EXPECT_EQ(Plan(s).settings.schedule, "step(step_size=3)");
  EXPECT_TRUE(Plan(s).schedule(10) == (nn::Schedule{.after = nn::StepLr{30, 0.1}, .warmup = 5}));
  s.schedule = "step(step_size=4503599627370496)";  // 2^52
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  EXPECT_TRUE(Plan(s).schedule(1 << 20) ==
              (nn::Schedule{.after = nn::StepLr{kMost, 0.1}, .warmup = 5}));
}

template <class Change>
std::string refusal(Change&& change) {
  CompareSettings s = unusual();
  change(s);
  return message([&] { const Plan plan(s); });
}

TEST(Rules, ImpossibleSettingsAreRefused) {
  using Settings = CompareSettings;
  EXPECT_EQ(refusal([](Settings& /*s*/) {}), "no error");
  EXPECT_EQ(refusal([](Settings& s) { s.schedule = "linear"; }),
            "[schedule] must be constant, cosine, step or exponential, got 'linear'");
  EXPECT_EQ(refusal([](Settings& s) { s.schedule = "step(step_size=0)"; }),
            "[step] step_size must be at least 1, got 0");
  EXPECT_EQ(refusal([](Settings& s) { s.schedule = "exponential(gamma=1e300)"; }),
            "[compare] schedule 'exponential(gamma=1e300)' makes the learning rate 0.01 infinite");
  EXPECT_EQ(refusal([](Settings& s) { s.warmup = -1; }),
            "[compare] warmup must be at least 0, got -1");
  for (const auto& [bad, got] :
       {std::pair(-1.0, "-1"), std::pair(kNan, "nan"), std::pair(kInf, "inf")}) {
    EXPECT_EQ(refusal([&, clip = bad](Settings& s) { s.clip = clip; }),
              std::string("[compare] clip must be finite and not negative, got ") + got);
    EXPECT_EQ(refusal([&, e = bad](Settings& s) { s.label_smoothing = e; }),
              std::string("[compare] label-smoothing must be from 0 to 1, got ") + got);
  }
  EXPECT_EQ(refusal([](Settings& s) { s.clip = 1e-50; }),
            "[compare] clip must be 0 or a positive number, got 1e-50 (0 as float32)");
  EXPECT_EQ(refusal([](Settings& s) { s.momentum = 0.5; }),
            "[compare] momentum is for sgd, got optimizer adamw");
}

TEST(Rules, LabelSmoothingNeedsClasses) {
  const char* want = "[compare] label-smoothing is for classes, not for a regression";
  EXPECT_EQ(refusal([](CompareSettings& s) { s.task = "regression"; }), want);
  CompareSettings s = unusual();
  EXPECT_EQ(message([&] { require_task(s, data::Task::regression); }), want);
  require_task(s, data::Task::classification);
  data::Dataset numbers = data();
  numbers.task = data::Task::regression;
  std::vector<Live> live(1);
  EXPECT_EQ(message([&] { lab::compare(Plan(s), numbers, live, {}, {kNothing, kNothing}); }), want);
}

// What a run leaves, read back.
CompareSettings read_back(const nlohmann::json& stored) {
  const TemporaryDirectory at;
  write_file(at / "settings.json", stored.dump());
  const EpochResult first = {0, 7, 0.01, 0, {2.5, 0.125}, {}, Score{2.5, 0.125}, 0, {}};
  write_file(at / "results.csv", csv({&first, 1}, unusual().activations));
  return read_run(at.path()).value().comparison.settings;
}

TEST(Rules, SettingsAreStoredAndReadBack) {
  const CompareSettings s = unusual();
  const auto stored = nlohmann::json::parse(settings_json(s));
  EXPECT_EQ(stored.at("optimizer"), "adamw");
  EXPECT_EQ(stored.at("schedule"), "cosine(eta_min=0.001)");
  EXPECT_EQ(stored.at("warmup"), 5);
  EXPECT_EQ(stored.at("clip"), 0.5);
  EXPECT_EQ(stored.at("label_smoothing"), 0.1);
  EXPECT_EQ(difference(read_back(stored), s), "");
}

TEST(Rules, FilesOfEarlierVersionsHaveTheDefaults) {
  auto stored = nlohmann::json::parse(settings_json(unusual()));
  for (const char* name : {"schedule", "warmup", "clip", "label_smoothing"}) stored.erase(name);
  const CompareSettings s = read_back(stored);
  EXPECT_EQ(s.optimizer, "adamw");
  EXPECT_EQ(s.schedule, "constant");
  EXPECT_EQ(s.warmup, 0);
  EXPECT_EQ(s.clip, 0);
  EXPECT_EQ(s.label_smoothing, 0);
}

TEST(Rules, DamagedFilesAreRefused) {
  const auto refused = [](const char* name, const nlohmann::json& value) {
    auto stored = nlohmann::json::parse(settings_json(unusual()));
    stored[name] = value;
    return message<std::runtime_error>([&] { read_back(stored); }).find("settings.json: ") !=
           std::string::npos;
  };
  EXPECT_TRUE(refused("schedule", 1));
  EXPECT_TRUE(refused("schedule", "linear"));
  EXPECT_TRUE(refused("warmup", "5"));
  EXPECT_TRUE(refused("warmup", -5));
  EXPECT_TRUE(refused("clip", nullptr));
  EXPECT_TRUE(refused("label_smoothing", 2));
}

TEST(Rules, RunsThatDifferInThemCannotBePutTogether) {
  const auto told = [](const auto& change) {
    CompareSettings s = unusual();
    change(s);
    return difference(unusual(), s);
  };
  EXPECT_EQ(told([](auto& s) { s.schedule = "cosine"; }),
            "schedule is cosine, not cosine(eta_min=0.001)");
  EXPECT_EQ(told([](auto& s) { s.warmup = 6; }), "warmup is 6, not 5");
  EXPECT_EQ(told([](auto& s) { s.clip = 1; }), "clip is 1, not 0.5");
  EXPECT_EQ(told([](auto& s) { s.label_smoothing = 0; }), "label_smoothing is 0, not 0.1");
}

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(Rules, TheReportShowsWhatIsNotUsual) {
  Comparison c = testing::comparison_of({{Relu{}, {0.5, 0.4}}});
  const std::string usual = report_html(c, findings(c), "{}");
  for (const char* name : {"<dt>Learning rate</dt>", "<dt>Label smoothing</dt>", "clipped"}) {
    EXPECT_FALSE(says(usual, name)) << name;
  }
  EXPECT_TRUE(says(command_line(c.settings), " --optimizer adam --lr 0.001 --jobs "));
  const CompareSettings s = unusual();
  c.settings.optimizer = s.optimizer;
  c.settings.weight_decay = s.weight_decay;
  c.settings.schedule = s.schedule;
  c.settings.warmup = s.warmup;
  c.settings.clip = s.clip;
  c.settings.label_smoothing = s.label_smoothing;
  const std::string html = report_html(c, findings(c), "{}");
  EXPECT_TRUE(
      says(html,
           "<dt>Optimizer</dt><dd>adamw, learning rate 0.001, β₁ 0.9, β₂ 0.999, ε 1 × 10⁻⁷, "
           "weight decay 0.1, gradients clipped to a norm of 0.5</dd>"));
  EXPECT_TRUE(says(
      html, "<dt>Learning rate</dt><dd>cosine(eta_min=0.001), after a warm-up of 5 steps</dd>"));
  EXPECT_TRUE(says(html, "<dt>Label smoothing</dt><dd>0.1</dd>"));
  EXPECT_TRUE(says(command_line(c.settings),
                   " --optimizer adamw --lr 0.001 --weight-decay 0.1 --schedule "
                   "'cosine(eta_min=0.001)' --warmup 5 --clip 0.5 --label-smoothing 0.1 --jobs "));
}

}  // namespace
}  // namespace actfn::lab
