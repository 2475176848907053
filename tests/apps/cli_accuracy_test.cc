// SPDX-License-Identifier: Apache-2.0
// accuracy of the program: what it finds, what it prints, what it refuses.
#include <actfn/actfn.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <regex>

#include "oracle/oracle.h"
#include "subprocess.h"

namespace actfn::testing {
namespace {

Finished accuracy(Words arguments) {
  arguments.insert(arguments.begin(), "accuracy");
  return run(program(std::move(arguments)));
}

nlohmann::ordered_json json_of(Words arguments) {
  arguments.emplace_back("--json");
  const auto got = accuracy(std::move(arguments));
  EXPECT_EQ(got.status, 0) << got.err;
  EXPECT_EQ(got.err, "");
  return nlohmann::ordered_json::parse(got.out);
}

TEST(Accuracy, JsonHasAnObjectForEachActivationAndOrder) {
  const auto all = json_of({"gelu", "elu(alpha=0.5),relu", "--sample", "2000"});
  ASSERT_EQ(all.size(), 9U);
  const Words names = {"gelu", "elu(alpha=0.5)", "relu"};
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].at("activation"), names[i / 3]);
    EXPECT_EQ(all[i].at("order"), i % 3);
    EXPECT_EQ(all[i].at("dtype"), "float32");
    EXPECT_EQ(all[i].at("inputs"), 2000);
    EXPECT_GE(all[i].at("max_ulp"), all[i].at("mean_ulp"));
  }
  Words keys;
  for (const auto& [key, value] : all[0].items()) keys.push_back(key);
  keys.resize(7);
  EXPECT_EQ(keys, Words({"activation", "order", "dtype", "inputs", "max_ulp", "worst_input",
                         "mean_ulp"}));
}

// What it calls the worst is so, by the oracle and by what eval prints.
TEST(Accuracy, TheWorstInputGivesTheErrorItNames) {
  for (const std::string name : {"gelu", "mish", "softplus(beta=2)", "quick_gelu"}) {
    const auto worst = json_of({name, "--order", "0", "--sample", "20000"})[0];
    const std::string input = worst.at("worst_input");
    const auto eval = run(program({"eval", name, "--", input}));
    ASSERT_EQ(eval.status, 0) << eval.err;
    const float x = std::strtof(input.c_str(), nullptr);
    const float y = std::strtof(eval.out.c_str(), nullptr);
    const double ulps = oracle::ulps(y, oracle::truth(parse(name), x).value);
    EXPECT_NEAR(ulps, worst.at("max_ulp").get<double>(), 1e-6) << name << " at " << input;
    EXPECT_GT(ulps, 0.49);
  }
}

TEST(Accuracy, OtherAccuraciesAreMeasuredAndNearestIsRight) {
  const auto all = json_of({"silu@fast,silu@nearest,silu", "--order", "0", "--sample", "100000"});
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].at("accuracy"), "fast");
  EXPECT_GT(all[0].at("max_ulp"), 1);
  EXPECT_LE(all[0].at("max_ulp"), 4);
  EXPECT_EQ(all[1].at("accuracy"), "nearest");
  EXPECT_EQ(all[1].at("misrounded"), 0) << all[1];
  EXPECT_LE(all[1].at("max_ulp"), 0.5);
  EXPECT_EQ(all[2].at("accuracy"), "accurate");
  EXPECT_FALSE(all[2].contains("misrounded"));
}

TEST(Accuracy, KeepsThePromises) {
  struct Case {
    std::string dtype;
    std::string sample;
    double bounds[3];
  };
  for (const auto& c :
       {Case{"float32", "100000", {1, 2, 4}}, Case{"bfloat16", "", {0.51, 0.51, 0.51}},
        Case{"float16", "", {0.51, 0.51, 0.51}}}) {
    Words arguments = {"gelu,silu,tanh,sine", "--dtype", c.dtype};
    if (!c.sample.empty()) arguments.insert(arguments.end(), {"--sample", c.sample});
    for (const auto& one : json_of(arguments)) {
      EXPECT_LE(one.at("max_ulp"), c.bounds[one.at("order").get<int>()]) << one;
      EXPECT_LE(one.at("near_root_max_error"), 0x1p-24) << one;
      if (c.sample.empty()) {
        EXPECT_EQ(one.at("inputs"), 65536);
      }
    }
  }
}

TEST(Accuracy, Float64IsHeldAgainstTheOracle) {
  for (const auto& one : json_of({"sigmoid,elu", "--dtype", "float64", "--sample", "1000"})) {
    EXPECT_LE(one.at("max_ulp"), one.at("order") == 2 ? 4 : 2) << one;
    EXPECT_GT(one.at("inputs"), 900) << one;
    EXPECT_EQ(one.at("dtype"), "float64");
  }
}

TEST(Accuracy, WhatNeverFallsIsSeenToRise) {
  const Words rising = {"sigmoid,tanh,softplus", "--order", "0", "--dtype", "bfloat16"};
  for (const auto& one : json_of(rising)) EXPECT_EQ(one.at("monotone"), true) << one;
  // mish falls; threshold falls where it jumps; a sample is not taken in turn.
  const Words falling = {"mish,threshold(threshold=0.1,value=20)", "--order", "0", "--dtype",
                         "bfloat16"};
  for (const auto& one : json_of(falling)) EXPECT_TRUE(one.at("monotone").is_null()) << one;
  for (const auto& one : json_of({"sigmoid", "--sample", "5000"})) {
    EXPECT_TRUE(one.at("monotone").is_null()) << one;
  }
}

TEST(Accuracy, TheNumbersDependOnNoThread) {
  const Words what = {"gelu", "--sample", "500000"};
  nlohmann::ordered_json first;
  for (const std::string jobs : {"1", "2", "3"}) {
    Words arguments = what;
    arguments.insert(arguments.end(), {"--jobs", jobs});
    const auto got = json_of(arguments);
    if (first.is_null()) first = got;
    EXPECT_EQ(got, first) << jobs;
  }
}

TEST(Accuracy, EachTargetRunsAndGivesTheSameNumbers) {
  nlohmann::ordered_json first;
  for (const auto name : targets()) {
    auto what = program({"accuracy", "mish", "--sample", "3000", "--json"});
    what.environment = {"ACTFN_TARGET=" + std::string(name)};
    const auto got = run(what);
    ASSERT_EQ(got.status, 0) << got.err;
    auto json = nlohmann::ordered_json::parse(got.out);
    for (auto& one : json) {
      EXPECT_EQ(one.at("target"), name);
      one.erase("target");
    }
    if (first.is_null()) first = json;
    EXPECT_EQ(json, first) << name;
  }
}

TEST(Accuracy, WithoutNamesAllElementwiseFunctionsAreMeasured) {
  Words known;
  for (const auto& info : catalogue(Kind::elementwise)) known.push_back(to_string(info.example));
  for (const Words& names : {Words{}, Words{"all"}}) {
    Words arguments = {"--order", "0", "--sample", "10"};
    arguments.insert(arguments.end(), names.begin(), names.end());
    Words got;
    for (const auto& one : json_of(arguments)) got.push_back(one.at("activation"));
    EXPECT_EQ(got, known);
  }
}

TEST(Accuracy, ATableForPeople) {
  const auto got = accuracy({"gelu", "--sample", "1000"});
  ASSERT_EQ(got.status, 0) << got.err;
  const Words rows = lines(got.out);
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_TRUE(rows[0].starts_with("FUNCTION"));
  EXPECT_TRUE(std::regex_search(rows[1], std::regex(R"(^gelu +float32 +0 +1000 +0\.\d{4} )")));
}

TEST(Accuracy, ATerminalSeesHowFarItIsAndThenNothing) {
  auto what = program({"accuracy", "gelu", "--order", "0", "--sample", "30000000"});
  what.environment = {"TERM=xterm"};
  const std::string all = drawn(what, 80);
  if (all.empty()) GTEST_SKIP() << "no pseudo-terminal here";
  EXPECT_NE(all.find("gelu  "), std::string::npos) << all;
  EXPECT_TRUE(all.ends_with("\r\x1b[K")) << all;
}

TEST(Accuracy, BadSettingsAreUsageErrors) {
  const std::vector<std::pair<Words, Words>> all = {
      {{"gelo"}, {"'gelo'", "did you mean gelu?"}},
      {{"gelu", "all"}, {"'all'"}},
      {{"softcap"}, {"cap"}},
      {{"gelu", "--sample", "0"}, {"[accuracy] sample must be positive, got 0"}},
      {{"gelu", "--sample", "-5"}, {"[accuracy] sample must be positive, got -5"}},
      {{"gelu", "--sample", "x"}, {"sample", "'x'"}},
      {{"gelu", "--order", "3"}, {"[accuracy] order must be 0, 1 or 2, got 3"}},
      {{"gelu", "--order", "x"}, {"order", "'x'"}},
      {{"gelu", "--dtype", "float65"}, {"[dtype]", "'float65'", "float64"}},
      {{"gelu", "--dtype", "float64", "--exhaustive"}, {"[accuracy]", "float64", "--sample"}},
      {{"gelu", "--exhaustive", "--sample", "5"}, {"[accuracy]", "--exhaustive", "--sample"}},
      {{"gelu", "--jobs", "-1"},
       {"[accuracy] --jobs must be from 1 to 1024, or 0 for one per core, got -1"}},
      {{"gelu", "--jops", "1"}, {"--jops", "did you mean --jobs?"}},
      {{"softmax"}, {"[accuracy] softmax is a row function", "elementwise functions only"}},
      {{"gelu,swiglu"}, {"[accuracy] swiglu is a gate"}},
      {{"prelu"}, {"[accuracy] prelu is a learned function", "leaky_relu(negative_slope=0.25)"}},
      {{"noisy_relu"}, {"[accuracy] noisy_relu is a random elementwise function", "measure relu,"}},
  };
  for (const auto& [arguments, words] : all) {
    SCOPED_TRACE(::testing::PrintToString(arguments));
    expect_error(accuracy(arguments), kUsage, words);
  }
}

}  // namespace
}  // namespace actfn::testing
