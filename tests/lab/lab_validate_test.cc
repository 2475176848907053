// What a comparison refuses, and how it says so.
#include "lab/plan.h"

#include <gtest/gtest.h>

#include <limits>

#include "messages.h"

namespace actfn::lab {
namespace {

using Settings = CompareSettings;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

constexpr int kMost = std::numeric_limits<int>::max();

bool begins(const std::string& text, std::string_view with) { return text.starts_with(with); }

// What is said of sound settings after a change.
template <class Change>
std::string refusal(Change&& change) {
  Settings s;
  s.activations = {Relu{}};
  s.seeds = {1};
  change(s);
  return testing::message([&] { const Plan plan(s); });
}

TEST(Validate, AcceptsWhatItShould) {
  EXPECT_EQ(refusal([](Settings&) {}), "no error");
  EXPECT_EQ(refusal([](Settings& s) { s.hidden = {1, 32768, 1}; }), "no error");
  EXPECT_EQ(refusal([](Settings& s) { s.batch = 65536; }), "no error");
  EXPECT_EQ(refusal([](Settings& s) { s.seeds = {0}; }), "no error");
  EXPECT_EQ(refusal([](Settings& s) { s.activations = {Elu{}, Elu{.alpha = 0.5F}}; }), "no error");
}

TEST(Validate, WantsActivationsAndSeeds) {
  EXPECT_EQ(refusal([](Settings& s) { s.activations = {}; }),
            "[compare] there is no activation to compare");
  EXPECT_EQ(refusal([](Settings& s) { s.seeds = {}; }), "[compare] there is no seed");
}

TEST(Validate, NamesWhatIsGivenTwice) {
  EXPECT_EQ(refusal([](Settings& s) {
              s.activations = {Relu{}, Tanh{}, Relu{}};
            }),
            "[compare] activation relu is given twice");
  EXPECT_EQ(refusal([](Settings& s) {
              s.activations = {Elu{}, Elu{.alpha = 1}};
            }),
            "[compare] activation elu is given twice");
  EXPECT_EQ(refusal([](Settings& s) { s.seeds = {5, 6, 5}; }), "[compare] seed 5 is given twice");
}

TEST(Validate, WantsCountsOfAtLeastOne) {
  EXPECT_EQ(refusal([](Settings& s) { s.epochs = 0; }),
            "[compare] epochs must be at least 1, got 0");
  EXPECT_EQ(refusal([](Settings& s) { s.jobs = 0; }), "[compare] jobs must be at least 1, got 0");
  EXPECT_EQ(refusal([](Settings& s) { s.threads = -2; }),
            "[compare] threads must be at least 1, got -2");
}

TEST(Validate, WantsSizesThatFitIntoMemory) {
  EXPECT_EQ(refusal([](Settings& s) { s.batch = 0; }),
            "[compare] batch must be from 1 to 65536, got 0");
  EXPECT_EQ(refusal([](Settings& s) { s.batch = kMost; }),
            "[compare] batch must be from 1 to 65536, got 2147483647");
  EXPECT_EQ(refusal([](Settings& s) { s.hidden = {}; }), "[compare] there is no hidden layer");
  EXPECT_EQ(refusal([](Settings& s) {
              s.hidden = {128, 0};
            }),
            "[compare] hidden must be from 1 to 32768, got 0");
  EXPECT_EQ(refusal([](Settings& s) { s.hidden = {kMost}; }),
            "[compare] hidden must be from 1 to 32768, got 2147483647");
  EXPECT_PRED2(begins, refusal([](Settings& s) {
                 s.hidden = {32768, 32768};
               }),
               "[compare] hidden layers with 1.1e+09 parameters are more than ");
}

TEST(Validate, WantsAKnownOptimizerWithFiniteSettings) {
  EXPECT_EQ(refusal([](Settings& s) { s.optimizer = "Adam"; }),
            "[compare] optimizer must be adam or sgd, got 'Adam'");
  for (const double bad : {kNan, -1.0, kInf}) {
    EXPECT_PRED2(begins, refusal([&](Settings& s) { s.lr = bad; }),
                 "[compare] lr must be finite and positive, got ");
    EXPECT_PRED2(begins, refusal([&](Settings& s) { s.momentum = bad; }),
                 "[compare] momentum must be finite and not negative, got ");
    EXPECT_PRED2(begins, refusal([&](Settings& s) { s.weight_decay = bad; }),
                 "[compare] weight-decay must be finite and not negative, got ");
  }
  EXPECT_EQ(refusal([](Settings& s) { s.momentum = 0.9; }),
            "[compare] momentum is for sgd, got optimizer adam");
  EXPECT_EQ(refusal([](Settings& s) { s.lr = 0; }),
            "[compare] lr must be finite and positive, got 0");
  EXPECT_EQ(refusal([](Settings& s) { s.lr = -1e-9; }),
            "[compare] lr must be finite and positive, got -1e-09");
}

TEST(Validate, WantsAKnownInitialiser) {
  EXPECT_PRED2(begins, refusal([](Settings& s) { s.init = "xavier"; }),
               "[init] must be glorot_uniform, ");
}

}  // namespace
}  // namespace actfn::lab
