// SPDX-License-Identifier: Apache-2.0
// The numbers of a comparison depend on its settings alone.
#include <actfn/target.h>
#include <gtest/gtest.h>

#include "compare_program.h"

namespace actfn::testing {
namespace {

TEST_F(Compare, TheNumbersDependOnNothingButTheSettings) {
  const Words what = {"--activations", "relu,prelu,rrelu,swiglu,selu+alpha_dropout(p=0.05)",
                      "--seeds",       "2",
                      "--epochs",      "2"};
  Words first;
  for (const auto& extra : std::vector<Words>{{"--jobs", "1", "--threads", "1"},
                                              {"--jobs", "2", "--threads", "1"},
                                              {"--jobs", "1", "--threads", "2"},
                                              {"--jobs", "1", "--threads", "1"}}) {
    Words all = what;
    all.insert(all.end(), extra.begin(), extra.end());
    fs::remove_all(out());
    ASSERT_EQ(run(compare(all)).status, 0);
    const Words numbers = without_seconds(csv());
    ASSERT_EQ(numbers.size(), 31U);
    if (first.empty()) first = numbers;
    EXPECT_EQ(numbers, first) << ::testing::PrintToString(extra);
  }
}

TEST_F(Compare, EachTargetRunsAndSaysSoAndAnotherIsAnError) {
  for (const auto name : targets()) {
    auto what = compare({"--activations", "gelu", "--epochs", "1"});
    what.environment = {"ACTFN_TARGET=" + std::string(name)};
    fs::remove_all(out());
    ASSERT_EQ(run(what).status, 0);
    EXPECT_EQ(json().at("target"), name);
  }
  auto what = compare({}, "none");
  what.environment = {"ACTFN_TARGET=MMX"};
  expect_error(run(what), kUsage, {"ACTFN_TARGET=MMX"});
  EXPECT_FALSE(fs::exists(out("none")));
}

// results.json without what differs from run to run.
nlohmann::json without_machine(nlohmann::json root) {
  for (const auto* name : {"date", "target", "seconds"}) root.erase(name);
  for (auto& epoch : root.at("epochs")) epoch.erase("seconds");
  for (auto& activation : root.at("activations")) activation.erase("step_seconds");
  return root;
}

TEST_F(Compare, AReproducibleRunGivesTheSameNumbersOnEveryTarget) {
  nlohmann::json first;
  for (const auto name : targets()) {
    auto what = compare({"--reproducible", "--epochs", "2", "--activations",
                         "relu,prelu,learnable(swish),swiglu,selu+alpha_dropout(p=0.05)"});
    what.environment = {"ACTFN_TARGET=" + std::string(name)};
    fs::remove_all(out());
    const auto got = run(what);
    ASSERT_EQ(got.status, 0) << got.err;
    const auto root = without_machine(json());
    if (first.is_null()) first = root;
    EXPECT_EQ(root, first) << name;
    EXPECT_NE(read_file(out() / "report.html").find(" --reproducible --jobs "), std::string::npos);
  }
  EXPECT_EQ(first.at("settings").at("reproducible"), true);
  ASSERT_EQ(first.at("sha256").size(), 5U);
  for (const auto* name : {"first_weights", "last_weights", "test_logits"}) {
    const auto hash = first.at("sha256")[0].at(name).get<std::string>();
    EXPECT_TRUE(std::regex_match(hash, std::regex("[0-9a-f]{64}"))) << hash;
  }
}

}  // namespace
}  // namespace actfn::testing
