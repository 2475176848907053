// SPDX-License-Identifier: Apache-2.0
// Learning rates against PyTorch's formulas in long double, and schedules as text.
#include <actfn/nn/schedule.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "forced_target.h"
#include "messages.h"

namespace actfn::nn {
namespace {

using testing::message;

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kRate = 0.003;

// Whether a rate is the formula's but for a few roundings.
void expect_near(double got, long double want, double relative) {
  const auto rounded = static_cast<double>(want);
  EXPECT_NEAR(got, rounded, relative * rounded);
}

double rate(const Schedule& schedule, std::int64_t t, std::int64_t steps = 100) {
  return learning_rate(schedule, kRate, t, steps);
}

TEST(Schedule, ConstantStays) {
  for (const std::int64_t t : {0, 1, 50, 99, 1000}) EXPECT_EQ(rate({}, t), kRate);
}

TEST(Schedule, CosineIsTheFormula) {
  for (const double eta_min : {0.0, 0.001, 0.01}) {
    for (const std::int64_t steps : {1, 2, 7, 100, 12345}) {
      const Schedule schedule = {.after = CosineAnnealingLr{eta_min}};
      for (std::int64_t i = 0; i <= 20; ++i) {
        const std::int64_t t = steps * i / 20;
        const auto part = static_cast<long double>(t) / static_cast<long double>(steps);
        const long double cosine = std::cos(std::numbers::pi_v<long double> * part);
        const long double want = eta_min + (kRate - eta_min) * (1 + cosine) / 2;
        EXPECT_NEAR(rate(schedule, t, steps), static_cast<double>(want), 1e-17) << steps << t;
      }
    }
  }
}

TEST(Schedule, CosineEndsAtItsMinimumAndStays) {
  const Schedule schedule = {.after = CosineAnnealingLr{0.0005}};
  EXPECT_EQ(rate(schedule, 0), kRate);
  for (const std::int64_t t : {100, 101, 150, 1000}) EXPECT_EQ(rate(schedule, t), 0.0005);
  EXPECT_EQ(rate({.after = CosineAnnealingLr{}}, 100), 0);
}

TEST(Schedule, StepIsTheFormula) {
  for (const double gamma : {0.1, 0.5, 0.97, 1.0, 2.0}) {
    for (const std::int64_t size : {1, 7, 30}) {
      const Schedule schedule = {.after = StepLr{.step_size = size, .gamma = gamma}};
      for (std::int64_t t = 0; t < 60; ++t) {
        const long double want = kRate * std::pow(static_cast<long double>(gamma), t / size);
        expect_near(rate(schedule, t), want, 2e-14);
      }
    }
  }
  EXPECT_EQ(rate({.after = StepLr{.step_size = std::numeric_limits<std::int64_t>::max()}}, 99),
            kRate);
}

TEST(Schedule, ExponentialIsTheFormula) {
  for (const double gamma : {0.9, 0.999, 1.01}) {
    for (std::int64_t t = 0; t < 100; ++t) {
      const long double want = kRate * std::pow(static_cast<long double>(gamma), t);
      expect_near(rate({.after = ExponentialLr{gamma}}, t), want, 2e-14);
    }
  }
  EXPECT_EQ(rate({.after = ExponentialLr{0.1}}, 10'000), 0);
}

TEST(Schedule, WarmUpRisesInALineAndTheRestFollows) {
  const Schedule afters[] = {{},
                             {.after = CosineAnnealingLr{1e-4}},
                             {.after = StepLr{.step_size = 3}},
                             {.after = ExponentialLr{0.9}}};
  for (const Schedule& after : afters) {
    for (const std::int64_t warmup : {1, 2, 9}) {
      Schedule schedule = after;
      schedule.warmup = warmup;
      for (std::int64_t t = 0; t < warmup; ++t) {
        const auto part = static_cast<double>(t + 1) / static_cast<double>(warmup);
        EXPECT_DOUBLE_EQ(rate(schedule, t), kRate * part);
      }
      EXPECT_EQ(rate(schedule, warmup - 1), kRate);
      for (std::int64_t t = 0; t < 40; ++t) {
        EXPECT_EQ(rate(schedule, warmup + t), rate(after, t, 100 - warmup));
      }
    }
  }
}

TEST(Schedule, AWarmUpMayBeLongerThanTheTraining) {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  const Schedule schedule = {.after = CosineAnnealingLr{}, .warmup = kMost};
  EXPECT_GT(rate(schedule, 99), 0);
  EXPECT_LT(rate(schedule, 99), 1e-15);
  EXPECT_EQ(rate({.after = CosineAnnealingLr{}, .warmup = 100}, 100), kRate);
  EXPECT_EQ(rate({.after = CosineAnnealingLr{}, .warmup = 100}, 101), 0);
}

TEST(Schedule, HasTheSameBitsOnEveryTarget) {
  const auto run = [](kernels::Target target) {
    const testing::ForcedTarget forced(target);
    std::vector<double> all;
    for (std::int64_t t = 0; t < 100; ++t) all.push_back(rate({.after = CosineAnnealingLr{}}, t));
    return all;
  };
  const auto targets = testing::running_targets();
  for (const auto target : targets) EXPECT_EQ(run(target), run(targets.front()));
}

TEST(Schedule, RefusesWhatIsOutOfRange) {
  const auto refusal = [](const Schedule& s) {
    const std::string text = message([&] { validate(s); });
    EXPECT_EQ(text, message([&] { rate(s, 1); }));
    return text;
  };
  EXPECT_EQ(refusal({.warmup = -1}), "[schedule] warmup must be at least 0, got -1");
  for (const auto& [bad, got] :
       {std::pair(-1.0, "-1"), std::pair(kInf, "inf"), std::pair(kNan, "nan")}) {
    EXPECT_EQ(refusal({.after = CosineAnnealingLr{bad}}),
              std::string("[cosine] eta_min must be finite and not negative, got ") + got);
    EXPECT_EQ(refusal({.after = StepLr{1, bad}}),
              std::string("[step] gamma must be finite and positive, got ") + got);
    EXPECT_EQ(refusal({.after = ExponentialLr{bad}}),
              std::string("[exponential] gamma must be finite and positive, got ") + got);
  }
  EXPECT_EQ(refusal({.after = StepLr{.step_size = 0}}),
            "[step] step_size must be at least 1, got 0");
  EXPECT_EQ(message([] { rate({}, -1); }), "[schedule] t must be at least 0, got -1");
}

TEST(ScheduleText, IsReadAndWritten) {
  const std::pair<const char*, Schedule> all[] = {
      {"constant", {}},
      {"cosine", {.after = CosineAnnealingLr{}}},
      {"cosine(eta_min=1e-05)", {.after = CosineAnnealingLr{1e-5}}},
      {"step(step_size=10)", {.after = StepLr{10, 0.1}}},
      {"step(step_size=1,gamma=0.5)", {.after = StepLr{1, 0.5}}},
      {"exponential(gamma=0.95)", {.after = ExponentialLr{0.95}}}};
  for (const auto& [text, schedule] : all) {
    EXPECT_TRUE(parse_schedule(text) == schedule) << text;
    EXPECT_EQ(to_string(schedule), text);
  }
  EXPECT_TRUE(parse_schedule(" step( gamma = 0.5 , step_size = 1e1 ) ") ==
              (Schedule{.after = StepLr{10, 0.5}}));
  EXPECT_TRUE(parse_schedule("cosine()") == (Schedule{.after = CosineAnnealingLr{}}));
}

TEST(ScheduleText, RefusesAnythingElse) {
  const auto refusal = [](const char* text) { return message([&] { parse_schedule(text); }); };
  const std::string names = "[schedule] must be constant, cosine, step or exponential, got ";
  EXPECT_EQ(refusal("linear"), names + "'linear'");
  EXPECT_EQ(refusal(""), names + "''");
  EXPECT_EQ(refusal("cosin"), names + "'cosin'; did you mean cosine?");
  EXPECT_EQ(refusal("step"), "[step] step_size has no default");
  EXPECT_EQ(refusal("step(gamma=0.5)"), "[step] step_size has no default");
  EXPECT_EQ(refusal("exponential()"), "[exponential] gamma has no default");
  EXPECT_EQ(refusal("step(size=1)"), "[step] no parameter 'size': it has step_size, gamma");
  EXPECT_EQ(refusal("constant(lr=1)"), "[constant] no parameter 'lr': it has none");
  EXPECT_EQ(refusal("step(10)"), "[step] expected parameter=value, got '10'");
  EXPECT_EQ(refusal("step(step_size=10,)"), "[step] expected parameter=value, got ''");
  EXPECT_EQ(refusal("step(step_size=x)"), "[step] step_size must be a whole number, got 'x'");
  EXPECT_EQ(refusal("exponential(gamma=x)"), "[exponential] gamma must be a number, got 'x'");
  EXPECT_EQ(refusal("step(step_size=1.5)"), "[step] step_size must be a whole number, got '1.5'");
  EXPECT_EQ(refusal("step(step_size=inf)"), "[step] step_size must be a whole number, got 'inf'");
  EXPECT_EQ(refusal("step(step_size=0)"), "[step] step_size must be at least 1, got 0");
  EXPECT_EQ(refusal("step(step_size=1,step_size=2)"), "[step] step_size is given twice");
  EXPECT_EQ(refusal("cosine(eta_min=-1)"),
            "[cosine] eta_min must be finite and not negative, got -1");
  EXPECT_EQ(refusal("cosine(eta_min=1"), "[cosine] missing ')' in 'cosine(eta_min=1'");
  EXPECT_EQ(refusal("cosine(eta_min=1) x"), "[cosine] ' x' follows 'cosine(eta_min=1)'");
}

}  // namespace
}  // namespace actfn::nn
