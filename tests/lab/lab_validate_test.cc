// SPDX-License-Identifier: Apache-2.0
// What a comparison refuses, and how it says so.
#include "lab/networks.h"
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
               "[compare] a network with relu needs 16.4 GiB in training, more than 2 GiB: ");
}

// Layers between the Linears widen them; what a batch needs the data decide.
TEST(Validate, CountsAllThatATrainingHolds) {
  const auto network = [](const char* spec) {
    return refusal([=](Settings& s) { s.activations = {Nonlinearity(nn::parse_layers(spec))}; });
  };
  EXPECT_EQ(network("maxout(group=1000)"), "no error");
  EXPECT_PRED2(begins, network("maxout(group=20000)"),
               "[compare] a network with maxout(group=20000) needs 30 GiB in training");
  EXPECT_EQ(network("swiglu+swiglu+swiglu"), "no error");
  std::string gates = "swiglu";
  for (int i = 1; i < 12; ++i) gates += "+swiglu";
  EXPECT_PRED2(begins, network(gates.c_str()), "[compare] a network with swiglu+");
  EXPECT_PRED2(begins, network("crelu+maxout(group=16777216)"), "[");
}

TEST(Validate, CountsWhatABatchNeeds) {
  const nn::Architecture network({nn::Linear{784, 100}, Function(Relu{}), nn::Linear{100, 10}});
  const std::size_t parameters = 785 * 100 + 101 * 10;
  EXPECT_EQ(nn::training_size(network, 0), 4 * parameters);
  // The first Linear's 4 blocks, output and gradient; relu; the second Linear.
  EXPECT_EQ(nn::training_size(network, 1) - 4 * parameters, 784U + 600U + 200U + 20U);
  EXPECT_EQ(nn::training_size(network, std::numeric_limits<std::size_t>::max()),
            std::numeric_limits<std::size_t>::max());
  EXPECT_EQ(testing::message([&] { require_memory("relu", network, 1'000'000); }),
            "[compare] a network with relu needs 5.98 GiB in training, more than 2 GiB: take fewer "
            "units, or smaller batches");
}

TEST(Validate, WantsAKnownOptimizerWithFiniteSettings) {
  EXPECT_EQ(refusal([](Settings& s) { s.optimizer = "Adam"; }),
            "[compare] optimizer must be adam, adamw or sgd, got 'Adam'");
  for (const double bad : {kNan, -1.0, kInf}) {
    EXPECT_PRED2(begins, refusal([&](Settings& s) { s.lr = {bad}; }),
                 "[compare] lr must be finite and positive, got ");
    EXPECT_PRED2(begins, refusal([&](Settings& s) { s.momentum = bad; }),
                 "[compare] momentum must be finite and not negative, got ");
    EXPECT_PRED2(begins, refusal([&](Settings& s) { s.weight_decay = bad; }),
                 "[compare] weight-decay must be finite and not negative, got ");
  }
  EXPECT_EQ(refusal([](Settings& s) { s.momentum = 0.9; }),
            "[compare] momentum is for sgd, got optimizer adam");
  EXPECT_EQ(refusal([](Settings& s) { s.lr = {0}; }),
            "[compare] lr must be finite and positive, got 0");
  EXPECT_EQ(refusal([](Settings& s) { s.lr = {-1e-9}; }),
            "[compare] lr must be finite and positive, got -1e-09");
}

TEST(Validate, WantsSettingsThatGoTogether) {
  EXPECT_EQ(refusal([](Settings& s) { s.lr = {}; }), "[compare] there is no learning rate");
  EXPECT_EQ(refusal([](Settings& s) { s.lr = {0.1, 0.1}; }), "[compare] lr 0.1 is given twice");
  EXPECT_EQ(refusal([](Settings& s) {
              s.lr = {0.1, 0.2};
              s.validation = 0;
            }),
            "[compare] several learning rates are chosen by the validation loss: validation must "
            "be above 0");
  EXPECT_EQ(refusal([](Settings& s) {
              s.patience = 2;
              s.validation = 0;
            }),
            "[compare] patience waits for a better validation loss: validation must be above 0");
  EXPECT_EQ(refusal([](Settings& s) { s.patience = -1; }),
            "[compare] patience must be at least 0, got -1");
  for (const double bad : {-0.1, 0.95, kNan, kInf}) {
    EXPECT_PRED2(begins, refusal([&](Settings& s) { s.validation = bad; }),
                 "[compare] validation must be from 0 to 0.9, got ");
  }
  EXPECT_EQ(refusal([](Settings& s) { s.match = "size"; }),
            "[compare] match must be width or parameters, got 'size'");
  EXPECT_EQ(refusal([](Settings& s) { s.task = "ranking"; }),
            "[compare] task must be auto, classification or regression, got 'ranking'");
}

TEST(Networks, HaveAsManyParametersAsTheOthersWhereAsked) {
  Settings s;
  s.activations = {Relu{}, Nonlinearity(nn::parse_layers("swiglu")),
                   Nonlinearity(nn::parse_layers("crelu"))};
  s.hidden = {128};
  const auto wide = networks_of(s, 784, 10);
  const std::size_t plain = 785 * 128 + 129 * 10;
  EXPECT_EQ(nn::parameter_count(wide[0]), plain);
  EXPECT_EQ(nn::parameter_count(wide[1]), 785 * 256 + 129 * 10);
  s.match = "parameters";
  const auto matched = networks_of(s, 784, 10);
  EXPECT_EQ(nn::parameter_count(matched[0]), plain);
  EXPECT_LE(nn::parameter_count(matched[1]), plain * 101 / 100);
  EXPECT_GE(nn::parameter_count(matched[1]), plain * 99 / 100);
  EXPECT_EQ(nn::parameter_count(matched[2]), nn::parameter_count(wide[2]));
}

TEST(Init, AutoIsWhatSuitsEachActivation) {
  Settings s;
  s.init = "auto";
  const auto init = [&](const char* spec) {
    return nn::to_string(init_of(s, Nonlinearity(nn::parse_layers(spec))));
  };
  for (const char* spec : {"relu", "gelu", "elu", "leaky_relu", "softplus", "prelu", "mish"}) {
    EXPECT_EQ(init(spec), "he_uniform") << spec;
  }
  for (const char* spec : {"sigmoid", "tanh", "identity", "softsign", "swiglu", "hardtanh"}) {
    EXPECT_EQ(init(spec), "glorot_uniform") << spec;
  }
  EXPECT_EQ(init("selu+alpha_dropout"), "lecun_normal");
  s.init = "he_normal";
  EXPECT_EQ(init("sigmoid"), "he_normal");
}

TEST(Validate, WantsAKnownInitialiser) {
  EXPECT_PRED2(begins, refusal([](Settings& s) { s.init = "xavier"; }),
               "[init] must be glorot_uniform, ");
}

}  // namespace
}  // namespace actfn::lab
